// Ini: the files that Python's configparser reads, as it reads them; a package for ini files cuts a password at its "#".

/** Values by section and key, both as Python has them (keys in lower case); `%%` is one `%`. */
export type Ini = ReadonlyMap<string, ReadonlyMap<string, string>>;

/**
 * Never throws: a line that is neither section, key nor comment is passed over. Comments stand on lines of their own;
 * indented lines go on with the value above. Source: docs.python.org/3/library/configparser.html, read 2026-11.
 */
export function parseIni(text: string): Ini {
  const sections = new Map<string, Map<string, string>>();
  let section: Map<string, string> | undefined;
  let key: string | undefined;
  for (const line of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    const trimmed = line.trim();
    if (trimmed === '') continue;
    if (trimmed.startsWith('#') || trimmed.startsWith(';')) continue;
    if (/^\s/.test(line) && section && key !== undefined) {
      section.set(key, `${section.get(key) ?? ''}\n${trimmed}`.trim());
      continue;
    }
    const name = /^\[([^\]]+)\]/.exec(trimmed)?.[1];
    if (name !== undefined) {
      section = sections.get(name) ?? new Map<string, string>();
      sections.set(name, section);
      key = undefined;
      continue;
    }
    const [, found, value = ''] = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(trimmed) ?? [];
    key = found?.toLowerCase();
    if (section && key !== undefined) section.set(key, value.replaceAll('%%', '%'));
  }
  return sections;
}
