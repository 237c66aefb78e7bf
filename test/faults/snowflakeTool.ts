// What the rows of the table must know of Snowflake: everything is asked at one path, so that its statements stand for paths.
import { changed, on } from './answers.ts';
import { type FaultTool, passed } from './table.ts';

const tasks = /SHOW TASKS/;

interface Told {
  readonly data: readonly (readonly (string | null)[])[];
}

/** Of a result; of a handle there are no rows yet. */
const inRows = (change: (rows: Told['data']) => Told['data']) => (value: unknown) => {
  const { data } = Object(value) as Partial<Told>;
  return Array.isArray(data) ? { ...Object(value), data: change(data) } : value;
};

/** All of one graph, named after the first one. */
const flooded = inRows((rows) => {
  const [first = []] = rows;
  const made = Array.from({ length: 100_000 }, (_, n) =>
    first.map((cell, at) =>
      at === 1 ? `MADE_${n}` : at === 2 ? `made-${n}` : at === 9 ? '["PROD.ML.NIGHTLY"]' : cell,
    ),
  );
  return [...rows, ...made];
});

export const snowflakeTool: FaultTool = {
  tool: 'snowflake',
  scan: /statements (?:SHOW|SELECT (?!CURRENT))/,
  one: { path: tasks, kinds: ['job', 'task'] },
  pages: { path: tasks, items: 'data', name: 'name' },
  // SHOW gives up to 10,000 at once.
  many: { path: /api\/v2\/statements/, small: (path, body) => ({ path, body }) },
  numbers: /^(numRows|rowCount|uncompressedSize|createdOn)$/,
  name: 'name',
  emptyFirst: (_asked, pass) => passed(pass),
  circle: on(tasks, changed(inRows((rows) => [...rows, ...rows]))),
  flood: on(tasks, changed(flooded)),
};
