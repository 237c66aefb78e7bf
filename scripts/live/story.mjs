// Owns the live story: a real MLflow and a real Airflow server that know what the sample's recording knows, and connections to them.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { environment } from '../python/environments.mjs';
import { finish, freePort, serve } from './programs.mjs';

const fill = path.join(import.meta.dirname, 'fill_airflow.py');

/**
 * Starts both servers over a copy of the sample and takes what they serve out of `workspace`, so that it is known
 * through them alone.
 * @param {object} options
 * @param {string} options.recorded a copy of the sample that the servers read
 * @param {string} options.workspace the copy that people open
 * @param {string} options.folder an existing folder for the servers' own files and for `connections.json`
 * @param {(message: string) => void} options.report
 * @param {(() => Promise<void>)[]} options.stops gets what ends each server, as soon as it is started
 * @returns {Promise<{mlflow: string, airflow: string, environment: Record<string, string>}>}
 * addresses, and the variables with which Plumbline finds its connections and their secret
 */
export async function startStory({ recorded, workspace, folder, report, stops }) {
  report('Starting a real MLflow server (the first time its packages are installed, about a minute) …');
  const mlflow = await startMlflow(recorded, folder, stops, report);
  report(`MLflow answers at ${mlflow}`);
  report('Starting a real Airflow server (the first time its packages are installed, about two minutes) …');
  const airflow = await startAirflow(recorded, folder, stops, report);
  report(`Airflow answers at ${airflow.url} (user ${airflow.user}, password ${airflow.password})`);
  await leaveToServers(workspace);
  const config = path.join(folder, 'config');
  await mkdir(config, { recursive: true });
  const connections = [
    { name: 'churn mlflow', tool: 'mlflow', url: mlflow, credential: 'none' },
    { name: 'churn airflow', tool: 'airflow', url: airflow.url, credential: 'environment' },
  ];
  await writeFile(path.join(config, 'connections.json'), `${JSON.stringify(connections, null, 2)}\n`);
  const variables = {
    PLUMBLINE_CONFIG_DIR: config,
    AIRFLOW_API_URL: airflow.url,
    AIRFLOW_API_USERNAME: airflow.user,
    AIRFLOW_API_PASSWORD: airflow.password,
  };
  return { mlflow, airflow: airflow.url, environment: variables };
}

async function startMlflow(recorded, folder, stops, report) {
  const { bin } = await environment('mlflow3', report);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const store = path.join(recorded, 'metadata', 'mlflow');
  const args = ['server', '--host', '127.0.0.1', '--port', String(port), '--workers', '1'];
  args.push('--backend-store-uri', `sqlite:///${path.join(store, 'mlflow.db')}`);
  args.push('--artifacts-destination', path.join(store, 'artifacts'));
  // It would start seven more processes, for jobs that nobody gives it.
  const jobs = { MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false' };
  const env = { ...process.env, ...jobs, MLFLOW_DISABLE_TELEMETRY: 'true', GIT_PYTHON_REFRESH: 'quiet' };
  await serve(bin('mlflow'), args, { env, cwd: folder, url: `${url}/health`, stops });
  return url;
}

async function startAirflow(recorded, folder, stops, report) {
  const { python } = await environment('airflow3', report);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const home = path.join(folder, 'airflow');
  const logs = path.join(recorded, 'metadata', 'airflow', 'logs');
  await mkdir(home, { recursive: true });
  const env = {
    ...process.env,
    AIRFLOW_HOME: home,
    AIRFLOW__CORE__DAGS_FOLDER: path.join(recorded, 'dags'),
    AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
    AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION: 'False',
    AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS: 'admin:admin',
    AIRFLOW__LOGGING__BASE_LOG_FOLDER: logs,
    AIRFLOW__OPENLINEAGE__DISABLED: 'True',
    DO_NOT_TRACK: '1',
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONPATH: recorded,
    PYTHONWARNINGS: 'ignore',
  };
  const airflow = (...args) => finish(python, ['-m', 'airflow', ...args], { env, cwd: folder, stops });
  await airflow('db', 'migrate');
  await airflow('dags', 'reserialize');
  await finish(python, [fill, logs], { env, cwd: folder, stops });
  const args = ['-m', 'airflow', 'api-server', '--workers', '1', '--host', '127.0.0.1', '--port', String(port)];
  await serve(python, args, { env, cwd: folder, url: `${url}/api/v2/version`, stops });
  const passwords = JSON.parse(await readFile(path.join(home, 'simple_auth_manager_passwords.json.generated'), 'utf8'));
  return { url, user: 'admin', password: passwords.admin };
}

/** Without its own copy of what the servers serve, and without the line that names it. */
async function leaveToServers(workspace) {
  for (const served of ['mlflow', 'airflow'])
    await rm(path.join(workspace, 'metadata', served), { recursive: true, force: true });
  const file = path.join(workspace, 'plumbline.yaml');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace(/^logs:\n(?: .*\n)*/m, ''));
}
