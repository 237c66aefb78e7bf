// Owns the git history of the sample repository: who committed what and when, made anew with the same hashes every time.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

const here = import.meta.dirname;
const final = path.join(here, 'repository');

const people = {
  dana: 'Dana Okafor <dana@acme.example>',
  ravi: 'Ravi Menon <ravi@acme.example>',
  mia: 'Mia Lindqvist <mia@acme.example>',
  tom: 'Tom Alvarez <tom@acme.example>',
};

/**
 * Oldest first. A commit takes the files of `history/<step>/`, then those of `files` as they are at the end; a file
 * named in neither stays as it was.
 */
export const commits = [
  {
    step: '01',
    by: 'dana',
    at: '2026-09-21T09:12:00+02:00',
    message: 'Churn model: features, labels and a first fit',
    files: [
      '.gitignore',
      'requirements.txt',
      'churn/__init__.py',
      'churn/storage.py',
      'churn/tracking.py',
      'churn/warehouse.py',
    ],
  },
  {
    step: '02',
    by: 'tom',
    at: '2026-09-22T15:40:00+02:00',
    message: 'dbt builds features and labels from CRM',
    files: [
      'dbt/dbt_project.yml',
      'dbt/profiles.yml',
      'dbt/models/staging/stg_events.sql',
      'dbt/models/marts/churn_features.sql',
      'dbt/tests/tenure_is_plausible.sql',
    ],
  },
  { step: '03', by: 'dana', at: '2026-09-24T11:05:00+02:00', message: 'Train every week from Airflow', files: [] },
  {
    step: '04',
    by: 'mia',
    at: '2026-10-01T16:22:00+02:00',
    message: 'Notebook: a first look at who leaves',
    files: ['notebooks/explore.ipynb'],
  },
  {
    step: '05',
    by: 'ravi',
    at: '2026-10-06T10:31:00+02:00',
    message: 'Tune with Ray, use the best settings found',
    files: ['tuning/tune.py'],
  },
  {
    step: '06',
    by: 'dana',
    at: '2026-10-14T14:48:00+02:00',
    message: 'Register the model, and keep churn-lite in S3 for the app',
    files: ['churn/lineage.py', 'churn/publish.py', 'dags/train_churn.py'],
  },
  {
    step: '07',
    by: 'ravi',
    at: '2026-10-27T13:20:00+01:00',
    message: 'Score every customer on Databricks, once a day',
    files: ['databricks.yml', 'churn/scoring.py', 'dags/score_churn.py'],
  },
  {
    step: '08',
    by: 'mia',
    at: '2026-11-03T09:55:00+01:00',
    message: 'Compare predictions with what customers did',
    files: ['dags/validate_churn.py', 'sql/create_tables.sql', 'sql/daily_report.sql', 'CODEOWNERS'],
  },
  { step: '09', by: 'mia', at: '2026-11-05T17:02:00+01:00', message: 'Wake the on-call when AUC is low', files: [] },
  {
    step: '10',
    by: 'dana',
    at: '2026-11-10T10:14:00+01:00',
    message: 'Do without a label that CRM has not filled yet',
    files: ['churn/training.py', 'churn/settings.py'],
  },
  {
    step: '11',
    by: 'mia',
    at: '2026-11-12T15:33:00+01:00',
    message: 'Validation says which day it could not judge',
    files: [],
  },
  {
    step: '12',
    by: 'ravi',
    at: '2026-11-19T11:26:00+01:00',
    message: 'Notice when CRM data is late, and say who uses our tables',
    files: ['dbt/models/sources.yml', 'monitors/churn.tf'],
  },
  {
    step: '13',
    by: 'tom',
    at: '2026-11-20T16:41:00+01:00',
    message: 'CRM calls it has_churned now\n\nThe old column churned is gone from RAW.CRM.CUSTOMERS since noon.',
    files: ['dbt/models/staging/stg_customers.sql', 'dbt/models/marts/churn_labels.sql', 'dbt/models/schema.yml'],
  },
  {
    step: '14',
    by: 'mia',
    at: '2026-11-21T11:35:00+01:00',
    message: 'Validation logs how much it judged',
    files: ['churn/validation.py', 'sql/join_labels.sql'],
  },
  {
    step: '15',
    by: 'dana',
    at: '2026-11-21T11:52:00+01:00',
    message: 'Tell Plumbline what to watch',
    files: ['plumbline.yaml', 'README.md'],
  },
];

/**
 * Makes the repository in `folder` (which must not exist) and gives the hash of each commit by its step.
 * @throws {Error} when the last commit is not exactly `repository/`, or git fails
 */
export function makeHistory(folder) {
  mkdirSync(folder, { recursive: true });
  git(folder, ['init', '--quiet', '--initial-branch=main']);
  const hashes = {};
  for (const commit of commits) {
    const overlay = path.join(here, 'history', commit.step);
    if (existsSync(overlay)) cpSync(overlay, folder, { recursive: true });
    for (const file of commit.files) cpSync(path.join(final, file), path.join(folder, file), { recursive: true });
    git(folder, ['add', '--all']);
    const author = people[commit.by].match(/^(.*) <(.*)>$/);
    git(folder, ['commit', '--quiet', '--message', commit.message], {
      GIT_AUTHOR_NAME: author[1],
      GIT_AUTHOR_EMAIL: author[2],
      GIT_AUTHOR_DATE: commit.at,
      GIT_COMMITTER_NAME: author[1],
      GIT_COMMITTER_EMAIL: author[2],
      GIT_COMMITTER_DATE: commit.at,
    });
    hashes[commit.step] = git(folder, ['rev-parse', 'HEAD']).trim();
  }
  assertSame(final, folder);
  return hashes;
}

/** Runs git with no hooks and no settings of the person who records. */
export function git(folder, args, env = {}) {
  const own = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  const options = ['-c', 'core.hooksPath=/dev/null', '-c', 'commit.gpgSign=false', '-c', 'core.autocrlf=false'];
  return execFileSync('git', [...options, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, ...own, ...env },
  });
}

function assertSame(wanted, folder) {
  const list = (root) =>
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
      .filter((file) => !file.startsWith('.git/'))
      .sort();
  const left = list(wanted);
  const right = list(folder);
  const wrong = [...new Set([...left, ...right])].filter(
    (file) =>
      !left.includes(file) ||
      !right.includes(file) ||
      !readFileSync(path.join(wanted, file)).equals(readFileSync(path.join(folder, file))),
  );
  if (wrong.length > 0) {
    throw new Error(
      `The history does not end in scripts/sample/repository: ${wrong.join(', ')}. Mend commits in history.mjs.`,
    );
  }
}

if (process.argv[1] === import.meta.filename && process.argv[2]) {
  rmSync(process.argv[2], { recursive: true, force: true });
  console.log(makeHistory(path.resolve(process.argv[2])));
}
