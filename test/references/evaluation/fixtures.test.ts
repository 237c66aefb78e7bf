// Fixtures of pytest: what a parameter of a test is worth, by the function of its name around it.
import { test } from 'node:test';
import { checkReferences } from '../../support/fixture.ts';

test('a fixture of the file, of its class, and one that asks for another', () => {
  checkReferences(`
import pytest
from mlflow import MlflowClient
from mlflow.deployments import get_deploy_client
@pytest.fixture
def client(monkeypatch):
    monkeypatch.setenv("A", "b")
    return MlflowClient()
@pytest.fixture(scope="module", name="model")
def model_fixture():
    yield "churn"
@pytest.fixture()
def uri(model):
    return f"models:/{model}/3"
    #                 ^^^^^ mentions model [churn]
@pytest.fixture
async def target() -> str:
    name = get_deploy_client("databricks")
    yield name
    name.close()
def test_get(client, uri, model):
    client.get_model_version("churn", "3")
    #                         ^^^^^ reads model
    load(uri)
    #    ^^^ reads model [churn] version=3
    client.get_registered_model(model)
    #                           ^^^^^ reads model [churn] guess
async def test_target(target):
    target.predict(endpoint="score", inputs={})
    #                        ^^^^^ reads endpoint
def helper(client):
    client.transition_model_version_stage("x", 1)
    #                                      ^ writes model
class TestOwn:
    @pytest.fixture
    def model(self):
        return "own"
    def test_it(self, client, model):
        client.get_registered_model(model)
        #                           ^^^^^ reads model [own]
    @pytest.mark.parametrize("model", ["a", "b"])
    def test_each(self, client, model="given"):
        client.get_registered_model(model)
        #                           ^^^^^ reads model [a]
        #                           ^^^^^ reads model [b]
`);
});

test('fixtures of conftest.py, the nearest first, also those that it imports or names as plugins', () => {
  checkReferences(`
//- tests/conftest.py
import pytest
from tests.support.names import table
pytest_plugins = ["tests.support.plugin"]
@pytest.fixture
def model():
    return "outer"
@pytest.fixture
def other():
    return "other"
//- tests/support/__init__.py
//- tests/support/names.py
import pytest
@pytest.fixture
def table():
    return "raw.orders"
//- tests/support/plugin.py
import pytest
@pytest.fixture
def experiment():
    return "churn"
//- tests/unit/conftest.py
import pytest
@pytest.fixture
def model(model):
    return f"{model}-inner"
//- tests/unit/deep/test_a.py
import mlflow
def test_a(model, other, table, experiment, unheard, spark):
    mlflow.register_model("m", model)
    #                          ^^^^^ writes model [outer-inner]
    mlflow.register_model("m", other)
    #                          ^^^^^ writes model [other]
    mlflow.register_model("m", unheard)
    spark.table(table)
    #           ^^^^^ reads table [raw.orders]
    mlflow.set_experiment(experiment)
    #                     ^^^^^^^^^^ writes experiment [churn]
//- other/test_b.py
import mlflow
def test_b(model):
    mlflow.register_model("m", model)
`);
});

test('fixtures that ask for themselves or each other end', () => {
  checkReferences(`
import mlflow
import pytest
@pytest.fixture
def a(b):
    return b
@pytest.fixture
def b(a):
    return a
@pytest.fixture
def c(c):
    return c
def test(a, b, c):
    mlflow.set_experiment(a)
    mlflow.set_experiment(c)
`);
});
