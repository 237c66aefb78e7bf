// A real Prometheus and Alertmanager that watch a model server of the official Python client, ended when the test ends.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../scripts/live/programs.mjs';
import { environment } from '../../scripts/python/environments.mjs';

interface Programs {
  readonly prometheus: string;
  readonly alertmanager: string;
}

const packages = ['prometheus', 'prometheus-alertmanager'];

/**
 * Those on PATH, else Debian's packages unpacked in our cache: they are not installed, so that no service of the system
 * is started. Throws with the next step.
 */
export function findPrometheus(): Programs {
  const own = { prometheus: onPath('prometheus'), alertmanager: onPath('prometheus-alertmanager', 'alertmanager') };
  if (own.prometheus && own.alertmanager) return { prometheus: own.prometheus, alertmanager: own.alertmanager };
  const root = process.env.PLUMBLINE_CACHE || path.join(os.homedir(), '.cache', 'plumbline');
  const folder = path.join(path.resolve(root), 'debian', 'prometheus');
  const bin = path.join(folder, 'usr', 'bin');
  const found = { prometheus: path.join(bin, 'prometheus'), alertmanager: path.join(bin, 'prometheus-alertmanager') };
  if (!Object.values(found).every(isProgram)) unpack(folder);
  if (Object.values(found).every(isProgram)) return found;
  throw new Error(
    `These tests need Prometheus and Alertmanager: apt-get update && apt-get install -y ${packages.join(' ')}`,
  );
}

function unpack(folder: string): void {
  mkdirSync(path.dirname(folder), { recursive: true });
  const draft = mkdtempSync(`${folder}-`);
  const run = (program: string, ...args: readonly string[]) => spawnSync(program, args, { cwd: draft });
  if (run('apt-get', 'download', ...packages).status !== 0 && process.getuid?.() === 0) {
    run('apt-get', 'update', '-qq');
    run('apt-get', 'download', ...packages);
  }
  for (const file of readdirSync(draft).filter((name) => name.endsWith('.deb'))) run('dpkg', '-x', file, '.');
  rmSync(folder, { recursive: true, force: true });
  renameSync(draft, folder);
}

function onPath(...names: readonly string[]): string | undefined {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '');
  return folders.flatMap((folder) => names.map((name) => path.join(folder, name))).find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export interface Watching {
  readonly prometheus: string;
  readonly alertmanager: string;
  /** Of the model server, `host:port`. */
  readonly target: string;
  /** The model server says this from now on. */
  set(model: string, auc: number): Promise<void>;
  kill(): Promise<void>;
}

const rules = `groups:
- name: ml
  rules:
  - alert: ChurnAucLow
    expr: churn_auc{model="churn"} < 0.8
    labels: {severity: page, team: ml-platform, dag_id: train_churn}
    annotations:
      summary: 'AUC of {{ $labels.model }} is {{ $value }}'
      runbook_url: 'https://wiki.acme.com/churn'
      dashboard_url: 'https://grafana.acme.com/d/1'
  - alert: TargetDown
    expr: up == 0
    labels: {severity: ticket}
    annotations: {summary: '{{ $labels.instance }} is down'}
  - record: job:predictions:rate1m
    expr: sum by (job) (rate(predictions_total[1m]))
  - alert: Slow
    expr: histogram_quantile(0.9, sum by (le) (rate(churn_latency_seconds_bucket[1m]))) > 60
  - alert: Waiting
    expr: churn_auc < 0.9
    for: 1h
`;

/** A user and a password for Prometheus alone: `ana` and `secret`. */
const webConfig = `basic_auth_users:
  ana: $2b$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW
`;

export async function startPrometheus(options: { readonly withPassword?: boolean } = {}): Promise<Watching> {
  const programs = findPrometheus();
  const { python } = await environment('prometheus');
  const folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-prometheus-'));
  const stops: (() => Promise<void>)[] = [];
  const kill = async () => {
    await Promise.all(stops.splice(0).map((stop) => stop()));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const ports = [await freePort(), await freePort(), await freePort(), await freePort()] as const;
    const [own, am, target, nobody] = ports.map((port) => `127.0.0.1:${port}`) as [string, string, string, string];
    const set = await exporter(python, ports[2], stops);
    const write = (name: string, text: string) => writeFileSync(path.join(folder, name), text);
    write('am.yml', 'route: {receiver: nobody, group_wait: 0s}\nreceivers: [{name: nobody}]\n');
    write('rules.yml', rules);
    write('web.yml', options.withPassword ? webConfig : '');
    write(
      'prometheus.yml',
      `global: {scrape_interval: 1s, evaluation_interval: 1s, external_labels: {cluster: eu}}
rule_files: [rules.yml]
alerting: {alertmanagers: [{static_configs: [{targets: ['${am}']}]}]}
scrape_configs:
- {job_name: model_server, static_configs: [{targets: ['${target}']}]}
- {job_name: gone, static_configs: [{targets: ['${nobody}']}]}
`,
    );
    const amArgs = ['--config.file=am.yml', '--storage.path=am', `--web.listen-address=${am}`];
    await started(programs.alertmanager, [...amArgs, '--cluster.listen-address='], folder, am, stops);
    const args = ['--config.file=prometheus.yml', '--storage.tsdb.path=data', `--web.listen-address=${own}`];
    await started(programs.prometheus, [...args, '--web.config.file=web.yml'], folder, own, stops);
    return { prometheus: `http://${own}`, alertmanager: `http://${am}`, target, set, kill };
  } catch (error) {
    await kill();
    throw error;
  }
}

/** Ready once this resolves, or asking for a password. */
async function started(
  program: string,
  args: readonly string[],
  cwd: string,
  address: string,
  stops: (() => Promise<void>)[],
): Promise<void> {
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said = `${said}${chunk}`.slice(-3000);
  });
  stops.push(ending(child));
  const until = Date.now() + 60_000;
  while (Date.now() < until && child.exitCode === null) {
    const answer = await fetch(`http://${address}/-/ready`).catch(() => undefined);
    if (answer?.ok || answer?.status === 401) return;
    await pause(100);
  }
  throw new Error(`${program} did not answer at ${address}: ${said}`);
}

function ending(child: ChildProcess): () => Promise<void> {
  return async () => {
    if (child.exitCode !== null || child.pid === undefined) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
}

/** Serving once this resolves. */
async function exporter(python: string, port: number, stops: (() => Promise<void>)[]): Promise<Watching['set']> {
  const script = path.join(import.meta.dirname, 'prometheus_exporter.py');
  const child: ChildProcess = spawn(python, [script, String(port)], { stdio: ['pipe', 'pipe', 'inherit'] });
  stops.push(ending(child));
  if (!child.stdout) throw new Error('The model server has no output.');
  const lines = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await lines.next();
  return async (model, auc) => {
    child.stdin?.write(`set ${model} ${auc}\n`);
    await lines.next();
  };
}
