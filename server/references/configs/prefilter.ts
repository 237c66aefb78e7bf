// Prefilter: whether a text can name anything at all, by a look at its letters before it is parsed.
import type { DocumentLanguage } from '../../syntax/languages.ts';
import { programs } from '../rules/commands/index.ts';
import { anywhere } from '../rules/configs/anywhere.ts';
import { configShapes } from '../rules/configs/index.ts';

/** What tools write for themselves, and what is kept from other places: no file in them names anything here. */
const machineMade =
  /\/(?:node_modules|site-packages|\.venv|venv|cassettes|__snapshots__|__fixtures__|recordings?|mlruns|dbt_packages|target|\.ipynb_checkpoints)\/|(?:^|\/)(?:package(?:-lock)?|composer|tsconfig[^/]*|manifest|run_results|catalog|partial_parse|semantic_manifest|devcontainer|settings|launch|extensions|biome|renovate|lerna|angular|\.eslintrc|\.prettierrc|\.babelrc|components|openapi[^/]*|swagger[^/]*)\.jsonc?$|(?:^|\/)(?:pnpm-lock|conda-lock|poetry|package-lock|yarn|mkdocs|codecov|\.?readthedocs|dependabot|\.pre-commit-config|\.pre-commit-hooks|\.golangci|CITATION|_config|environment|conda|meta|uv)\.(?:ya?ml|json|lock)$|\.(?:min|lock|schema|snap|geo|map)\.json$/i;

/** Recordings. */
const recorded = /\/(?:cassettes|responses|golden|snapshots)\/(?:[^?#]*\/)?[^/]*\.json$/i;

const address =
  /\b(?:s3[an]?|gs|gcs|abfss?|wasbs?|adl|az|hdfs|oss|r2):\/\/|\b(?:models|runs|dbfs):\/|\/Volumes\/|\/dbfs\//;
const sql = /\b(?:select|insert|update|delete|merge|create|copy|truncate|drop|alter|unload)\s/i;

/** Rows of `anywhere` by the last key of their path; what is read as SQL or shell has to look like it besides. */
const keysAnywhere = anywhere.rows.flatMap(({ at, read, when, pattern }): string[] => {
  const key = at.split('.').findLast((step) => /^\w{3,}$/.test(step));
  if (read === 'sql' || read === 'maybeSql' || read === 'shell' || key === undefined) return [];
  // `env` and `environment` are said of any variable; those that name things have names of their own.
  const named = /^\^(\w+)\$$/.exec(when?.[0]?.[1] ?? '')?.[1] ?? /^\^(\w+)=/.exec(pattern ?? '')?.[1];
  return [named ?? key];
});
const anything = new RegExp(`\\b(?:${[...new Set(keysAnywhere)].join('|')}|checks for|filter)\\b`);
const commands = new RegExp(`(?:^|[^\\w.])(?:${[...programs.keys(), 'ssh', 'scp'].map(escaped).join('|')})(?![\\w-])`);

/** Locks, recordings and what else no person writes: not even their length is worth a word. */
export function isMachineMade(path: string, language: DocumentLanguage): boolean {
  return machineMade.test(path) || (language === 'json' && recorded.test(path));
}

export function mayName(path: string, text: string): boolean {
  if (isVariables(path) || address.test(text) || anything.test(text) || commands.test(text) || sql.test(text))
    return true;
  const known = new Map<string, boolean>();
  const has = (word: string): boolean => {
    const found = known.get(word) ?? text.includes(word);
    known.set(word, found);
    return found;
  };
  return shapes.some(({ file, words, both }) => {
    const byPath = file?.test(path) ?? false;
    if (both ? !byPath : byPath) return byPath && !both;
    return words.some((alternative) => alternative.every(has));
  });
}

/** What has to be somewhere in the text for each shape to be that of the file. */
const shapes = configShapes
  .filter(({ file, has, rows }) => (file !== undefined || has !== undefined) && rows.length > 0)
  .map(({ file, has = [], both }) => ({
    file: file === undefined ? undefined : new RegExp(file, 'i'),
    both,
    words: has.map((paths) => paths.flatMap((one) => one.replace(/=.*$/s, '').split('.').filter(isKey))),
  }));

function isKey(step: string): boolean {
  return !/^(?:\*|\*\*|\[\]|\{\})$/.test(step);
}

function escaped(name: string): string {
  return name.replace(/[^\w]/g, '\\$&');
}

/** JSON that gives Airflow its variables. */
export function isVariables(path: string): boolean {
  return /(?:^|\/)(?:airflow[-_]?)?variables?[^/]*\.(?:json|ya?ml)$/i.test(path);
}
