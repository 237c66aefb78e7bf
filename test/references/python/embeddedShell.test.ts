// Shell in Python: operators, subprocesses and returned commands name what scripts name; holes are the code's own values.
import { test } from 'node:test';
import { checkReferences } from '../../support/fixture.ts';

test('commands of operators, with holes and Jinja', () => {
  checkReferences(`
from airflow.operators.bash import BashOperator
from airflow.providers.ssh.operators.ssh import SSHOperator
BUCKET = "acme-models"
BashOperator(
    task_id="copy",
#            ^^^^ defines task
    bash_command=f"aws s3 cp s3://acme-raw/{{{{ ds }}}}/ s3://{BUCKET}/churn/",
#                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads path [s3://acme-raw/*/] partial within.task=copy
#                                                        ^^^^^^^^^^^^^^^^^^^^ writes path [s3://acme-models/churn/] constant
)
BashOperator(task_id="build", bash_command="""
#                     ^^^^^ defines task
    cd /srv/dbt && \\\\
    dbt run --select orders --vars '{"ds": "{{ ds }}"}'
#                    ^^^^^^ runs table within.task=build
""")
SSHOperator(task_id="far", command="airflow dags trigger train_churn")
#                    ^^^ defines task
#                                                        ^^^^^^^^^^^ runs job
`);
});

test('subprocesses in words and in one text, returned commands, and no help texts', () => {
  checkReferences(`
import os
import subprocess
from airflow.decorators import task
URL = "s3://acme-raw/in/"
#      ^^^^^^^^^^^^^^^^^ mentions path
subprocess.run(["aws", "s3", "sync", URL, "./data", "--delete"], check=True)
#                                    ^^^ reads path [s3://acme-raw/in/] constant
subprocess.check_call("mlflow models serve -m models:/churn/3", shell=True)
#                                                     ^^^^^ reads model version=3
os.system(f"aws s3 cp ./model {URL}model.pkl")
#                             ^^^^^^^^^^^^^^ writes path [s3://acme-raw/in/model.pkl]
@task.bash
def build() -> str:
#   ^^^^^ defines task
    return "dbt build -s customers"
#                        ^^^^^^^^^ runs table
dbtRunner().invoke(["run", "--select", "orders"])
#                                       ^^^^^^ runs table
COMMAND = "cd /srv/dbt && dbt run -s payments"
#                                    ^^^^^^^^ runs table
subprocess.run(f"gsutil cp gs://acme/{name} .".split())
#                          ^^^^^^^^^^^^^^^^ reads path [gs://acme/*] partial
print("dbt run -s nothing")
parser.add_argument("--x", help="aws s3 cp s3://nothing/x .")
runner.run("select the best model from the list")
`);
});
