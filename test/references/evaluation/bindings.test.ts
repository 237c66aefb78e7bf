// Bindings: which of the values that a name is given in a file counts where it is used.
import { test } from 'node:test';
import { checkReferences } from '../../support/fixture.ts';

test('branches: what is bound last, as far as it is known', () => {
  checkReferences(`
try:
    import mlflow
except ImportError:
    mlflow = None
try:
    from churn.local import NAME
except ImportError:
    NAME = "churn"
mlflow.set_experiment(NAME)
#                     ^^^^ writes experiment [churn] guess
TABLE = "orders"
if override:
    TABLE = override
mlflow.set_experiment(TABLE)
#                     ^^^^^ writes experiment [orders] guess
if prod:
    STAGE = "prod"
    mlflow.set_experiment(STAGE)
#                         ^^^^^ writes experiment [prod] constant
else:
    STAGE = "dev"
    mlflow.set_experiment(STAGE)
#                         ^^^^^ writes experiment [dev] constant
mlflow.set_experiment(STAGE)
#                     ^^^^^ writes experiment [dev] guess
later = "first"
later = input()
mlflow.set_experiment(later)
def run(name=None, other=None):
    if name is None:
        name = "churn"
    mlflow.set_experiment(name)
#                         ^^^^ writes experiment [churn] constant
    other = other or "fallback"
    mlflow.set_experiment(other)
#                         ^^^^^ writes experiment [fallback] guess
    if (found := "walrus"):
        mlflow.set_experiment(found)
#                             ^^^^^ writes experiment [walrus] constant
`);
});

test('names of comprehensions, lambdas and loops hide those around them', () => {
  checkReferences(`
import mlflow
name = "churn"
[mlflow.set_experiment(name) for name in names]
{k: mlflow.set_experiment(name) for k, (name, _) in names}
list(mlflow.set_experiment(f"{name}-x") for name in names)
#                            ^^^^^^^^ writes experiment [*-x] partial
run(lambda name: mlflow.set_experiment(name))
run(lambda: mlflow.set_experiment(name))
#                                 ^^^^ writes experiment [churn] constant
for name, other in [("a", "b")]:
    mlflow.set_experiment(name)
#                         ^^^^ writes experiment [a] constant
for i, name in enumerate(["a", "b"]):
    mlflow.set_experiment(f"t-{name}")
#                           ^^^^^^^^ writes experiment [t-*] partial
`);
});

test('tuples, lists and dicts', () => {
  checkReferences(`
import mlflow
FIRST, (SECOND, THIRD) = "a", ("b", "c")
mlflow.set_experiment(THIRD)
#                     ^^^^^ writes experiment [c] constant
x = y = "same"
mlflow.set_experiment(x)
#                     ^ writes experiment [same] constant
def names():
    return "one", "two"
one, two = names()
mlflow.set_experiment(two)
#                     ^^^ writes experiment [two] constant
LIST = ["p", "q"]
mlflow.set_experiment(LIST[1])
#                     ^^^^^^^ writes experiment [q] constant
mlflow.set_experiment(LIST[-1])
BASE = {"name": "base", "deep": {"name": "deep"}}
MORE = {**BASE, "name": "more"}
BOTH = BASE | {"extra": "extra"}
COPY = dict(BASE, name="copy")
KEYED = {BASE["name"]: "keyed"}
mlflow.set_experiment(MORE["name"])
#                     ^^^^^^^^^^^^ writes experiment [more] constant
mlflow.set_experiment(MORE["deep"]["name"])
#                     ^^^^^^^^^^^^^^^^^^^^ writes experiment [deep] constant
mlflow.set_experiment(BOTH["extra"] + BOTH["name"])
#                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ writes experiment [extrabase] constant
mlflow.set_experiment(COPY["name"])
#                     ^^^^^^^^^^^^ writes experiment [copy] constant
mlflow.set_experiment(KEYED["base"])
#                     ^^^^^^^^^^^^^ writes experiment [keyed] constant
mlflow.set_experiment(BASE.get("name"))
#                     ^^^^^^^^^^^^^^^^ writes experiment [base] constant
mlflow.set_experiment(BASE.get("missing", "default"))
#                                          ^^^^^^^ writes experiment guess
mlflow.set_experiment(BASE.get("missing"))
mlflow.set_experiment(BASE[key])
OPTIONS = dict(experiment_name="churn")
mlflow.set_experiment(**OPTIONS)
#                       ^^^^^^^ writes experiment [churn] constant
mlflow.set_experiment(**{**OPTIONS, "tags": None})
#                          ^^^^^^^ writes experiment [churn] constant
`);
});
