// Arguments: what was asked on the command line, or why it could not be understood.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { timeOf } from './asOf.ts';

export const commandNames = [
  'refs',
  'resolve',
  'lineage',
  'columns',
  'check',
  'incidents',
  'logs',
  'sync',
  'doctor',
] as const;
export type CommandName = (typeof commandNames)[number];

export interface CommandLine {
  readonly command: CommandName;
  /** PATHs, an entity id, or a run id. */
  readonly subjects: readonly string[];
  readonly json: boolean;
  /** Absolute. */
  readonly workspace: string;
  /** Absolute folder, or `:memory:`. */
  readonly store: string;
  /** Absolute path of the file that takes the place of the user's connections.json. */
  readonly connections?: string;
  /** The servers of the connections are asked too; always for `sync`. */
  readonly sync: boolean;
  /** Of `sync`: the port that OpenLineage events are received at until it is ended; 0: any. */
  readonly listen?: number;
  /** Of `lineage`: a time that `timeOf` understands. */
  readonly asOf?: string;
  /** Of `lineage`: levels in each direction. */
  readonly depth?: number;
  /** Of `lineage`: the entity that the way is looked for to. */
  readonly to?: string;
}

export const usage = `usage: plumbline <command> [options]

  refs PATH…       names in these files and folders, as the rules find them
  resolve PATH…    the same, with what each name is
  lineage ID       what is upstream and downstream of an entity
  columns PATH…    where the columns that SQL makes come from
  check PATH…      names that their tool does not know; exit 1 when there are any
  incidents        what is failing
  logs RUN         the log of a run, at the line that explains it
  sync             reads every local source and asks every connection; exit 3 when one could not be asked
  doctor           asks every connection a little and says how it answers; exit 3 when one does not

  --json           JSON only
  --workspace DIR  the workspace folder (default: here)
  --store DIR      keep what was read in this folder (default: in memory)
  --sync           ask the connections too (default: local files only)
  --connections FILE  use these instead of your own connections.json
  --listen PORT    of sync: then receive OpenLineage events on this machine until Ctrl+C (0: any free port)
  --as-of TIME     of lineage: as it was at 2026-11-23T02:13Z, or 2h, 3d ago
  --depth N        of lineage: levels in each direction, 1 to 20 (default 2)
  --to ID          of lineage: the shortest way to this entity, with who says each step

exit: 0 fine, 1 findings, 2 usage, 3 could not ask
`;

const needsSubject: readonly CommandName[] = ['refs', 'resolve', 'lineage', 'columns', 'check', 'logs'];

/** A string is the mistake, in words. */
export function parseCommandLine(args: readonly string[], folder: string): CommandLine | string {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const [name, ...subjects] = parsed.positionals;
  const command = commandNames.find((candidate) => candidate === name);
  if (parsed.values.help) return '';
  if (!command) return name ? `unknown command: ${name}` : 'no command given';
  if (needsSubject.includes(command) && subjects.length === 0) return `${command} needs at least one argument`;
  const { 'as-of': asOf, connections, sync = false, listen } = parsed.values;
  if (listen !== undefined && command !== 'sync') return '--listen goes with sync only';
  if (listen !== undefined && !(/^\d{1,5}$/.test(listen) && Number(listen) <= 65_535))
    return `--listen takes a port, 0 to 65535, not ${listen}`;
  if (asOf !== undefined && command !== 'lineage') return '--as-of goes with lineage only';
  if (asOf !== undefined && timeOf(asOf, 0) === undefined)
    return `--as-of takes a time like 2026-11-23T02:13Z, 2h or 3d, not ${asOf}`;
  const { depth, to } = parsed.values;
  if ((depth ?? to) !== undefined && command !== 'lineage') return '--depth and --to go with lineage only';
  if (to !== undefined && (depth ?? asOf) !== undefined) return '--to goes without --depth and --as-of';
  if (depth !== undefined && !(/^\d{1,2}$/.test(depth) && Number(depth) >= 1 && Number(depth) <= 20))
    return `--depth takes a number of levels, 1 to 20, not ${depth}`;
  const workspace = path.resolve(folder, parsed.values.workspace ?? '.');
  const store = parsed.values.store === undefined ? ':memory:' : path.resolve(folder, parsed.values.store);
  return {
    command,
    subjects,
    json: parsed.values.json ?? false,
    workspace,
    store,
    ...(connections === undefined ? {} : { connections: path.resolve(folder, connections) }),
    sync: sync || command === 'sync',
    ...(listen === undefined ? {} : { listen: Number(listen) }),
    ...(asOf === undefined ? {} : { asOf }),
    ...(depth === undefined ? {} : { depth: Number(depth) }),
    ...(to === undefined ? {} : { to }),
  };
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'boolean' },
      workspace: { type: 'string' },
      store: { type: 'string' },
      connections: { type: 'string' },
      sync: { type: 'boolean' },
      listen: { type: 'string' },
      'as-of': { type: 'string' },
      depth: { type: 'string' },
      to: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
}
