// Column worker: holds the SQL library and its 23 MB of WebAssembly, off the request thread.
import { parentPort } from 'node:worker_threads';
import { analyzeQuery } from '@polyglot-sql/sdk';
import type { Analysis } from './columnEdges.ts';

export interface ColumnQuestion {
  readonly number: number;
  readonly sql: string;
  /** Tried one after the other. */
  readonly dialects: readonly string[];
}

export interface ColumnAnswer {
  readonly number: number;
  /** Undefined where no dialect could read it. */
  readonly analysis?: Analysis;
}

function analyze({ sql, dialects }: ColumnQuestion): Analysis | undefined {
  for (const dialect of dialects) {
    try {
      const { success, analysis } = analyzeQuery(sql, dialect);
      if (!success || !analysis) continue;
      const { projections, baseTables } = analysis;
      return {
        projections: projections.map(({ name, isStar, starTable, transformKind, upstream }) => ({
          name,
          isStar,
          starTable,
          transformKind,
          upstream: upstream.map(({ table, column }) => ({ table, column })),
        })),
        baseTables: baseTables.map(({ name }) => name),
      };
    } catch {
      // A trap of the library in one dialect says nothing about the next.
    }
  }
  return undefined;
}

parentPort?.on('message', (question: ColumnQuestion) => {
  const analysis = analyze(question);
  const answer: ColumnAnswer = { number: question.number, ...(analysis ? { analysis } : {}) };
  parentPort?.postMessage(answer);
});
