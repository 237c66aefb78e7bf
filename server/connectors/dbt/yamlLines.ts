// YamlLines: where in a dbt YAML file a source table is declared, without needing the file to parse.

/** 1-based line of `- name: <table>` below `- name: <source>`; 1 when it is not found. */
export function sourceLine(text: string, source: string, table: string): number {
  const lines = text.split('\n');
  const sourceAt = lines.findIndex((line) => names(line, source));
  const tableAt = lines.findIndex((line, index) => index > sourceAt && names(line, table));
  return Math.max(tableAt, sourceAt, 0) + 1;
}

function names(line: string, name: string): boolean {
  const match = /^\s*-?\s*name:\s*(["']?)(.*?)\1\s*(?:#.*)?$/.exec(line);
  return match?.[2] === name;
}
