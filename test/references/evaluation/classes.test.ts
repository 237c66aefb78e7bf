// Classes of the workspace: attributes, what constructors set, dataclasses, enums, settings, properties, and inheritance.
import { test } from 'node:test';
import { checkReferences } from '../../support/fixture.ts';

test('fields with defaults, and what a constructor is given', () => {
  checkReferences(`
import mlflow
from dataclasses import dataclass, field
from typing import NamedTuple
from pydantic import BaseModel, Field
from types import SimpleNamespace
from enum import Enum
from airflow import DAG
@dataclass
class Config:
    region: str
    name: str = "churn"
    kind: str = field(default="lite")
    made: str = field(default_factory=lambda: "made")
class Model(BaseModel):
    name: str = Field(default="churn")
    other: str = Field("other", description="x")
    needed: str
class Pair(NamedTuple):
    left: str
    right: str = "r"
class Tables(str, Enum):
    ORDERS = "shop.orders"
class Loader:
    def __init__(self, name, suffix="x"):
        self.name = f"{name}-{suffix}"
    @property
    def path(self):
        return "path-" + self.name
    def uri(self, kind):
        return self.name + "-" + kind
config = Config("eu", kind="full")
mlflow.set_experiment(config.region)
#                     ^^^^^^^^^^^^^ writes experiment [eu] constant
mlflow.set_experiment(config.name)
#                     ^^^^^^^^^^^ writes experiment [churn] guess
mlflow.set_experiment(config.kind)
#                     ^^^^^^^^^^^ writes experiment [full] constant
mlflow.set_experiment(config.made)
#                     ^^^^^^^^^^^ writes experiment [made] guess
mlflow.set_experiment(Model(needed="n").name)
#                     ^^^^^^^^^^^^^^^^^^^^^^ writes experiment [churn] guess
mlflow.set_experiment(Model(needed="n").needed)
#                     ^^^^^^^^^^^^^^^^^^^^^^^^ writes experiment [n] constant
mlflow.set_experiment(Model().other)
#                     ^^^^^^^^^^^^^ writes experiment [other] guess
mlflow.set_experiment(Model().needed)
mlflow.set_experiment(Pair("l").left)
#                     ^^^^^^^^^^^^^^ writes experiment [l] constant
spark.table(Tables.ORDERS.value)
#           ^^^^^^^^^^^^^^^^^^^ reads table [shop.orders] constant
spark.table(Tables.ORDERS)
#           ^^^^^^^^^^^^^ reads table [shop.orders] constant
loader = Loader("churn")
mlflow.set_experiment(loader.name)
#                     ^^^^^^^^^^^ writes experiment [churn-x] guess
mlflow.set_experiment(Loader("churn", suffix="y").path)
#                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ writes experiment [path-churn-y] constant
mlflow.set_experiment(Loader("churn", "y").uri("k"))
#                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ writes experiment [churn-y-k] constant
with DAG("daily") as dag:
#         ^^^^^ defines job
    first = EmptyOperator(task_id="first")
#                                  ^^^^^ defines task
mlflow.set_experiment(f"{dag.dag_id}-{first.task_id}")
#                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ writes experiment [daily-first] constant
space = SimpleNamespace(name="spaced")
mlflow.set_experiment(space.name)
#                     ^^^^^^^^^^ writes experiment [spaced] constant
`);
});

test('inheritance, over files', () => {
  checkReferences(`
//- base.py
class Base:
    NAME = "base"
    def __init__(self, region="eu"):
        self.region = region
    def experiment(self):
        return f"{self.region}-{self.NAME}"
//- middle.py
from base import Base
class Middle(Base):
    def __init__(self):
        super().__init__("us")
//- main.py
import mlflow
from middle import Middle
from base import Base
class Own(Middle):
    NAME = "own"
    def run(self):
        mlflow.set_experiment(self.NAME)
#                             ^^^^^^^^^ writes experiment [own] constant
        mlflow.set_experiment(super().NAME)
#                             ^^^^^^^^^^^^ writes experiment [base] constant
        mlflow.set_experiment(self.experiment())
#                             ^^^^^^^^^^^^^^^^^ writes experiment [us-own] constant
mlflow.set_experiment(Base("us").experiment())
#                     ^^^^^^^^^^^^^^^^^^^^^^^ writes experiment [us-base] constant
mlflow.set_experiment(Own.NAME)
#                     ^^^^^^^^ writes experiment [own] constant
class Looped(Looped):
    pass
mlflow.set_experiment(Looped().NAME)
`);
});

test('clients: made, annotated, given back, inherited', () => {
  checkReferences(`
import mlflow
import boto3
from typing import Optional
from functools import lru_cache
from mlflow import MlflowClient
from mlflow.tracking import MlflowClient as Tracking
class Own(MlflowClient):
    def all(self):
        self.get_registered_model("churn")
#                                  ^^^^^ reads model
class Holder:
    def __init__(self, uri):
        self.client = MlflowClient(uri)
        self.later: Optional[MlflowClient] = None
    def run(self, given: "MlflowClient", maybe: MlflowClient | None = None):
        self.client.get_registered_model("churn")
#                                         ^^^^^ reads model
        given.get_registered_model("churn")
#                                   ^^^^^ reads model
        maybe.get_registered_model("churn")
#                                   ^^^^^ reads model
@lru_cache
def tracking() -> Tracking:
    return make()
def made():
    return MlflowClient()
tracking().get_registered_model("churn")
#                                ^^^^^ reads model
made().get_registered_model("churn")
#                            ^^^^^ reads model
Own().get_registered_model("churn")
#                           ^^^^^ reads model
(
    Tracking()
    .get_registered_model(
        "churn"
#        ^^^^^ reads model
    )
)
session = boto3.Session(profile_name="x")
store = session.client("s3")
store.get_object(Bucket="lake", Key="raw/a.csv")
#                        ^^^^ reads path [s3://lake/raw/a.csv]
class Other:
    def get_registered_model(self, name):
        return name
Other().get_registered_model("churn")
def shadow(mlflow):
    mlflow.set_experiment("churn")
`);
});
