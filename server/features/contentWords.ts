// Content words: which commits hold what runs, in words, where its tool does not say the commit itself.
import type { Content, ContentMatch } from '../catalog/content.ts';
import type { EntityId } from '../catalog/entity.ts';
import type { FeatureContext } from './context.ts';
import { code, text } from './markdown.ts';
import { ranContent } from './runCommit.ts';
import { age, count } from './words.ts';

export interface ContentLine {
  readonly words?: string;
  /** What can be compared with the commit found. */
  readonly id?: EntityId;
}

/** What the newest run ran, or what runs now; nothing where no tool hands it out, and while git has not answered. */
export function contentLine(context: FeatureContext, ids: readonly EntityId[]): ContentLine {
  const ran = ranContent(context.catalog, ids);
  const match = ran && context.contentMatch(ran.content, ran.of);
  if (!match) return {};
  const what = !ran.run ? 'Code that runs now' : ids.includes(ran.run.id) ? 'Code' : 'Code of the last run';
  const version = ran.content.version ? `${text(ran.content.version)}, ` : '';
  const words = `${what}: ${version}${contentWords(match, ran.content, context.now)}`;
  return commitOfContent(match) === undefined ? { words } : { words, id: ran.of };
}

/** `content equals commits a1b2c3d…c3d4e5f (main, 3 commits ago), line ends aside, as of 5 min ago`, in Markdown. */
export function contentWords(match: ContentMatch, { at }: Content, now: number): string {
  const parts = [
    matchWords(match, code, text),
    'aside' in match && match.aside && `${match.aside} aside`,
    at !== undefined && `as of ${age(at, now)}`,
  ];
  return parts.filter((part) => part).join(', ');
}

/** `blob 5be1f0a5be1f`, in Markdown: the same for the same bytes. */
export function contentName({ hash, version }: Content): string {
  const name = hash.kind === 'dbt' ? `checksum ${hash.sha256.slice(0, 12)}` : `blob ${hash.ids[0]?.slice(0, 12) ?? ''}`;
  return version ? `${code(name)}, ${text(version)}` : code(name);
}

/** Without marks: for lists and the command line. */
export function plainContentWords(match: ContentMatch): string {
  return matchWords(match, String, String);
}

type Written = (tool: string) => string;

function matchWords(match: ContentMatch, code: Written, text: Written): string {
  switch (match.is) {
    case 'checkedOut': {
      const edited = match.edited ? ', though the file as saved is another' : '';
      const branch = match.branch ? `, ${text(match.branch)}` : '';
      return `content is what is checked out (since ${code(match.first.slice(0, 7))}${branch})${edited}`;
    }
    case 'committed': {
      const ago = match.behind === undefined ? 'not in this checkout' : `${count(match.behind, 'commit')} ago`;
      const where = [match.branch && text(match.branch), ago].filter(Boolean).join(', ');
      return `content equals ${rangeOf(match, code)} (${where})`;
    }
    case 'saved':
      return 'content is the file as saved here, which is in no commit';
    case 'nowhere':
      return 'content is in no commit of this repository: changed by hand, or of another one';
    case 'unknown':
      return `could not ask git whether a commit holds its content: ${text(match.reason)}`;
  }
}

function rangeOf({ first, last }: Extract<ContentMatch, { is: 'committed' }>, code: Written): string {
  const [from, to] = [first.slice(0, 7), last.slice(0, 7)];
  return first === last ? `commit ${code(from)}` : `commits ${code(`${from}…${to}`)}`;
}

/** The commit that brought it, which a file can be compared with; undefined where none holds the content. */
export function commitOfContent(match: ContentMatch | undefined): string | undefined {
  return match?.is === 'checkedOut' || match?.is === 'committed' ? match.first : undefined;
}
