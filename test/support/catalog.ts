// The `//- catalog` part of a fixture: states the world in lines, and makes a real store of it in memory.
import type { CatalogChange, Covered, MetricSeries, ScanProblem, SeenEntity } from '../../server/catalog/change.ts';
import type { Content } from '../../server/catalog/content.ts';
import type { Edge, EdgeOrigin, EdgeRelation } from '../../server/catalog/edge.ts';
import {
  type EntityId,
  type EntityKind,
  entityId,
  entityKinds,
  parseEntityId,
  pathId,
} from '../../server/catalog/entity.ts';
import type { Column, Facts } from '../../server/catalog/facts.ts';
import type { MetricPoint, Run, RunStatus } from '../../server/catalog/run.ts';
import { CatalogStore } from '../../server/catalog/store.ts';

/** When every fixture plays: Monday, 23 November 2026, 12:00 UTC. */
export const fixtureNow = Date.parse('2026-11-23T12:00:00Z');
const hour = 3_600_000;

/*
 * One statement a line; `#` begins a comment. Words are separated by blanks; a word with blanks stands in "…".
 *
 *   source mlflow [health=failing] [covers=model,version] [reason="…"] [age=2h] [environment=prod]
 *   model churn alias.champion=7 owner=ana          an entity; `key=value` are facts, `alias=…` another name
 *   table analytics.ml.churn_features columns=customer_id:integer,churned:boolean tool=dbt
 *   table crm.orders gone=3h
 *   model churn alias.champion=6 seen=3h            how it looked then, so that there is a history
 *   run train-7 of=experiment/churn,model/churn status=success ago=2h took=90s auc=0.87 commit=5be1f0a user=ana
 *       in=path/s3://acme-lake/x out=table/a.b.c params.C=1 parent=run/… log=/tmp/x.log message="…"
 *   point churn/auc run=train-7 0.87 ago=2h
 *   edge table/a -> job/b reads reported "OpenLineage run 1"
 *
 * An id is `kind/name` or a full id; names get ids of tool `mlflow`, `airflow`, `dbt` … by kind, instance `local`.
 */
export function fixtureCatalog(text: string): CatalogStore {
  const { store } = CatalogStore.open(':memory:');
  const world = new World();
  for (const line of text.split('\n')) world.read(line);
  world.write(store);
  return store;
}

const usualTool: Readonly<Partial<Record<EntityKind, string>>> = {
  job: 'airflow',
  task: 'airflow',
  table: 'dbt',
  monitor: 'datadog',
  endpoint: 'databricks',
  host: 'ssh',
};

/** The id that a fixture's `kind/name` means. */
export function fixtureId(kind: EntityKind, name: string, tool: string = usualTool[kind] ?? 'mlflow'): EntityId {
  if (kind === 'path') return pathId(name);
  if (kind === 'run' && name.includes('/')) return entityId('run', tool, 'local', ...name.split('/'));
  const dotted = kind === 'table' || kind === 'task';
  const parts = dotted ? name.split('.') : kind === 'version' || kind === 'metric' ? name.split('/') : [name];
  return entityId(kind, tool, 'local', ...parts);
}

interface FixtureSource {
  readonly tool: string;
  readonly health: string;
  readonly covers: readonly EntityKind[];
  readonly reason?: string;
  readonly age: number;
  readonly environment?: string;
}

interface Line {
  readonly words: readonly string[];
  readonly options: ReadonlyMap<string, string>;
}

class World {
  readonly #sources = new Map<string, FixtureSource>();
  readonly #entities = new Map<string, SeenEntity[]>();
  readonly #gone = new Map<string, (SeenEntity & { readonly goneAt: number })[]>();
  readonly #earlier = new Map<string, { readonly at: number; readonly seen: SeenEntity }[]>();
  readonly #runs = new Map<string, Run[]>();
  readonly #series = new Map<string, MetricSeries[]>();
  readonly #edges = new Map<string, Edge[]>();

  read(text: string): void {
    const line = wordsOf(text);
    const [verb = '', ...rest] = line.words;
    if (verb === '') return;
    if (verb === 'source') this.#source(rest[0] ?? '', line);
    else if (verb === 'run') this.#run(rest[0] ?? '', line);
    else if (verb === 'point') this.#point(rest, line);
    else if (verb === 'edge') this.#edge(rest, line);
    else {
      const kind = entityKinds.find((candidate) => candidate === verb);
      if (!kind) throw new Error(`The catalog fixture has no statement "${verb}".`);
      this.#entity(kind, rest[0] ?? '', line);
    }
  }

  #source(tool: string, { options }: Line): void {
    const covers = (options.get('covers') ?? '').split(',');
    this.#sources.set(tool, {
      tool,
      health: options.get('health') ?? 'fresh',
      covers: entityKinds.filter((kind) => covers.includes(kind)),
      reason: options.get('reason'),
      age: duration(options.get('age') ?? '5m'),
      environment: options.get('environment'),
    });
  }

  #entity(kind: EntityKind, name: string, line: Line): void {
    const tool = line.options.get('tool') ?? (kind === 'path' ? 'openlineage' : (usualTool[kind] ?? 'mlflow'));
    const id = line.options.get('id') ?? fixtureId(kind, name, tool);
    const aliases = line.options.get('alias')?.split(',') ?? [];
    if (kind === 'task') aliases.push(name.slice(name.indexOf('.') + 1));
    const shown = kind === 'metric' ? (name.split('/').at(-1) ?? name) : name;
    const seen: SeenEntity = { id, kind, name: shown, aliases, facts: factsOf(line.options) };
    const gone = line.options.get('gone');
    if (gone) push(this.#gone, tool, { ...seen, goneAt: fixtureNow - duration(gone) });
    const earlier = line.options.get('seen');
    if (earlier) push(this.#earlier, tool, { at: fixtureNow - duration(earlier), seen });
    else if (!gone) push(this.#entities, line.options.get('source') ?? tool, seen);
  }

  #run(name: string, line: Line): void {
    const tool = line.options.get('tool') ?? 'mlflow';
    push(this.#runs, tool, runOf(fixtureId('run', name, tool), name, line));
  }

  #point([metric = '', value = '']: readonly string[], { options }: Line): void {
    const at = fixtureNow - duration(options.get('ago') ?? '1h');
    const point: MetricPoint = { name: metric.split('/').at(-1) ?? metric, value: Number(value), at };
    const run = fixtureId('run', options.get('run') ?? '');
    push(this.#series, 'mlflow', { metric: fixtureId('metric', metric), run, points: [point] });
  }

  #edge(
    [from = '', arrow, to = '', relation = 'reads', origin = 'reported', evidence = 'a fixture']: readonly string[],
    { options }: Line,
  ) {
    if (arrow !== '->')
      throw new Error('An edge of a catalog fixture is written: edge kind/a -> kind/b relation origin "evidence".');
    push(this.#edges, options.get('source') ?? 'openlineage', {
      from: idOf(from),
      to: idOf(to),
      relation: relation as EdgeRelation,
      origin: origin as EdgeOrigin,
      evidence,
    });
  }

  write(store: CatalogStore): void {
    const names = [this.#sources, this.#entities, this.#gone, this.#runs, this.#series, this.#edges].flatMap((map) => [
      ...map.keys(),
    ]);
    for (const tool of new Set(names)) this.#writeSource(store, tool);
  }

  #writeSource(store: CatalogStore, tool: string): void {
    const source = this.#sources.get(tool) ?? { tool, health: 'fresh', covers: [], age: 300_000 };
    const { environment } = source;
    const name = `${tool} (fixture)`;
    const identity = { name, tool, scope: `${tool}://local`, kinds: entityKinds, environment };
    const writer = store.writer();
    writer.register(identity);
    if (source.health === 'never') return;
    for (const { goneAt, ...seen } of this.#gone.get(tool) ?? []) {
      const id = parseEntityId(seen.id);
      const scope = `${id?.tool}://${id?.instance}`;
      const before = writer.startScan(identity, goneAt - hour);
      before.apply({ entities: [seen] });
      before.finish();
      const after = writer.startScan(identity, goneAt);
      after.apply({ covered: [{ kind: seen.kind, scope }] });
      after.finish();
    }
    const looks = Map.groupBy(this.#earlier.get(tool) ?? [], ({ at }) => at);
    for (const [at, seen] of [...looks].sort(([a], [b]) => a - b)) {
      const look = writer.startScan(identity, at);
      look.apply({ entities: seen.map((one) => one.seen) });
      look.finish();
    }
    const scan = writer.startScan(identity, fixtureNow - source.age);
    const covered: Covered[] = source.covers.map((kind) => ({ kind, scope: `${tool}://local` }));
    const problems: ScanProblem[] = source.reason && source.health === 'fresh' ? [{ message: source.reason }] : [];
    const change: CatalogChange = {
      entities: this.#entities.get(tool),
      runs: this.#runs.get(tool),
      series: this.#series.get(tool),
      edges: this.#edges.get(tool),
      covered,
      problems,
    };
    scan.apply(change);
    scan.finish();
    if (source.health === 'failing' || source.health === 'forbidden') {
      writer.fail(name, source.health, source.reason ?? 'it did not answer', fixtureNow - hour);
    }
  }
}

const runOptions = new Set([
  'of',
  'status',
  'ago',
  'took',
  'commit',
  'content',
  'branch',
  'user',
  'in',
  'out',
  'parent',
  'log',
  'message',
  'where',
  'environment',
  'attempt',
  'scheduled',
  'linked',
  'tool',
  'name',
  'entry',
  'url',
]);

function runOf(id: EntityId, name: string, { options }: Line): Run {
  const startedAt = fixtureNow - duration(options.get('ago') ?? '1h');
  const took = options.get('took');
  const numbers = [...options].filter(([key]) => !runOptions.has(key) && !key.startsWith('params.'));
  const data = (key: string) =>
    list(options.get(key)).map((text) => {
      const [data = '', rows] = text.split('@');
      return { id: idOf(data), name: data.slice(data.indexOf('/') + 1), ...(rows ? { rows: Number(rows) } : {}) };
    });
  const text = (key: string) => options.get(key);
  return {
    id,
    name: text('name') ?? name,
    of: list(text('of')).map(idOf),
    status: (text('status') ?? 'success') as RunStatus,
    startedAt,
    ...(took ? { endedAt: startedAt + duration(took) } : {}),
    scheduledFor: text('scheduled') ? fixtureNow - duration(text('scheduled') ?? '') : undefined,
    parent: text('parent') ? idOf(text('parent') ?? '') : undefined,
    attempt: text('attempt') ? Number(text('attempt')) : undefined,
    user: text('user'),
    commit: text('commit'),
    content: contentOf(options.get('content')),
    branch: text('branch'),
    entryPoint: text('entry'),
    where: text('where'),
    environment: text('environment'),
    message: text('message'),
    url: text('url'),
    metrics: numbers.map(([key, value]) => ({ name: key, value: Number(value), at: startedAt })),
    params: [...options].flatMap(([key, value]) => (key.startsWith('params.') ? [{ name: key.slice(7), value }] : [])),
    inputs: data('in'),
    outputs: data('out'),
    logs: list(text('log')).map((file) => ({ file, title: file.split('/').at(-1) ?? file })),
    linked: list(text('linked')).map(idOf),
  };
}

/** `content=5be1f0a…` is the blob id of `dags/train.py`. */
function contentOf(id: string | undefined): Content | undefined {
  return id === undefined
    ? undefined
    : { file: 'dags/train.py', hash: { kind: 'git', ids: [id] }, version: 'DAG version 3', at: fixtureNow - 300_000 };
}

function factsOf(options: ReadonlyMap<string, string>): Facts {
  const modelAliases = [...options].flatMap(([key, version]) =>
    key.startsWith('alias.') ? [{ alias: key.slice(6), version }] : [],
  );
  const columns: readonly Column[] = list(options.get('columns')).map((text) => {
    const [name = '', type] = text.split(':');
    return type ? { name, type } : { name };
  });
  const number = (key: string) => (options.has(key) ? Number(options.get(key)) : undefined);
  const defined = options.get('defined')?.split(':');
  const madeBy = options.get('madeBy');
  return withoutNothing({
    description: options.get('description'),
    owner: options.get('owner'),
    compiledSql: options.get('compiledSql'),
    dataOwner: options.get('dataOwner'),
    url: options.get('url'),
    createdAt: options.has('created') ? fixtureNow - duration(options.get('created') ?? '') : undefined,
    updatedAt: options.has('updated') ? fixtureNow - duration(options.get('updated') ?? '') : undefined,
    definedAt: defined ? { path: defined[0] ?? '', line: Number(defined[1] ?? 1) } : undefined,
    content: contentOf(options.get('content')),
    modelAliases: modelAliases.length > 0 ? modelAliases : undefined,
    latestVersion: options.get('latest'),
    stage: options.get('stage'),
    madeBy: madeBy ? idOf(madeBy) : undefined,
    artifactUri: options.get('artifact'),
    schedule: options.get('schedule'),
    periodMs: options.has('period') ? duration(options.get('period') ?? '') : undefined,
    paused: options.has('paused') ? options.get('paused') === 'true' : undefined,
    operator: options.get('operator'),
    pool: options.get('pool'),
    broken: options.get('broken'),
    columns: columns.length > 0 ? columns : undefined,
    rows: number('rows'),
    bytes: number('bytes'),
    materialized: options.get('materialized'),
    freshness: (['pass', 'warn', 'error'] as const).find((state) => state === options.get('freshness')),
  });
}

function withoutNothing(facts: Facts): Facts {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

function idOf(text: string): EntityId {
  if (parseEntityId(text)) return text;
  const [kind, ...rest] = text.split('/');
  const known = entityKinds.find((candidate) => candidate === kind);
  if (!known) throw new Error(`The catalog fixture does not know the id "${text}".`);
  const [name = '', tool] = rest.join('/').split('~');
  return fixtureId(known, name, tool);
}

const list = (text: string | undefined): readonly string[] => (text ? text.split(',') : []);

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const values = map.get(key) ?? [];
  values.push(value);
  map.set(key, values);
}

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: hour, d: 24 * hour, w: 7 * 24 * hour };

/** `90s`, `5m`, `2h`, `3d`, `8w` in ms. */
function duration(text: string): number {
  const [, count, unit = ''] = /^([\d.]+)([smhdw])$/.exec(text) ?? [];
  if (count === undefined) throw new Error(`The catalog fixture does not know the duration "${text}".`);
  return Number(count) * (unitMs[unit] ?? 0);
}

/** Blanks separate; quotes keep together; `\n`, `\xNN` and `\uNNNN` inside quotes are characters, for hostile names. */
function wordsOf(text: string): Line {
  const words: string[] = [];
  const options = new Map<string, string>();
  for (const [, key, quoted, plain] of text
    .replace(/(^|\s)#.*$/, '')
    .matchAll(/(?:([\w.]+)=)?(?:"((?:[^"\\]|\\.)*)"|(\S+))/g)) {
    const value = quoted === undefined ? (plain ?? '') : plainText(quoted);
    if (key === undefined) words.push(value);
    else options.set(key, value);
  }
  return { words, options };
}

function plainText(text: string): string {
  return text.replace(/\\(?:u([0-9a-f]{4})|x([0-9a-f]{2})|(.))/gi, (_, u?: string, x?: string, plain?: string) => {
    const hex = u ?? x;
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    return plain === 'n' ? '\n' : (plain ?? '');
  });
}
