// Markdown: how text that tools and people wrote is put into hovers so that it stays text.
import type { EntityId } from '../catalog/entity.ts';
import { commandNames } from '../protocol/lsp.ts';

const longestName = 200;
const longestText = 400;

/** Directions of writing, joiners, tags and other characters that change what is seen without being seen. */
const invisible =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/** One line; blanks of any kind become one blank, invisible characters are named: `⟨U+202E⟩`. */
export function visible(said: string, longest: number = longestText): string {
  const clipped = said.length > longest * 2 ? said.slice(0, longest * 2) : said;
  const line = clipped
    .replace(/[\s\u2028\u2029\u0085]+/g, ' ')
    .trim()
    .replace(invisible, (one) => `⟨U+${(one.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`)
    .toWellFormed();
  const points = [...line];
  return points.length > longest || clipped !== said ? `${points.slice(0, longest).join('')}…` : line;
}

/**
 * Prose from a tool. Escapes what markdown, HTML, entities, theme icons and automatic links are made of;
 * any ASCII punctuation may be escaped so (CommonMark 0.31.2, section 2.4).
 */
export function text(said: string): string {
  return visible(said)
    .replace(/[\\`*_{}[\]<>&~$#@]/g, '\\$&')
    .replace(/:(?=\/)/g, '\\:')
    .replace(/\b(www)\./gi, '$1\\.')
    .replace(/^(\s*)([-+>=]|\d+[.)])/, '$1\\$2');
}

/** A name, in a code span that no name can end: nothing inside is markdown. */
export function code(name: string): string {
  const inside = visible(name, longestName);
  const longest = Math.max(0, ...[...inside.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const isBare = !/^`|`$/.test(inside) && inside !== '';
  return isBare ? `${fence}${inside}${fence}` : `${fence} ${inside} ${fence}`;
}

/** Cells are markdown already; a bar inside one would begin another, even in code. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

type CommandName = keyof typeof commandNames;

/**
 * The only command links there are: ours, with one entity id as argument. The label of every link here is text, not
 * markdown: the renderer of VS Code ends a label at a bracket even inside a code span (seen with marked 18.2.1).
 */
export function commandLink(label: string, command: CommandName, id: EntityId): string {
  return `[${text(label)}](command:${commandNames[command]}?${encoded(JSON.stringify([id]))})`;
}

/** Undefined unless it is http or https. */
export function webLink(label: string, url: string | undefined): string | undefined {
  const parsed = url && URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol !== 'http:' && parsed?.protocol !== 'https:') return undefined;
  return link(label, parsed.href);
}

/** To a line (0-based) of a file that the editor named; to the file alone without one. */
export function fileLink(label: string, uri: string, line?: number): string {
  return link(label, line === undefined ? uri : `${uri}#L${line + 1}`);
}

/** To an address of our own making. */
export function link(label: string, uri: string): string {
  return `[${text(label)}](${uri.replace(/[()<>\s\\]/g, (one) => encoded(one))})`;
}

/** Also what encodeURIComponent leaves and markdown would read: the bracket that ends a link above all. */
function encoded(argument: string): string {
  return encodeURIComponent(argument.toWellFormed()).replace(
    /[!'()*~]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
