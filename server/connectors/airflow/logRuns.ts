// Airflow's log runs: tries told from their logs alone, wherever those lie: in S3, in CloudWatch.
import type { FoundLog, LogRuns, LogRunsContext } from '../logRuns.ts';
import { dagEntities, runsOf } from './entities.ts';
import { type TryPlace, tryPlace } from './layout.ts';
import { readLog } from './logText.ts';
import { cluesIn, type Try } from './tries.ts';

export const airflowLogRuns: LogRuns = {
  tool: 'airflow',
  reads: (relative) => tryPlace(relative) !== undefined,
  groupOf: (relative) => {
    const place = tryPlace(relative);
    return place ? JSON.stringify([place.dag, place.run]) : relative;
  },
  page: (logs, context) => {
    const tries = logs.flatMap(tryOf);
    const byDag = Map.groupBy(tries, ({ place }) => place.dag);
    const pages = [...byDag].map(([dag, ofDag]) => dagPage(dag, ofDag, context));
    return {
      entities: pages.flatMap(({ entities = [] }) => entities),
      edges: pages.flatMap(({ edges = [] }) => edges),
      runs: pages.flatMap(({ runs = [] }) => runs),
    };
  },
};

function tryOf({ relative, address, modifiedAt, lines }: FoundLog): readonly Try[] {
  const place: TryPlace | undefined = tryPlace(relative);
  return place ? [{ place, file: address, modifiedAt, says: readLog(lines), clues: cluesIn(lines) }] : [];
}

function dagPage(dag: string, tries: readonly Try[], { instance, now, instances }: LogRunsContext) {
  const context = { instance, now, instances, code: new Map() };
  const tasks = [...new Set(tries.map(({ place }) => place.task))];
  const runs = [...Map.groupBy(tries, ({ place }) => place.run).values()].flatMap((one) => runsOf(one, context));
  return { ...dagEntities(dag, tasks, context), runs };
}
