// Options: values that come from outside, with the defaults that the code gives them.
import { test } from 'node:test';
import { checkReferences } from '../../support/fixture.ts';

test('environment variables', () => {
  checkReferences(`
import os
import mlflow
from os import environ, getenv
from decouple import config
from environs import Env
from dotenv import dotenv_values
from pydantic_settings import BaseSettings, SettingsConfigDict
env = Env()
mlflow.set_experiment(environ.get("A", "churn"))
#                     ^^^^^^^^^^^^^^^^^^^^^^^^^ writes experiment [churn] guess
mlflow.set_experiment(getenv("A", default="churn"))
#                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ writes experiment [churn] guess
mlflow.set_experiment(os.environ.setdefault("A", "churn"))
#                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ writes experiment [churn] guess
mlflow.set_experiment(config("A", default="churn"))
#                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ writes experiment [churn] guess
mlflow.set_experiment(env.str("A", "churn"))
#                     ^^^^^^^^^^^^^^^^^^^^^ writes experiment [churn] guess
mlflow.set_experiment(env("A", default="churn"))
#                     ^^^^^^^^^^^^^^^^^^^^^^^^^ writes experiment [churn] guess
mlflow.set_experiment(os.environ["A"])
mlflow.set_experiment(env("A"))
mlflow.set_experiment(dotenv_values(".env")["A"])
mlflow.set_experiment(os.environ.get("A") or "churn")
#                                             ^^^^^ writes experiment guess
class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="CHURN_")
    experiment: str = "churn"
    missing: str
def get_settings():
    return Settings()
settings = get_settings()
mlflow.set_experiment(settings.experiment)
#                     ^^^^^^^^^^^^^^^^^^^ writes experiment [churn] guess
mlflow.set_experiment(settings.missing)
mlflow.set_experiment(get_settings().experiment)
#                     ^^^^^^^^^^^^^^^^^^^^^^^^^ writes experiment [churn] guess
`);
});

test('command lines', () => {
  checkReferences(`
import argparse
import click
import mlflow
import typer
def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--experiment-name", "-e", default="churn", help="s3://help/text is long")
    parser.add_argument("--kind", dest="sort", default="lite")
    parser.add_argument("--needed")
    return parser.parse_args()
def main():
    args = parse()
    mlflow.set_experiment(args.experiment_name)
#                         ^^^^^^^^^^^^^^^^^^^^ writes experiment [churn] guess
    mlflow.set_experiment(f"x-{args.sort}")
#                           ^^^^^^^^^^^^^ writes experiment [x-lite] guess
    mlflow.set_experiment(args.needed)
@click.command()
@click.option("--name", default="churn")
@click.option("-k", "--kind-of", "kind", default="lite")
def command(name, kind):
    mlflow.set_experiment(name)
#                         ^^^^ writes experiment [churn] guess
    mlflow.set_experiment(kind)
#                         ^^^^ writes experiment [lite] guess
def typed(name: str = typer.Option("churn", "--name"), needed: str = typer.Option(...)):
    mlflow.set_experiment(name)
#                         ^^^^ writes experiment [churn] guess
    mlflow.set_experiment(needed)
if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--table", default="shop.orders")
    args, rest = parser.parse_known_args()
    spark.table(args.table)
#               ^^^^^^^^^^ reads table [shop.orders] guess
`);
});

test("Airflow's variables, and what is only known when it runs", () => {
  checkReferences(`
import mlflow
from airflow.models import Variable
from airflow.sdk import Variable as V
mlflow.set_experiment(Variable.get("x", default_var="churn"))
#                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ writes experiment [churn] guess
mlflow.set_experiment(V.get("x", default="churn"))
#                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^ writes experiment [churn] guess
mlflow.set_experiment(Variable.get("x"))
mlflow.set_experiment("{{ var.value.x }}")
mlflow.set_experiment("{{ params.x }}_{{ ds }}")
def run(ti, **context):
    mlflow.set_experiment(ti.xcom_pull(task_ids="x"))
#                                                ^ reads task
    mlflow.set_experiment(context["dag"].dag_id)
`);
});

test('options as a dict', () => {
  checkReferences(`
import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--table", default="sales.orders")
options = vars(parser.parse_args())
spark.table(options["table"])
#           ^^^^^^^^^^^^^^^^ reads table [sales.orders] guess
`);
});
