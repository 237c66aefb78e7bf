// Texts: every way in which Python writes a text or makes one of others.
import { test } from 'node:test';
import { checkReferences } from '../../support/fixture.ts';

test('quotes, prefixes and formatted texts', () => {
  checkReferences(`
import mlflow
NAME = 'churn'
KEY = {"a": "churn"}
mlflow.set_experiment('churn')
#                      ^^^^^ writes experiment literal
mlflow.set_experiment('''churn''')
#                        ^^^^^ writes experiment literal
mlflow.set_experiment(r"/Shared/churn")
#                       ^^^^^^^^^^^^^ writes experiment literal
mlflow.set_experiment(b"churn")
mlflow.set_experiment(rf"/Shared/{NAME}")
#                        ^^^^^^^^^^^^^^ writes experiment [/Shared/churn] constant
mlflow.set_experiment(F"{NAME!s}-a")
#                       ^^^^^^^^^^ writes experiment [churn-a] constant
mlflow.set_experiment(f"{f"{NAME}-b"}")
#                          ^^^^^^^^ writes experiment [churn-b] constant
mlflow.set_experiment(f"{KEY["a"]}-c")
#                       ^^^^^^^^^^^^ writes experiment [churn-c] constant
mlflow.set_experiment(f"{{{NAME}}}")
#                       ^^^^^^^^^^ writes experiment [{churn}] constant
mlflow.set_experiment(f"{NAME:>10}-d")
#                       ^^^^^^^^^^^^ writes experiment [*-d] partial
mlflow.set_experiment("chu" f"{'r'}" 'n')
#                      ^^^^^^^^^^^^^^^^ writes experiment [churn] literal
mlflow.set_experiment(f"{NAME}-{i + 1}-{i / 2}")
#                       ^^^^^^^^^^^^^^^^^^^^^^ writes experiment [churn-*-*] partial
mlflow.set_experiment(None)
mlflow.set_experiment(True)
mlflow.set_experiment(name[1:])
mlflow.set_experiment(NAME[0])
`);
});

test('methods of texts', () => {
  checkReferences(`
import mlflow
import textwrap
from string import Template
NAME = "Churn-Model"
class Config:
    name = "churn"
    region = "eu"
config = Config()
mlflow.set_experiment(NAME.replace("-", "_").lower())
#                     ^^^^ writes experiment [churn_model] constant
mlflow.set_experiment("exp_churn".removeprefix("exp_"))
#                          ^^^^^ writes experiment [churn] literal
mlflow.set_experiment(NAME.replace("-", sign))
mlflow.set_experiment(NAME.split("-")[0])
mlflow.set_experiment(textwrap.dedent("churn"))
#                                      ^^^^^ writes experiment literal
mlflow.set_experiment(str(NAME))
#                         ^^^^ writes experiment [Churn-Model] constant
mlflow.set_experiment(Template("$name-\${kind}").substitute(name="churn", kind="lite"))
#                               ^^^^^^^^^^^^^ writes experiment [churn-lite] constant
mlflow.set_experiment("{0.name}-{c.region}-{d[name]}".format(config, c=config, d={"name": "x"}))
#                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ writes experiment [churn-eu-x] guess
mlflow.set_experiment("{a}-{b}".format(**{"a": "x", "b": "y"}))
#                      ^^^^^^^ writes experiment [x-y] constant
mlflow.set_experiment("{}-x".format(*names))
#                      ^^^^ writes experiment [*-x] partial
mlflow.set_experiment(".".join(["a", "b"]))
#                                ^^^^^^ writes experiment [a.b] literal
`);
});

test('paths put together', () => {
  checkReferences(`
import os.path as osp
import posixpath
from os.path import join
from pathlib import PurePosixPath as P
from upath import UPath
ROOT = "s3://lake/raw"
#       ^^^^^^^^^^^^^ mentions path
read(osp.join(ROOT, "a.csv"))
#             ^^^^^^^^^^^^ reads path [s3://lake/raw/a.csv] constant
read(posixpath.join(ROOT, "b.csv"))
#                   ^^^^^^^^^^^^ reads path [s3://lake/raw/b.csv] constant
read(join(ROOT, "c.csv"))
#         ^^^^^^^^^^^^ reads path [s3://lake/raw/c.csv] constant
read(UPath(ROOT) / "d" / "e.csv")
#          ^^^^^^^^^^^^^^^^^^^^ reads path [s3://lake/raw/d/e.csv] constant
read(str(UPath("s3://lake") / "d"))
#               ^^^^^^^^^^^^^^^^ reads path [s3://lake/d]
read(f"{ROOT}/{day:%Y}/x.csv")
#      ^^^^^^^^^^^^^^^^^^^^^ reads path [s3://lake/raw/*/x.csv] partial
read(ROOT.rstrip("/") + "/f.csv")
#    ^^^^^^^^^^^^^^^^^^^^^^^^^^ reads path [s3://lake/raw/f.csv] constant
open(P("data") / "g.csv")
`);
});

test('what carries an address into a call that reads or writes', () => {
  checkReferences(`
import pandas as pd
from json import load
def path_for(kind):
    return f"s3://lake/{kind}/x.csv"
#            ^^^^^^^^^^^^^^^^^^^^^^ mentions path [s3://lake/*/x.csv] partial
PATHS = {"raw": "s3://lake/raw"}
#                ^^^^^^^^^^^^^ mentions path
features = "s3://lake/features"
#           ^^^^^^^^^^^^^^^^^^ mentions path
pd.read_csv(path_for("orders"))
#           ^^^^^^^^^^^^^^^^^^ reads path [s3://lake/orders/x.csv] constant
pd.read_parquet(PATHS["raw"])
#               ^^^^^^^^^^^^ reads path [s3://lake/raw] constant
pd.read_parquet(features)
#               ^^^^^^^^ reads path [s3://lake/features] constant
data = load(handle)
rows.to_csv(data)
print(features)
`);
});

test('a file knows its own name', () => {
  checkReferences(`
//- dags/load_orders.v2.py
import os
import os.path
from pathlib import Path
from airflow import DAG
DAG(dag_id=os.path.basename(__file__).replace(".py", ""))
#                           ^^^^^^^^ defines job [load_orders.v2] constant
DAG(os.path.splitext(os.path.basename(__file__))[0])
#   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ defines job [load_orders.v2]
DAG(Path(__file__).stem)
#   ^^^^^^^^^^^^^^^^^^^ defines job [load_orders.v2]
DAG(f"{Path(__file__).name}-x")
#     ^^^^^^^^^^^^^^^^^^^^^^^ defines job [load_orders.v2.py-x]
DAG(os.path.basename("s3://lake/raw/orders"))
#                                   ^^^^^^ defines job
#                     ^^^^^^^^^^^^^^^^^^^^ mentions path
DAG(os.path.splitext("plain")[0])
open(os.path.join(os.path.dirname(__file__), "orders.sql"))
`);
});

test('addresses that somebody fills in later, and the branch that says a whole name', () => {
  checkReferences(`
import os
import mlflow
PATTERN = "s3://scored/year={year:04d}/month={month}/out.parquet"
#          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ mentions path [s3://scored/year=*/month=*/out.parquet]
GLOB = "s3://scored/{a,b}/x"
#       ^^^^^^^^^^^^^^^^^^^ mentions path [s3://scored/{a,b}/x]
NOTHING = "s3://{bucket}/{key}"
def load():
    if os.path.exists(here):
        name = "churn"
    else:
        name = os.path.join(here, "model")
    mlflow.set_experiment(name)
#                         ^^^^ writes experiment [churn] guess
`);
});
