// Values: names that are written in some other way than as one literal.
import { test } from 'node:test';
import { checkReferences } from '../../support/fixture.ts';

test('ways to write a text', () => {
  checkReferences(`
import os
from pathlib import Path
import mlflow
NAME = "churn"
ENV = os.environ["ENV"]
mlflow.set_experiment(NAME)
#                     ^^^^ writes experiment [churn] constant
mlflow.set_experiment("chu" "rn")
#                      ^^^^^^^^ writes experiment [churn] literal
mlflow.set_experiment("chu" + "rn")
#                      ^^^^^^^^^^ writes experiment [churn] literal
mlflow.set_experiment(f"{NAME}")
#                        ^^^^ writes experiment [churn] constant
mlflow.set_experiment(f"{NAME}-tuning")
#                       ^^^^^^^^^^^^^ writes experiment [churn-tuning] constant
mlflow.set_experiment(f"{ENV}-tuning")
#                       ^^^^^^^^^^^^ writes experiment [*-tuning] partial
mlflow.set_experiment(f"{ENV}")
mlflow.set_experiment(ENV)
mlflow.set_experiment(NAME + "-tuning")
#                     ^^^^^^^^^^^^^^^ writes experiment [churn-tuning] constant
mlflow.set_experiment("%s-tuning" % NAME)
#                      ^^^^^^^^^ writes experiment [churn-tuning] constant
mlflow.set_experiment("{}-tuning".format(NAME))
#                      ^^^^^^^^^ writes experiment [churn-tuning] constant
mlflow.set_experiment("{name}-{0}".format("a", name=NAME))
#                      ^^^^^^^^^^ writes experiment [churn-a] constant
mlflow.set_experiment("%(n)s-x" % {"n": NAME})
#                      ^^^^^^^ writes experiment [churn-x] constant
mlflow.set_experiment("%s-%s" % (NAME, ENV))
#                      ^^^^^ writes experiment [churn-*] partial
mlflow.set_experiment("%.3f" % 0.5)
mlflow.set_experiment("/".join(["", "Shared", NAME]))
#                                    ^^^^^^^^^^^^^ writes experiment [/Shared/churn] constant
mlflow.set_experiment(NAME.upper())
#                     ^^^^ writes experiment [CHURN] constant
mlflow.set_experiment(os.environ.get("EXPERIMENT", "churn"))
#                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ writes experiment [churn] guess
mlflow.set_experiment(os.getenv("EXPERIMENT", NAME))
#                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ writes experiment [churn] guess
mlflow.set_experiment(os.getenv("EXPERIMENT"))
mlflow.set_experiment("churn" if ENV else "other")
#                      ^^^^^ writes experiment guess
#                                          ^^^^^ writes experiment guess
mlflow.set_experiment(ENV or "churn")
#                             ^^^^^ writes experiment guess
mlflow.set_experiment("caf\\u00e9")
#                      ^^^^^^^^^ writes experiment [café] literal
mlflow.set_experiment("\\U0001F600 ü", tags="models:/churn/1")
#                      ^^^^^^^^^^^^ writes experiment [😀 ü] literal
#                                                   ^^^^^ mentions model
mlflow.set_experiment((
    "churn"
#    ^^^^^ writes experiment
))
mlflow.set_experiment("{{ params.name }}_x")
#                      ^^^^^^^^^^^^^^^^^^^ writes experiment [*_x] partial
mlflow.set_experiment(**{"experiment_name": "churn"})
#                                            ^^^^^ writes experiment
mlflow.set_experiment(f"{NAME!r}-a")
#                       ^^^^^^^^^^ writes experiment [*-a] partial
`);
});

test('addresses put together', () => {
  checkReferences(`
import os
from pathlib import PurePosixPath
from urllib.parse import urljoin
LAKE = "acme-lake"
ROOT = f"s3://{LAKE}/churn"
#        ^^^^^^^^^^^^^^^^^ mentions path [s3://acme-lake/churn] constant
FEATURES = os.path.join(ROOT, "features", "day.parquet")
#                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ mentions path [s3://acme-lake/churn/features/day.parquet] constant
load(os.path.join(ROOT, "features"))
#                 ^^^^^^^^^^^^^^^ reads path [s3://acme-lake/churn/features] constant
day = input()
load(f"{ROOT}/{day}/x.parquet")
#      ^^^^^^^^^^^^^^^^^^^^^^ reads path [s3://acme-lake/churn/*/x.parquet] partial
load(ROOT + "/x.parquet")
#    ^^^^^^^^^^^^^^^^^^ reads path [s3://acme-lake/churn/x.parquet] constant
load("s3://acme-lake/dt={{ ds }}/")
#     ^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads path [s3://acme-lake/dt=*/] partial
load("s3://%s/x" % LAKE)
#     ^^^^^^^^^ reads path [s3://acme-lake/x] constant
load("s3://{}/x".format(LAKE))
#     ^^^^^^^^^ reads path [s3://acme-lake/x] constant
load("s3://acme-lake")
#     ^^^^^^^^^^^^^^ reads path [s3://acme-lake/] literal
load("s3://" + LAKE + "/x")
#     ^^^^^^^^^^^^^^^^^^^ reads path [s3://acme-lake/x] constant
load(f"s3://{bucket}/{key}")
load(f"s3://{bucket}/raw/")
#      ^^^^^^^^^^^^^^^^^^ reads path [s3://*/raw/] partial
print("files in s3://acme-lake are old")
raise ValueError("s3:// expected")
`);
});

test('names that are bound somewhere else in the file', () => {
  checkReferences(`
import mlflow
class Settings:
    NAME = "churn"
    def __init__(self):
        self.experiment = "churn-" + self.NAME
    def run(self, name="other", kind=None):
        mlflow.set_experiment(self.NAME)
#                             ^^^^^^^^^ writes experiment [churn] constant
        mlflow.set_experiment(self.experiment)
#                             ^^^^^^^^^^^^^^^ writes experiment [churn-churn] constant
        mlflow.set_experiment(name)
#                             ^^^^ writes experiment [other] guess
        mlflow.set_experiment(kind)
        mlflow.set_experiment(self.missing)

class Special(Settings):
    def run(self):
        mlflow.set_experiment(self.NAME)
#                             ^^^^^^^^^ writes experiment [churn] constant

mlflow.set_experiment(Settings.NAME)
#                     ^^^^^^^^^^^^^ writes experiment [churn] constant
settings = Settings()
mlflow.set_experiment(settings.NAME)
#                     ^^^^^^^^^^^^^ writes experiment [churn] guess
CONFIG = {"mlflow": {"experiment": "churn"}, **OTHER}
mlflow.set_experiment(CONFIG["mlflow"]["experiment"])
#                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ writes experiment [churn] constant
ARGS = {"experiment_name": "churn"}
mlflow.set_experiment(**ARGS)
#                       ^^^^ writes experiment [churn] constant
name = "first"
mlflow.set_experiment(name)
#                     ^^^^ writes experiment [first] constant
name = "second"
name += "-half"
mlflow.set_experiment(name)
#                     ^^^^ writes experiment [second-half] constant
a, b = "x", "y"
mlflow.set_experiment(b)
#                     ^ writes experiment [y] constant
for name in ["one", "two"]:
    mlflow.set_experiment(f"exp-{name}")
#                           ^^^^^^^^^^ writes experiment [exp-*] partial
def shadowing(name):
    mlflow.set_experiment(name)
def inner():
    local = "inside"
    def deep():
        mlflow.set_experiment(local)
#                             ^^^^^ writes experiment [inside] constant within.function=inner.deep
LOOP_A = LOOP_B
LOOP_B = LOOP_A
mlflow.set_experiment(LOOP_A)
def recursive():
    return recursive()
mlflow.set_experiment(recursive())
def name_of(kind, suffix="x"):
    return f"churn-{kind}-{suffix}"
mlflow.set_experiment(name_of("lite"))
#                     ^^^^^^^^^^^^^^^ writes experiment [churn-lite-x] guess
`);
});

test('names that come from other modules of the workspace', () => {
  checkReferences(`
//- churn/__init__.py
from .names import EXPERIMENT as NAME
from churn import names
//- churn/names.py
EXPERIMENT = "churn"
class Tables:
    features = "ANALYTICS.ML.CHURN_FEATURES"
//- churn/deep/more.py
from ..names import EXPERIMENT
from .. import names as n
OTHER = EXPERIMENT + "-deep"
//- churn/train.py
import mlflow
import churn
import churn.names
import churn.names as aliased
from churn import NAME, names
from churn.deep.more import OTHER, n
from churn.names import *
from . import names as relative
from missing import THING
mlflow.set_experiment(NAME)
#                     ^^^^ writes experiment [churn] constant
mlflow.set_experiment(names.EXPERIMENT)
#                     ^^^^^^^^^^^^^^^^ writes experiment [churn] constant
mlflow.set_experiment(churn.NAME)
#                     ^^^^^^^^^^ writes experiment [churn] constant
mlflow.set_experiment(churn.names.EXPERIMENT)
#                     ^^^^^^^^^^^^^^^^^^^^^^ writes experiment [churn] constant
mlflow.set_experiment(aliased.EXPERIMENT)
#                     ^^^^^^^^^^^^^^^^^^ writes experiment [churn] constant
mlflow.set_experiment(relative.EXPERIMENT)
#                     ^^^^^^^^^^^^^^^^^^^ writes experiment [churn] constant
mlflow.set_experiment(OTHER)
#                     ^^^^^ writes experiment [churn-deep] constant
mlflow.set_experiment(n.EXPERIMENT)
#                     ^^^^^^^^^^^^ writes experiment [churn] constant
mlflow.set_experiment(THING)
spark.sql(f"select * from {names.Tables.features}")
#                          ^^^^^^^^^^^^^^^^^^^^^ reads table [ANALYTICS.ML.CHURN_FEATURES] constant
//- dags/x.py
import mlflow
from churn.names import EXPERIMENT
mlflow.set_experiment(EXPERIMENT)
#                     ^^^^^^^^^^ writes experiment [churn] constant
//- a.py
from b import X as Y
//- b.py
from a import Y as X
import mlflow
mlflow.set_experiment(X)
`);
});
