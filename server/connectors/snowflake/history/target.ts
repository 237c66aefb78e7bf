// Target: which table a statement writes, by its first words; pure. Enough for the history of queries, which has the statement but not what it touched.
import type { ObjectName } from '../ids.ts';

/** A name of one to three parts, of bounded length, as the first group. */
const part = '(?:"(?:[^"]|""){1,255}"|[A-Za-z_][\\w$]{0,254})';
export const namePattern = `(${part}(?:\\s{0,5}\\.\\s{0,5}${part}){0,2})`;
const forms = [
  `insert\\s{1,9}(?:overwrite\\s{1,9})?into\\s{1,9}(?:table\\s{1,9})?${namePattern}`,
  `merge\\s{1,9}into\\s{1,9}${namePattern}`,
  `copy\\s{1,9}into\\s{1,9}${namePattern}`,
  `delete\\s{1,9}from\\s{1,9}${namePattern}`,
  `update\\s{1,9}${namePattern}\\s{1,9}set\\b`,
  `truncate\\s{1,9}(?:table\\s{1,9})?(?:if\\s{1,9}exists\\s{1,9})?${namePattern}`,
  `create\\s{1,9}(?:or\\s{1,9}replace\\s{1,9})?(?:(?:transient|temporary|temp|dynamic|iceberg)\\s{1,9}){0,2}table\\s{1,9}(?:if\\s{1,9}not\\s{1,9}exists\\s{1,9})?${namePattern}`,
].map((form) => new RegExp(`^${form}`, 'i'));

/** `within` gives database and schema to names that do not say theirs. Undefined when it writes no table that it names. */
export function writtenBy(statement: string, within: readonly (string | undefined)[]): ObjectName | undefined {
  const start = withoutComments(statement.slice(0, 20_000)).slice(0, 2_000);
  for (const form of forms) {
    const found = form.exec(start)?.[1];
    if (found !== undefined) return qualified(found, within);
  }
  return undefined;
}

const copying = new RegExp(`^copy\\s{1,9}into\\s{1,9}${namePattern}`, 'i');
/** Of a stage by its name, not of a user or a table; or an address. */
const loading = new RegExp(
  `\\bfrom\\s{1,9}[^@']{0,300}?(?:@${namePattern}((?:/[\\w.=+-]{1,200}){0,20}/?)|'([a-z][a-z0-9+.-]{1,20}://[^'\\s]{1,900})')`,
  'i',
);

/** What `COPY INTO` a table loads: files of a stage, or of an address. Undefined for all other statements. */
export function loadedFrom(
  statement: string,
  within: readonly (string | undefined)[],
): { readonly stage: ObjectName; readonly path: string } | { readonly url: string } | undefined {
  const text = withoutComments(statement.slice(0, 20_000)).slice(0, 2_000);
  const into = copying.exec(text)?.[0];
  const [, stage, path = '', url] = into === undefined ? [] : (loading.exec(text.slice(into.length)) ?? []);
  if (url !== undefined) return { url };
  const name = stage === undefined ? undefined : qualified(stage, within);
  return name && { stage: name, path };
}

/** Undefined when database or schema are said nowhere. */
export function qualified(found: string, [database, schema]: readonly (string | undefined)[]): ObjectName | undefined {
  const parts = (found.match(/"(?:[^"]|"")+"|[\w$]+/g) ?? []).map((one) =>
    one.startsWith('"') ? one.slice(1, -1).replaceAll('""', '"') : one.toUpperCase(),
  );
  const own = parts.at(-1);
  const [inDatabase, inSchema] = [parts.at(-3) ?? database, parts.at(-2) ?? schema];
  return own && inDatabase && inSchema ? [inDatabase, inSchema, own] : undefined;
}

/** Comments and blanks before the first word, where dbt and schedulers write who they are. */
export function withoutComments(statement: string): string {
  let at = 0;
  for (;;) {
    while (/\s/.test(statement.charAt(at))) at += 1;
    if (statement.startsWith('/*', at)) {
      const end = statement.indexOf('*/', at + 2);
      if (end < 0) return '';
      at = end + 2;
    } else if (statement.startsWith('--', at) || statement.startsWith('//', at)) {
      const end = statement.indexOf('\n', at);
      if (end < 0) return '';
      at = end + 1;
    } else return statement.slice(at);
  }
}
