// The state of the fake workspace: a small true-to-life one, and as many more of each thing as a test wants.
import { addJobs } from './stateJobs.ts';
import { addServing, addUnity } from './stateUnity.ts';
import { ended, hour } from './stateWords.ts';

export interface FakeState {
  readonly workspaceId: string;
  readonly metastoreId: string;
  readonly user: string;
  readonly jobs: Json[];
  readonly runs: Json[];
  /** By the id of a task's run. */
  readonly outputs: Map<number, Json>;
  readonly catalogs: Json[];
  readonly schemas: Json[];
  readonly tables: Json[];
  readonly models: Json[];
  readonly versions: Json[];
  /** Runs of MLflow, as `runs/get` tells them. */
  readonly tracked: Json[];
  /** Of SQL warehouses. */
  readonly queries: Json[];
  readonly endpoints: Json[];
  readonly warehouses: Json[];
  /** By the name of a table, and by `table column`. */
  readonly lineage: Map<string, Json>;
  readonly columnLineage: Map<string, Json>;
  /** By the name of a table. */
  readonly tags: Map<string, Json[]>;
  /** By path: of the workspace, DBFS (`/…`) and volumes (`/Volumes/…`). */
  readonly files: Map<string, string>;
  /** Rows that a statement holding these words gives; the first that fits. */
  readonly statements: {
    readonly holds: string;
    readonly columns: readonly string[];
    readonly rows: (string | null)[][];
  }[];
}

export type Json = Record<string, unknown>;

export interface Size {
  readonly jobs?: number;
  /** One task each. */
  readonly runs?: number;
  readonly tables?: number;
  readonly models?: number;
}

/** `now` in epoch ms: when the newest run ended an hour before. */
export function fakeState(now: number, size: Size = {}): FakeState {
  const metastoreId = '11112222-3333-4444-5555-666677778888';
  const state: FakeState = {
    workspaceId: '4167890123456789',
    metastoreId,
    user: 'ana@example.com',
    ...{
      jobs: [],
      runs: [],
      outputs: new Map(),
      catalogs: [],
      schemas: [],
      tables: [],
      tracked: [],
      queries: [],
      models: [],
      versions: [],
    },
    ...{
      endpoints: [],
      warehouses: [],
      lineage: new Map(),
      columnLineage: new Map(),
      tags: new Map(),
      files: new Map(),
    },
    statements: [],
  };
  addJobs(state, now);
  addUnity(state, now);
  addServing(state, now);
  addMore(state, now, size);
  return state;
}

function addMore(state: FakeState, now: number, { jobs = 0, runs = 0, tables = 0, models = 0 }: Size): void {
  for (let n = 0; n < jobs; n += 1) {
    state.jobs.push({
      job_id: 100_000 + n,
      creator_user_name: 'ana@example.com',
      created_time: now - hour,
      settings: { name: `made ${n}`, tasks: [{ task_key: 'only' }] },
    });
  }
  for (let n = 0; n < runs; n += 1) {
    const start = now - 4 * hour - n * 1000;
    const run = {
      job_id: 100_000 + (n % Math.max(1, jobs)),
      run_id: 1_000_000 + n * 2,
      run_type: 'JOB_RUN',
      run_name: `made ${n}`,
      start_time: start,
      end_time: start + 500,
      ...ended('SUCCESS', 'SUCCESS'),
    };
    state.runs.push({
      ...run,
      tasks: [
        {
          run_id: 1_000_001 + n * 2,
          task_key: 'only',
          attempt_number: 0,
          start_time: start,
          end_time: start + 500,
          ...ended('SUCCESS', 'SUCCESS'),
        },
      ],
    });
  }
  const common = {
    metastore_id: state.metastoreId,
    owner: 'data@example.com',
    created_at: now - 99 * hour,
    updated_at: now - 99 * hour,
  };
  for (let n = 0; n < tables; n += 1) {
    const names = { catalog_name: 'main', schema_name: `made_${Math.floor(n / 500)}`, name: `t_${n}` };
    if (n % 500 === 0)
      state.schemas.push({
        ...common,
        catalog_name: 'main',
        name: names.schema_name,
        full_name: `main.${names.schema_name}`,
      });
    state.tables.push({
      ...common,
      ...names,
      full_name: `main.${names.schema_name}.${names.name}`,
      table_type: 'MANAGED',
      columns: [{ name: 'id', type_text: 'bigint', type_name: 'LONG', position: 0 }],
    });
  }
  for (let n = 0; n < models; n += 1) {
    state.models.push({
      ...common,
      catalog_name: 'main',
      schema_name: 'ml',
      name: `made_${n}`,
      full_name: `main.ml.made_${n}`,
    });
  }
  state.runs.sort((a, b) => Number(b.start_time) - Number(a.start_time));
}
