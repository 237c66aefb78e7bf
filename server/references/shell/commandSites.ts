// Command sites: what the command lines of a text of shell name, by the tables of commands; what any reader of shell inside of another language calls.
import type { Expression } from '../expression.ts';
import { MappedText } from '../mapped.ts';
import { sqlSites } from '../python/embeddedSql.ts';
import type { CommandRule, CommandTake, Program, WordKey } from '../rules/commands/command.ts';
import { namingVariables, programs } from '../rules/commands/index.ts';
import type { Site } from '../summary.ts';
import { type Arguments, CommandWord, readArguments } from './arguments.ts';
import { isHost, readWord } from './readings.ts';
import { scanShell } from './scan.ts';
import { Variables } from './variables.ts';
import type { ShellDialect } from './wordReader.ts';
import { type Command, plainText } from './words.ts';
import { programName, unwrap } from './wrappers.ts';

export interface ShellOptions {
  readonly dialect?: ShellDialect;
  /** Values of variables that were given before, as `Variables` holds them. */
  readonly values?: ReadonlyMap<string, Expression>;
}

export interface ShellText {
  readonly sites: readonly Site[];
  /** With what the text itself gave its variables. */
  readonly values: ReadonlyMap<string, Expression>;
}

/** Commands in texts in commands. */
const deepest = 5;
/** What these are given is said, not done. */
const speakers = new Set([
  'echo',
  'printf',
  'log',
  'logger',
  'true',
  'false',
  ':',
  'die',
  'info',
  'warn',
  'error',
  'fail',
]);

/**
 * The sites of a text of shell, such as `bash_command="…"`, `run: |` or `!aws s3 ls`: any expression that carries a
 * text, with holes where it is put together. Spans stay those of the expression. Nothing where no command is known and
 * no address stands. Never throws, linear in the text.
 */
export function shellSites(script: Expression, options: ShellOptions = {}): readonly Site[] {
  return readShell(script, options).sites;
}

/** As `shellSites`, of a command that is already words: `subprocess.run(["aws", "s3", "ls", url])`, `CMD ["…"]`. */
export function wordSites(words: readonly Expression[]): readonly Site[] {
  return new Reader(0).command(words.flatMap((word) => CommandWord.of(word) ?? []));
}

/** What a variable and its value name, wherever it is given: `MODEL_URI=models:/churn/1`. */
export function assignmentSites(name: string, value: Expression): readonly Site[] {
  return new Reader(0).assignment(name, value);
}

export function readShell(script: Expression, options: ShellOptions = {}): ShellText {
  const reader = new Reader(0);
  const values = reader.script(script, options);
  return { sites: reader.sites, values };
}

class Reader {
  readonly sites: Site[] = [];
  readonly #depth: number;

  constructor(depth: number) {
    this.#depth = depth;
  }

  script(script: Expression, { dialect, values = new Map() }: ShellOptions): ReadonlyMap<string, Expression> {
    const mapped = MappedText.of(script);
    if (!mapped || this.#depth > deepest) return values;
    const variables = new Variables(mapped, new Map(values));
    for (const command of scanShell(mapped.text, dialect)) this.#scanned(command, mapped, variables);
    return variables.values;
  }

  command(words: readonly CommandWord[]): readonly Site[] {
    this.#line(words, []);
    return this.sites;
  }

  assignment(name: string, value: Expression): readonly Site[] {
    const word = CommandWord.of(value);
    if (word) this.#assigned(name, word);
    return this.sites;
  }

  #scanned({ assignments, words, inputs }: Command, mapped: MappedText, variables: Variables): void {
    for (const { name, word } of assignments) {
      const value = variables.expression(word);
      const line = value && CommandWord.of(value);
      if (line) this.#assigned(name, line);
      variables.assign(name, word);
    }
    const [first, second] = words;
    const keyword = first && plainText(mapped.text, first);
    if ((keyword === 'for' || keyword === 'select' || keyword === 'read') && second) {
      const goesOver = words[2] && plainText(mapped.text, words[2]) === 'in';
      for (const word of keyword === 'read' ? words.slice(1) : [second]) {
        const name = plainText(mapped.text, word);
        if (!/^[A-Za-z_]\w*$/.test(name)) continue;
        if (keyword === 'for' && goesOver) variables.loop(name, words.slice(3), word);
        else variables.forget(name, word);
      }
    }
    if ((keyword === 'source' || keyword === '.') && second) {
      const file = /[^/]+$/.exec(mapped.text.slice(second.from, second.to).replace(/['"]/g, ''))?.[0];
      if (file) variables.source(file);
    }
    const line = words.flatMap((word) => {
      const expression = variables.expression(word);
      return (expression && CommandWord.of(expression)) ?? [];
    });
    const bodies = inputs.flatMap((word) => variables.expression(word) ?? []);
    if (line.length > 0) this.#line(line, bodies);
    // `RUN <<EOF` of a Dockerfile runs the text itself.
    else for (const body of bodies) this.#nested(body);
  }

  /** `MODEL_URI=models:/churn/1`, `MLFLOW_EXPERIMENT_NAME=churn`. */
  #assigned(name: string, word: CommandWord): void {
    const naming = namingVariables.get(name);
    const via = `env.${name}`;
    if (naming)
      this.sites.push({
        site: 'name',
        kind: naming.kind,
        tool: naming.tool,
        value: word.expression,
        role: 'mentions',
        via,
      });
    else this.#mention(word);
  }

  #line(words: readonly CommandWord[], inputs: readonly Expression[]): void {
    let line = words;
    for (let turn = 0; turn < 10; turn++) {
      const inner = unwrap(line);
      if (!inner) break;
      if (inner.host) this.#host(inner.host);
      if (inner.script) this.#nested(inner.script.expression);
      else if (inner.words.length === 0) for (const input of inputs) this.#nested(input);
      // What the wrapper itself is given: `docker run -e MODEL_URI=…`.
      this.#words(
        line.slice(0, line.length - inner.words.length).filter((word) => word !== inner.script && word !== inner.host),
      );
      line = inner.words;
      if (line.length === 0) return;
    }
    const name = programName(line[0]?.text ?? '');
    const rest = line.slice(1);
    const program = programs.get(name);
    if (program) this.#program(program, rest, inputs);
    else if (/^(bash|sh|zsh)$/.test(name) && rest.every(({ text }) => /^-/.test(text)))
      for (const input of inputs) this.#nested(input);
    if (!speakers.has(name)) this.#words(program ? rest : line);
  }

  #host(word: CommandWord): void {
    const at = word.text.lastIndexOf('@');
    const host = word.part(at + 1);
    if (!isHost(host.text)) return;
    this.sites.push({
      site: 'name',
      kind: 'host',
      tool: 'ssh',
      value: host.expression,
      role: 'mentions',
      via: 'ssh.host',
    });
  }

  #nested(script: Expression): void {
    if (this.#depth >= deepest) return;
    const reader = new Reader(this.#depth + 1);
    reader.script(script, {});
    this.sites.push(...reader.sites);
  }

  #program(program: Program, words: readonly CommandWord[], inputs: readonly Expression[]): void {
    const given = readArguments(words, program);
    for (const rule of program.rules) {
      const length = subcommand(rule, given);
      if (length === undefined) continue;
      for (const take of rule.takes) this.#take(program, rule, take, { given, length, inputs });
    }
    if (given.rest.length > 0) this.#line(given.rest, []);
  }

  #take(
    { tool }: Program,
    rule: CommandRule,
    take: CommandTake,
    { given, length, inputs }: { given: Arguments; length: number; inputs: readonly Expression[] },
  ): void {
    if (take.read === 'sql' && take.from.includes('input'))
      for (const input of inputs) this.sites.push(...sqlSites(input, true));
    const positions = given.positions.slice(length);
    const pick = (keys: readonly WordKey[] = []): readonly CommandWord[] => chosen(keys, take, given, positions);
    const key = pick(take.key)[0];
    const container = take.container === undefined ? undefined : pick([take.container])[0];
    for (const word of pick(take.from)) {
      if (take.read === 'sql') this.sites.push(...sqlSites(word.expression, true));
      else if (take.read === 'shell') this.#nested(word.expression);
      else {
        const base = key ? { tool, rule, take, key } : { tool, rule, take };
        this.sites.push(...readWord(word, container ? { ...base, container } : base));
      }
    }
  }

  /** Addresses among the words; what a rule has read already is not said twice. */
  #words(words: readonly CommandWord[]): void {
    for (const word of words) {
      const { text } = word;
      const variable = /^(?:--?[\w-]+=)?([A-Z][A-Z0-9_]*)=/.exec(text.slice(0, 200));
      if (variable?.[1] && namingVariables.has(variable[1])) this.#assigned(variable[1], word.part(variable[0].length));
      else this.#mention(word);
    }
  }

  /** Addresses that are texts of JSON as a whole: `--json '{"location": "s3://lake/"}'`. */
  #quoted(word: CommandWord): void {
    const text = word.text.slice(0, longestJson);
    for (const { index, 1: address = '' } of text.matchAll(/"((?:s3|s3a|gs|abfss?|wasbs?|dbfs):\/[^"\s\\]{1,500})"/g)) {
      const value = word.part(index + 1, index + 1 + address.length).expression;
      this.sites.push({ site: 'text', value, role: 'mentions' });
    }
  }

  /** `Type=Spark,Args=[s3://code/fit.py,--out,s3://out/]` */
  #listed(word: CommandWord): void {
    const addresses = /(?<=[=,[])(?:s3|s3a|gs|abfss?|wasbs?|dbfs):\/[^,\]\s"']{1,500}/g;
    for (const { index, 0: address } of word.text.matchAll(addresses)) {
      const value = word.part(index, index + address.length).expression;
      this.sites.push({ site: 'text', value, role: 'mentions' });
    }
  }

  #mention(word: CommandWord): void {
    const { text } = word;
    if (/^\s{0,100}[{[]/.test(text)) {
      this.#quoted(word);
      return;
    }
    if (/\s/.test(text) || text.length > 3000) return;
    const address = /^(?:[^=:/?&]{1,100}=)?(?=[a-z0-9]{1,8}:\/|\/Volumes\/|\/dbfs\/|[\ue000-\uf8ff])/.exec(text);
    if (address) this.sites.push({ site: 'text', value: word.part(address[0].length).expression, role: 'mentions' });
    else if (text.includes('=')) this.#listed(word);
  }
}

const longestJson = 50_000;

/** How many positions belong to the subcommand; undefined where it is another one. */
function subcommand({ sub }: CommandRule, { positions }: Arguments): number | undefined {
  if (sub === undefined) return 0;
  const words = sub.split(' ');
  return words.every((word, index) => `|${word}|`.includes(`|${positions[index]?.text ?? ' '}|`))
    ? words.length
    : undefined;
}

/** What stands at the first of the keys that is given; of options with many words, at all of them. */
function chosen(
  keys: readonly WordKey[],
  { many }: CommandTake,
  { options }: Arguments,
  positions: readonly CommandWord[],
): readonly CommandWord[] {
  if (many) return keys.flatMap((key) => (typeof key === 'string' ? (options.get(key) ?? []) : []));
  for (const key of keys) {
    const found =
      typeof key === 'number'
        ? positions.slice(key, key + 1)
        : key === 'each'
          ? positions
          : key === 'last'
            ? positions.slice(1).slice(-1)
            : (options.get(key) ?? []).slice(0, 1);
    if (found.length > 0) return found;
  }
  return [];
}
