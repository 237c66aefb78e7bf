// Dockerfiles: variables, what is run while the image is built, and what it starts.
import type { ParsedDocument } from '../../syntax/document.ts';
import type { Expression } from '../expression.ts';
import { MappedText } from '../mapped.ts';
import type { RuleSet } from '../rules/rule.ts';
import type { FileSummary } from '../summary.ts';
import { LineBlocks, type LogicalLine, logicalLines } from './blocks.ts';
import { assignmentSites, readShell, wordSites } from './commandSites.ts';

const longestHead = 300;
const mostWords = 500;

export function summarizeDockerfile(document: ParsedDocument, rules: RuleSet): FileSummary {
  const reader = new DockerReader(document);
  for (const row of logicalLines(document, true)) reader.line(row);
  return reader.blocks.summary(rules);
}

class DockerReader {
  readonly blocks: LineBlocks;
  readonly #text: string;
  #values: ReadonlyMap<string, Expression> = new Map();
  /** What ends the text that `RUN <<EOF` began, and where that began. */
  #body: { readonly end: string; readonly from: number; readonly line: number } | undefined;

  constructor(document: ParsedDocument) {
    this.blocks = new LineBlocks(document);
    this.#text = document.text;
  }

  line({ from, to, line }: LogicalLine): void {
    const head = this.#text.slice(from, Math.min(to, from + longestHead));
    if (this.#body) {
      if (head.trim() !== this.#body.end) return;
      const { from: start, line: first } = this.#body;
      this.#body = undefined;
      this.#shell({ from: start, to, line: first });
      return;
    }
    const match =
      /^\s*(?:ONBUILD\s+)?(ENV|ARG|RUN|CMD|ENTRYPOINT|HEALTHCHECK)\s+(?:--[\w-]+(?:=\S*)?\s+|\\\r?\n\s*)*(?:CMD\s+)?/i.exec(
        head,
      );
    if (!match) return;
    const start = from + match[0].length;
    const rest = { from: start, to, line };
    const instruction = (match[1] ?? '').toUpperCase();
    const end =
      instruction === 'RUN' ? /^<<-?['"]?(\w+)['"]?/.exec(this.#text.slice(start, start + 100))?.[1] : undefined;
    if (end !== undefined) this.#body = { end, from: start, line };
    else if (instruction === 'ENV') this.#variables(rest);
    else if (instruction === 'ARG') this.#argument(rest);
    else if (this.#text.charAt(start) === '[') this.#words(rest);
    else this.#shell(rest);
  }

  /** `ENV A=1 B="2"`, and `ENV A 1`. */
  #variables({ from, to, line }: LogicalLine): void {
    const old = /^([A-Za-z_]\w*)[ \t]+(?=[^=\s])/.exec(this.#text.slice(from, Math.min(to, from + longestHead)));
    const name = old?.[1];
    if (!old || name === undefined) {
      this.#shell({ from, to, line });
      return;
    }
    const value = this.blocks.text(from + old[0].length, to, line);
    this.#values = new Map([...this.#values, [`env ${name}`, value]]);
    this.blocks.add(line, assignmentSites(name, value));
  }

  /** Who builds the image may give another value. */
  #argument(row: LogicalLine): void {
    const before = this.#values;
    this.#shell(row);
    const given = new Map(before);
    for (const [key, value] of this.#values) {
      if (before.get(key) === value) continue;
      given.set(key, { is: 'choice', options: [{ is: 'unknown', at: value.at }, value], at: value.at });
    }
    this.#values = given;
  }

  #shell({ from, to, line }: LogicalLine): void {
    if (from >= to) return;
    const { sites, values } = readShell(this.blocks.text(from, to, line), { values: this.#values });
    this.#values = values;
    this.blocks.add(line, sites);
  }

  /** `["mlflow", "models", "serve"]` */
  #words({ from, to, line }: LogicalLine): void {
    const mapped = MappedText.of(this.blocks.text(from, to, line));
    if (!mapped) return;
    const words: Expression[] = [];
    for (const { index, 0: quoted } of mapped.text.matchAll(/"(?:[^"\\\n]|\\.)*"/g)) {
      if (words.length >= mostWords) break;
      if (quoted.length > 2) words.push(mapped.part(index + 1, index + quoted.length - 1));
    }
    this.blocks.add(line, wordSites(words));
  }
}
