// Search paths: modules that lie in folders which the importing file adds to `sys.path`.
import { test } from 'node:test';
import { checkReferences } from '../../support/fixture.ts';

const modules = `
//- source/config.py
TABLE = "sales.orders"
//- source/utils/names.py
EXPERIMENT = "churn"
//- other/config.py
TABLE = "other.orders"
`;

test('folders that are written out', () => {
  checkReferences(`
${modules}
//- scripts/run.py
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "source"))
from config import TABLE
spark.table(TABLE)
#           ^^^^^ reads table [sales.orders] constant
//- notebooks/look.ipynb
# %%
import os
import sys
import mlflow
sys.path.append(os.path.abspath("../source"))
import config
from utils import names
spark.table(config.TABLE)
#           ^^^^^^^^^^^^ reads table [sales.orders] constant
mlflow.set_experiment(names.EXPERIMENT)
#                     ^^^^^^^^^^^^^^^^ writes experiment [churn] constant
//- jobs/unknown.py
import sys
sys.path.append(folder)
sys.path.append(folder + "rce")
from config import TABLE
spark.table(TABLE)
//- jobs/without.py
from config import TABLE
spark.table(TABLE)
`);
});
