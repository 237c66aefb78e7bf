// Who wrote a file: the authors of the lines it has at HEAD, most lines first.
import type { LineAuthor } from '../../connectors/repository.ts';

const longest = 200;
const most = 20;

/** Of `git blame --incremental`: a heading `hash old new count` for each run of lines, then what its commit says, once. */
export function authorsIn(text: string): readonly LineAuthor[] {
  const lines = new Map<string, number>();
  const commits = new Map<string, { author: string; at: number }>();
  let hash = '';
  for (const line of text.split('\n')) {
    const [, found, count] = /^([0-9a-f]{40,64}) \d+ \d+ (\d+)$/.exec(line) ?? [];
    if (found !== undefined) {
      hash = found;
      lines.set(hash, (lines.get(hash) ?? 0) + Number(count));
      if (!commits.has(hash)) commits.set(hash, { author: '', at: 0 });
    }
    const commit = commits.get(hash);
    if (!commit) continue;
    if (line.startsWith('author ')) commit.author = line.slice('author '.length, longest);
    if (line.startsWith('author-time ')) commit.at = Number(line.slice('author-time '.length)) * 1000 || 0;
  }
  const byAuthor = new Map<string, { lines: number; at: number }>();
  for (const [of, { author, at }] of commits) {
    const known = byAuthor.get(author) ?? { lines: 0, at: 0 };
    byAuthor.set(author, { lines: known.lines + (lines.get(of) ?? 0), at: Math.max(known.at, at) });
  }
  return [...byAuthor]
    .map(([author, { lines: count, at }]) => ({ author, lines: count, at }))
    .filter(({ author }) => author !== '')
    .sort((a, b) => b.lines - a.lines || b.at - a.at)
    .slice(0, most);
}
