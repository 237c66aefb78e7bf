// Corpus: all source files of some of the public packages that the accuracy bench labels, unpacked once into the cache.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isSource } from '../../server/syntax/languages.ts';
import { archiveOf, cacheFolder } from './accuracy/archives.ts';
import { readLabels } from './accuracy/labels.ts';
import { unpackAll } from './accuracy/unpack.ts';

const labels = path.join(import.meta.dirname, 'accuracy/labels');
const largest = 1_000_000;
/** Several thousand files of Python, SQL and YAML; not the largest packages, which would be most of it. */
const taken = /^(apache-airflow|astronomer|dagster|elementary|feast|sqlmesh|databricks|re-data)/;

/** The folder, one folder in it for each package. Needs the network once. */
export async function corpusFolder(): Promise<string> {
  const names = (await readdir(labels)).filter((name) => name.endsWith('.labels')).sort();
  const packages = await Promise.all(
    names.map(async (name) => readLabels(await readFile(path.join(labels, name), 'utf8'), name)),
  );
  const chosen = packages.filter((one) => taken.test(one.package));
  const archives = new Map(chosen.map((one) => [one.sha256, one]));
  const key = createHash('sha256')
    .update([...archives.keys()].sort().join())
    .digest('hex')
    .slice(0, 12);
  const folder = path.join(cacheFolder(), `corpus-${key}`);
  if (await stat(folder).catch(() => undefined)) return folder;
  const draft = `${folder}.${process.pid}`;
  for (const one of archives.values()) {
    const bytes = await archiveOf(one);
    const wanted = (name: string): boolean => isSource(path.posix.basename(name)) && !name.includes('..');
    for (const [name, content] of unpackAll(bytes, one.archive, wanted)) {
      if (content.length > largest) continue;
      const target = path.join(draft, `${one.package}-${one.version}`, name);
      await mkdir(path.dirname(target), { recursive: true });
      await writeFile(target, content).catch(() => undefined);
    }
  }
  await rename(draft, folder);
  return folder;
}
