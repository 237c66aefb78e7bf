// Languages: what we read of a text, by the editor's word for it or by the name of its file.

/** Only these; every other language lies silent. */
export type DocumentLanguage =
  | 'python'
  | 'notebook'
  | 'sql'
  | 'yaml'
  | 'json'
  | 'toml'
  | 'terraform'
  | 'shell'
  | 'make'
  | 'dockerfile'
  | 'env'
  | 'none';

/** By the editor's language id; also those that well-known extensions bring. */
const byId: ReadonlyMap<string, DocumentLanguage> = new Map([
  ['python', 'python'],
  ['ipynb', 'notebook'],
  ['sql', 'sql'],
  ['jinja-sql', 'sql'],
  ['sql-jinja', 'sql'],
  ['dbt-sql', 'sql'],
  ['snowflake-sql', 'sql'],
  ['yaml', 'yaml'],
  ['jinja-yaml', 'yaml'],
  ['dockercompose', 'yaml'],
  ['github-actions-workflow', 'yaml'],
  ['json', 'json'],
  ['jsonc', 'json'],
  ['toml', 'toml'],
  ['terraform', 'terraform'],
  ['hcl', 'terraform'],
  ['opentofu', 'terraform'],
  ['shellscript', 'shell'],
  ['makefile', 'make'],
  ['dockerfile', 'dockerfile'],
  ['dotenv', 'env'],
]);

/** Names of files, the first that fits; the id is the editor's own where it has one. */
const byName: readonly (readonly [RegExp, string])[] = [
  [/\.pyi?$/i, 'python'],
  [/\.ipynb$/i, 'ipynb'],
  [/\.sql$/i, 'sql'],
  [/\.ya?ml(\.(j2|jinja2?|tpl|tmpl))?$|^MLproject$|^MLmodel$/i, 'yaml'],
  [/\.(json|jsonc|ndjson|json-tpl)$/i, 'json'],
  [/\.toml$/i, 'toml'],
  [/\.(tf|tofu|tfvars)$/i, 'terraform'],
  [/\.(sh|bash|zsh)$/i, 'shellscript'],
  [/^(GNU)?makefile$|\.mk$/i, 'makefile'],
  [/^(Dockerfile|Containerfile)(\.|$)|\.dockerfile$/i, 'dockerfile'],
  [/^\.env(\.|$)|\.env$/i, 'dotenv'],
];

/**
 * The name of the file decides where the editor's word says nothing to us: plain text, as it calls `MLproject`, and the
 * words of extensions that read a part of a language only, such as Ansible or Azure Pipelines.
 */
export function languageOf(languageId: string, uri = ''): DocumentLanguage {
  return byId.get(languageId) ?? byId.get(languageIdOf(uri)) ?? 'none';
}

/** The editor's word for a file that is not open; `plaintext` for what we do not read. */
export function languageIdOf(path: string): string {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  return byName.find(([pattern]) => pattern.test(name))?.[1] ?? 'plaintext';
}

/** Whether a closed file of this name is read into the index. */
export function isSource(name: string): boolean {
  return languageIdOf(name) !== 'plaintext';
}
