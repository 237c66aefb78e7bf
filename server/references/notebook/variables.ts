// Variables: names of Python, and widgets, that notebooks put into their SQL and shell lines.
import type { Expression, Span } from '../expression.ts';
import { widgetBinding } from '../python/widgets.ts';
import type { PlacedBlock, PlacedSite, Site } from '../summary.ts';

/** `${widget}` of Databricks, `{name}` of IPython's own lines, `$name` of its SQL. Jinja is left to who reads the SQL. */
const variable = /\$\{(?:widget\.)?(\w{1,100})\}|\{(\w{1,100})\}|\$(\w{1,100})/g;

/** The same with what stands for a value of the notebook evaluated as that. `text` is what the lines of the blocks count in. */
export function withVariables(blocks: readonly PlacedBlock[], text: string, isShell: boolean): readonly PlacedBlock[] {
  if (!/[{$]/.test(text)) return blocks;
  const rows = text.split(/\r\n|\r|\n/);
  return blocks.map((placed) => {
    const sites = placed.block.sites.map((site) => filled(site, rows, placed.line, isShell));
    return { line: placed.line, block: { ...placed.block, sites } };
  });
}

function filled(site: PlacedSite, rows: readonly string[], line: number, isShell: boolean): PlacedSite {
  const { content } = site;
  if (content.site !== 'table' && content.site !== 'text' && content.site !== 'name') return site;
  const { value } = content;
  const written = ([first, from, last, to]: Span): string | undefined =>
    first === last ? rows[line + site.line + first]?.slice(from, to) : undefined;
  const next = isShell ? inShell(value, written) : inSql(value, written(value.at));
  return next === value ? site : { ...site, content: withValue(content, next) };
}

/** The scan has left names in holes; they are read again from what is written. */
function inSql(value: Expression, written: string | undefined): Expression {
  if ((value.is !== 'text' && value.is !== 'join') || written === undefined || written.includes('{{')) return value;
  const parts = partsOf(written, value.at, false);
  return parts ? { is: 'join', parts, at: value.at } : value;
}

/** Texts as they are written; escapes, and variables of the shell, are known better by who read it. */
function inShell(value: Expression, written: (at: Span) => string | undefined): Expression {
  if (value.is === 'join') {
    const parts = value.parts.map((part) => inShell(part, written));
    return parts.every((part, index) => part === value.parts[index]) ? value : { ...value, parts };
  }
  // `!aws s3 ls s3://$bucket/`: Python's own comes first.
  if (value.is === 'hole' && value.of.is === 'setting' && value.of.space === 'env' && !value.of.otherwise) {
    const { of, at } = value;
    return { ...value, of: { is: 'choice', options: [{ is: 'name', name: of.name, at }, of], at } };
  }
  if (value.is !== 'text' || value.value !== written(value.at)) return value;
  const parts = partsOf(value.value, value.at, true);
  return parts ? { is: 'join', parts, at: value.at } : value;
}

function withValue<Named extends Extract<Site, { readonly site: 'table' | 'text' | 'name' }>>(
  content: Named,
  value: Expression,
): Named {
  return { ...content, value };
}

/** Undefined without a variable. */
function partsOf(written: string, [line, column]: Span, isShell: boolean): readonly Expression[] | undefined {
  const parts: Expression[] = [];
  let done = 0;
  const at = (from: number, to: number): Span => [line, column + from, line, column + to];
  const text = (from: number, to: number): void => {
    if (from < to) parts.push({ is: 'text', value: written.slice(from, to), at: at(from, to) });
  };
  for (const match of written.matchAll(variable)) {
    const [whole, widget, braced, plain] = match;
    const name = widget === undefined ? (braced ?? plain) : widgetBinding(widget);
    // The shell has such names of its own.
    if (name === undefined || (isShell && braced === undefined)) continue;
    text(done, match.index);
    done = match.index + whole.length;
    parts.push({ is: 'hole', of: { is: 'name', name, at: at(match.index, done) }, at: at(match.index, done) });
  }
  if (parts.length === 0 || done === 0) return undefined;
  text(done, written.length);
  return parts;
}
