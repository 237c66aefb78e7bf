// Arguments: what was asked on the command line, or why it could not be understood.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { timeOf } from './asOf.ts';

export const commandNames = ['refs', 'resolve', 'lineage', 'check', 'incidents', 'logs'] as const;
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
  /** Of `lineage`: a time that `timeOf` understands. */
  readonly asOf?: string;
}

export const usage = `usage: plumbline <command> [options]

  refs PATH…       names in these files and folders, as the rules find them
  resolve PATH…    the same, with what each name is
  lineage ID       what is upstream and downstream of an entity
  check PATH…      names that their tool does not know; exit 1 when there are any
  incidents        what is failing
  logs RUN         the log of a run, at the line that explains it

  --json           JSON only
  --workspace DIR  the workspace folder (default: here)
  --store DIR      keep what was read in this folder (default: in memory)
  --as-of TIME     of lineage: as it was at 2026-11-23T02:13Z, or 2h, 3d ago

exit: 0 fine, 1 findings, 2 usage, 3 could not ask
`;

const needsSubject: readonly CommandName[] = ['refs', 'resolve', 'lineage', 'check', 'logs'];

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
  const { 'as-of': asOf } = parsed.values;
  if (asOf !== undefined && command !== 'lineage') return '--as-of goes with lineage only';
  if (asOf !== undefined && timeOf(asOf, 0) === undefined)
    return `--as-of takes a time like 2026-11-23T02:13Z, 2h or 3d, not ${asOf}`;
  const workspace = path.resolve(folder, parsed.values.workspace ?? '.');
  const store = parsed.values.store === undefined ? ':memory:' : path.resolve(folder, parsed.values.store);
  return {
    command,
    subjects,
    json: parsed.values.json ?? false,
    workspace,
    store,
    ...(asOf === undefined ? {} : { asOf }),
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
      'as-of': { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
}
