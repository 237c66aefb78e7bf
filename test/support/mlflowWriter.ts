// A process that keeps logging runs into an MLflow database until it is told to stop; started by a test.
import { DatabaseSync } from 'node:sqlite';

const [file = ''] = process.argv.slice(2);
// As long as SQLAlchemy waits by default.
const database = new DatabaseSync(file, { timeout: 5000 });
const failed: string[] = [];
let runs = 0;

const timer = setInterval(() => {
  try {
    database.exec('BEGIN IMMEDIATE');
    const id = `live${runs}`;
    database
      .prepare(
        "INSERT INTO runs (run_uuid, name, status, start_time, lifecycle_stage, experiment_id) VALUES (?, ?, 'RUNNING', ?, 'active', 1)",
      )
      .run(id, id, 10_000 + runs);
    database.prepare("INSERT INTO latest_metrics VALUES ('auc', 0.5, 1, 0, 0, ?)").run(id);
    database.prepare("INSERT INTO metrics VALUES ('auc', 0.5, 1, ?, 0, 0)").run(id);
    database.exec('COMMIT');
    runs++;
  } catch (error) {
    failed.push(String(error));
    if (database.isTransaction) database.exec('ROLLBACK');
  }
}, 2);

process.on('message', () => {
  clearInterval(timer);
  database.close();
  process.send?.({ runs, failed }, () => process.disconnect());
});
process.send?.({ runs: 0, failed });
