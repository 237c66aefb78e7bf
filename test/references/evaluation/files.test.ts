// Files: what code reads out of files of settings.
import { test } from 'node:test';
import { checkReferences } from '../../support/fixture.ts';

const settings = `
//- config/config.yml
data: &data
  schema: sales
  table: orders
  missing: null
daily:
  <<: *data
  table: daily
tables:
  - a.first
  - a.second
root: s3://raw/churn
#     ^^^^^^^^^^^^^^ mentions path
features: \${root}/features
#         ^^^^^^^^^^^^^^^^ mentions path [s3://raw/churn/features]
`;

test('YAML that is read into a variable', () => {
  checkReferences(`
${settings}
//- config/params.json
{"experiment": "churn", "nested": {"table": "a.b"}}
//- src/load.py
import yaml
from pathlib import Path

def load_config(path=None):
    if path is None:
        path = Path(__file__).parent.parent / "config" / "config.yml"
    with open(path, "r") as f:
        config = yaml.safe_load(f)
    return config
//- src/constants.py
from load import load_config
config = load_config()
TABLE = config["data"]["table"]
//- src/main.py
import json
import mlflow
import yaml
from pathlib import Path
from load import load_config
from constants import TABLE
with open("config/config.yml") as f:
    config = yaml.load(f, Loader=yaml.SafeLoader)
spark.table(f"{config['data']['schema']}.{config['data']['table']}")
#             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads table [sales.orders] constant
spark.table(config["daily"]["schema"] + "." + config["daily"]["table"])
#           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads table [sales.daily] constant
spark.table(config["data"]["missing"])
spark.table(config["tables"][1])
#           ^^^^^^^^^^^^^^^^^^^ reads table [a.second] constant
spark.read.parquet(config["features"])
#                  ^^^^^^^^^^^^^^^^^^ reads path [s3://raw/churn/features] constant
spark.table(yaml.safe_load(Path("../config/config.yml").read_text())["data"].get("table"))
#           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads table [orders] constant
spark.table(TABLE)
#           ^^^^^ reads table [orders] constant
params = json.loads(open("/opt/app/config/params.json").read())
mlflow.set_experiment(params["experiment"])
#                     ^^^^^^^^^^^^^^^^^^^^ writes experiment [churn] constant
spark.table(json.load(open("data.json"))["table"])
`);
});

test('what reads files of settings for others', () => {
  checkReferences(`
${settings}
//- conf/config.yaml
defaults:
  - db: prod
  - _self_
table: orders
//- conf/db/prod.yaml
catalog: main
//- train.py
import hydra
import mlflow
from box import ConfigBox
from hydra import compose, initialize
from omegaconf import DictConfig, OmegaConf
import yaml
cfg = OmegaConf.load("config/config.yml")
spark.table(f"{cfg.data.schema}.x")
#             ^^^^^^^^^^^^^^^^^^^ reads table [sales.x] constant
both = OmegaConf.merge(cfg, OmegaConf.create({"data": {"schema": "own"}}))
spark.table(f"{both.data.schema}.x")
#             ^^^^^^^^^^^^^^^^^^^^ reads table [own.x] constant
box = ConfigBox(yaml.safe_load(open("config/config.yml")))
spark.table(box.data.table)
#           ^^^^^^^^^^^^^^ reads table [orders] constant
with initialize(version_base=None, config_path="conf"):
    own = compose(config_name="config")
    spark.table(own.table)
#               ^^^^^^^^^ reads table [orders] constant

@hydra.main(version_base=None, config_path="conf", config_name="config")
def main(config: DictConfig):
    spark.table(f"{config.db.catalog}.sales.{config.table}")
#                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads table [main.sales.orders] constant
`);
});

test('which file is meant', () => {
  checkReferences(`
//- a/config/config.yml
table: one
//- b/config/config.yml
table: two
//- b/settings/app.yml
table: three
//- c/settings/app.yml
table: four
//- main.py
import yaml
spark.table(yaml.safe_load(open("a/config/config.yml"))["table"])
spark.table(yaml.safe_load(open("settings/app.yml"))["table"])
spark.table(yaml.safe_load(open(unknown + "/config.yml"))["table"])
spark.table(yaml.safe_load(open(f"config/config_{env}.yml"))["table"])
spark.table(yaml.safe_load(open("other.yml"))["table"])
spark.table(yaml.safe_load(text)["table"])
//- b/main.py
import yaml
spark.table(yaml.safe_load(open("config/config.yml"))["table"])
#           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads table [two] constant
spark.table(yaml.safe_load(open("/app/app.yml"))["table"])
#           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads table [three] constant
`);
});

test('settings that a class keeps', () => {
  checkReferences(`
//- project_config.yml
dev:
  catalog: main_dev
prod:
  catalog: main
train_table: train
//- settings.py
import yaml
from pydantic import BaseModel
class Settings(BaseModel):
    catalog: str
    train_table: str
    @classmethod
    def from_yaml(cls, path: str, env: str = "dev") -> "Settings":
        with open(path) as f:
            values = yaml.safe_load(f)
        values["catalog"] = values[env]["catalog"]
        return cls(**values)
//- main.py
import yaml
from settings import Settings
settings = Settings.from_yaml("../project_config.yml")
spark.table(f"{settings.catalog}.sales.{settings.train_table}")
#             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads table [main_dev.sales.train]
prod = Settings.from_yaml("../project_config.yml", env="prod")
spark.table(f"{prod.catalog}.sales.x")
#             ^^^^^^^^^^^^^^^^^^^^^^ reads table [main.sales.x]
same = Settings.model_validate(yaml.safe_load(open("project_config.yml")))
spark.table(f"sales.{same.train_table}")
#             ^^^^^^^^^^^^^^^^^^^^^^^^ reads table [sales.train]
`);
});

test('items that are given to a dict later', () => {
  checkReferences(`
CFG = {"schema": "sales"}
CFG["table"] = "orders"
spark.table(f"{CFG['schema']}.{CFG['table']}")
#             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads table [sales.orders] constant
CFG["table"] = "later"
spark.table(CFG["table"])
#           ^^^^^^^^^^^^ reads table [later] constant
CFG["table"] = CFG["table"] + "_v2"
spark.table(CFG["table"])
#           ^^^^^^^^^^^^ reads table [later_v2] constant
def run(name):
    own = {}
    own["input"] = "a.b"
    own[name] = "other"
    spark.table(own["input"])
#               ^^^^^^^^^^^^ reads table [a.b] constant
    own["input"] = name
    spark.table(own["input"])
    spark.table(CFG["schema"] + ".x")
#               ^^^^^^^^^^^^^^^^^^^ reads table [sales.x] constant
    own.update({"output": "c.d"}, extra="e.f")
    spark.table(own["output"])
#               ^^^^^^^^^^^^^ reads table [c.d] constant
    spark.table(own["extra"])
#               ^^^^^^^^^^^^ reads table [e.f] constant
`);
});

test('TOML that is read into a variable: tables, dotted keys, lists, inline tables', () => {
  checkReferences(`
//- conf/settings.toml
title = "churn"
lake.root = 's3://acme-lake'

[tables] # all of them
orders = "sales.orders"
"daily visits" = "sales.visits"
parts = [
  "sales.a", # first
  'sales.b',
]
users = { schema = "crm", table = "users" }

[tool.acme]
experiment = "churn\\u002dweekly"

[[sinks]]
path = "s3://acme-out/one/"
[[sinks]]
path = """
s3://acme-out/two/"""
//- pyproject.toml
[tool.acme]
job = "nightly"
//- src/main.py
import mlflow, toml, tomli, tomllib
from pathlib import Path
with open("conf/settings.toml", "rb") as f:
    settings = tomllib.load(f)
spark.table(settings["tables"]["orders"])
#           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads table [sales.orders] constant
spark.table(settings["tables"]["daily visits"])
#           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads table [sales.visits] constant
spark.table(settings["tables"]["parts"][1])
#           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads table [sales.b] constant
users = settings["tables"]["users"]
spark.table(f"{users['schema']}.{users['table']}")
#             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads table [crm.users] constant
spark.read.parquet(settings["lake"]["root"] + "/raw")
#                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads path [s3://acme-lake/raw] constant
mlflow.set_experiment(toml.load("conf/settings.toml")["tool"]["acme"]["experiment"])
#                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ writes experiment [churn-weekly] constant
spark.read.parquet(tomllib.loads(Path("conf/settings.toml").read_text())["sinks"][1]["path"])
#                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads path [s3://acme-out/two/] constant
project = tomli.load(open("pyproject.toml", "rb"))
w.jobs.list(name=project["tool"]["acme"]["job"])
#                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads job [nightly] constant
`);
});
