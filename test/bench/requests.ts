// Requests bench: what each tool is asked, counted outside of our process, at two sizes; hours pass on a simulated clock.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Counted, everyTool } from './requests/everyTool.ts';
import { type MlflowCounted, mlflowCounted } from './requests/mlflow.ts';

const pollsAnHour = 12;
/** Things that one page of any list holds at least. */
const page = 100;

interface Growth {
  readonly tool: string;
  readonly server: string;
  /** Of the second size to the first. */
  readonly things: number;
  readonly secondSync: number;
  readonly idleHour: number;
  /** Requests that each further thing costs. */
  readonly secondSyncPerThing: number;
  readonly idlePollPerThing: number;
  readonly ok: boolean;
}

export async function bench(): Promise<{ readonly words: string; readonly json: object }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'plumbline-requests-'));
  try {
    const mlflow = await mlflowCounted(folder);
    const rows = [...mlflow.sizes.map(mlflowRow), ...(await everyTool(folder))];
    return report(mlflow, rows);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function mlflowRow({ models, runs, firstSync, secondSync, idleHour }: MlflowCounted['sizes'][number]): Counted {
  return {
    ...{ tool: 'mlflow', server: 'MLflow 3', size: models * 11 + runs, health: 'fresh' },
    ...{ firstSync, secondSync, idleHour },
  };
}

function growthOf(small: Counted, big: Counted): Growth {
  const further = big.size - small.size;
  const perThing = (more: number) => Number((Math.max(0, more) / further).toFixed(6));
  const ratio = (one: number, other: number) => Number((one / Math.max(1, other)).toFixed(2));
  const secondSyncPerThing = perThing(big.secondSync - small.secondSync);
  const idlePollPerThing = perThing((big.idleHour - small.idleHour) / pollsAnHour);
  const isWell = [small, big].every(
    ({ health, secondSync, idleHour }) => health === 'fresh' && secondSync * idleHour > 0,
  );
  return {
    ...{ tool: small.tool, server: small.server, things: ratio(big.size, small.size) },
    ...{ secondSync: ratio(big.secondSync, small.secondSync), idleHour: ratio(big.idleHour, small.idleHour) },
    ...{ secondSyncPerThing, idlePollPerThing },
    ok: isWell && secondSyncPerThing <= 1 / page && idlePollPerThing <= 1 / page,
  };
}

function report(mlflow: MlflowCounted, rows: readonly Counted[]) {
  const { windows } = mlflow;
  const ratio = Number((windows.five / windows.one).toFixed(2));
  const growth = [...Map.groupBy(rows, ({ tool }) => tool).values()].flatMap(([small, big]) =>
    small && big ? growthOf(small, big) : [],
  );
  const background = rows.reduce((sum, { statements }) => sum + (statements?.background ?? 0), 0);
  const limits = {
    secondSyncGrowsWithPagesOnly: growth.every(({ secondSyncPerThing }) => secondSyncPerThing <= 1 / page),
    idleHourGrowsWithPagesOnly: growth.every(({ idlePollPerThing }) => idlePollPerThing <= 1 / page),
    everyToolAnswered: rows.every(({ health }) => health === 'fresh'),
    noStatementForAWarehouseInTheBackground: background === 0,
    warmHoverAsksNothing: mlflow.sizes.every(({ hoverWarm }) => hoverWarm === 0),
    fiveWindowsAskAsOne: ratio <= 1.2,
  };
  const words = [
    'Requests, counted at the server or at a proxy before it, in processes of their own',
    table([
      ['tool', 'server', 'things', 'first', 'second', 'idle hour'],
      ...rows.map((one) => [
        ...[one.tool, one.server, one.size, one.firstSync, one.secondSync, one.idleHour].map(String),
      ]),
    ]),
    'second size to first',
    table([
      ['tool', 'things', 'second', 'idle hour', 'per thing', ''],
      ...growth.map((one) => [
        ...[one.tool, one.things, one.secondSync, one.idleHour, one.secondSyncPerThing].map(String),
        one.ok ? 'ok' : 'NOT ok',
      ]),
    ]),
    ...mlflow.sizes.map(
      ({ models, hoverCold, hoverWarm, watchedHour }) =>
        `MLflow of ${models} models: a cold hover ${hoverCold}, a warm one ${hoverWarm}, an hour with a model on screen ${watchedHour}`,
    ),
    `five windows: ${windows.five} requests, one: ${windows.one}; ${ratio} times as many`,
    ...Object.entries(limits).map(([name, isHeld]) => `${isHeld ? 'held' : 'NOT HELD'}: ${name}`),
  ].join('\n');
  return { words, json: { rows, growth, mlflow: mlflow.sizes, windows: { ...windows, ratio }, limits } };
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
