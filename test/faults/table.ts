// The table of faults: how a server misbehaves, and what must come of it; every live connector runs all of it.
import type { EntityKind } from '../../server/catalog/entity.ts';
import type { ConnectionStatus, LiveTool } from '../../server/protocol/connection.ts';
import { changed, eachField, html, json, on, rewritten, text } from './answers.ts';
import type { Fault, Pass, Reply } from './proxy.ts';

/** What the rows must know of a tool. */
export interface FaultTool {
  readonly tool: LiveTool;
  /** Requests of a scan; logging in and asking for the version are none. */
  readonly scan: RegExp;
  /** One endpoint of many, and the kinds that it lists. */
  readonly one: { readonly path: RegExp; readonly kinds: readonly EntityKind[] };
  /** A listing in pages: the field of its items, and of theirs the one that says which is which. */
  readonly pages: { readonly path: RegExp; readonly items: string; readonly name: string };
  /** A listing that has many pages when they are made small. */
  readonly many: {
    readonly path: RegExp;
    readonly small: (path: string, body: string) => { readonly path: string; readonly body: string };
  };
  /** Number fields of entities or runs that are epoch ms or counts. */
  readonly numbers: RegExp;
  /** The field that holds the name of a listed item. */
  readonly name: string;
  /** A first page that is empty, and how the second is asked for. */
  readonly emptyFirst: Fault;
  /** A listing whose pages are always the first one. */
  readonly circle: Fault;
  /** Its things are watched, not run. */
  readonly hasNoRuns?: true;
  /** A hundred thousand things, where a listing has no pages. */
  readonly flood?: Fault;
}

export interface FaultRow {
  readonly name: string;
  readonly fault: (tool: FaultTool) => Fault;
  /** What the connection says afterwards, in any of these. */
  readonly health: readonly ConnectionStatus['health'][];
  /** In its reason. */
  readonly says?: RegExp;
  /**
   * Whether absence may still be said of what was covered: of all, of all but the endpoint's kinds, of nothing; `any`:
   * that depends on what the tool needs of the fault's fields.
   */
  readonly covers: 'all' | 'others' | 'none' | 'any';
  /** False when the server says that things have other names now; else all that was known stays. */
  readonly keeps?: false;
  /** It takes long, for its size alone. */
  readonly isHuge?: true;
  /** It is told by waiting, so the connection waits but a moment. */
  readonly impatient?: true;
  /** Requests at most in four minutes of this fault. */
  readonly most: number;
}

/** A poll a minute, each with all its pages; a fault must not cost more than that and a few retries. */
const usual = 160;
/** After five failures in a row the connection rests, and is tried once in a while. */
const resting = 30;

const longText = 'x'.repeat(10_000_000);
const hostile = '<img src=x onerror=alert(1)> [a](command:x) \u202e\u0000\u001b[31m `|` ../../..';

export const faults: readonly FaultRow[] = [
  {
    name: 'the token is wrong',
    fault: () => () => json(401, { detail: 'Invalid credentials', message: 'You are not authenticated.' }),
    health: ['forbidden', 'failing'],
    says: /sign in|credential|token|password|not authenticated/i,
    covers: 'none',
    most: resting,
  },
  {
    name: 'the token expires in the middle of a scan',
    fault: (tool) => {
      let left = 2;
      return on(tool.scan, (_asked, pass) => {
        left -= 1;
        return left < 0 ? json(401, { detail: 'Token has expired' }) : passed(pass);
      });
    },
    health: ['forbidden', 'failing'],
    says: /sign in|credential|token|password/i,
    covers: 'none',
    most: resting,
  },
  {
    name: '403 on one endpoint of many',
    fault: ({ one }) => on(one.path, () => json(403, { detail: 'Forbidden', error_code: 'PERMISSION_DENIED' })),
    health: ['fresh', 'forbidden'],
    says: /403|allowed|permission|forbidden/i,
    covers: 'others',
    most: usual,
  },
  {
    name: 'one endpoint is of another version: 404',
    fault: ({ one }) => on(one.path, () => json(404, { detail: 'Not Found', error_code: 'ENDPOINT_NOT_FOUND' })),
    health: ['fresh', 'failing'],
    covers: 'any',
    most: usual,
  },
  {
    name: '429 with Retry-After',
    fault: () => () => json(429, { message: 'slow down' }, { 'retry-after': '120' }),
    health: ['failing'],
    says: /429|too many|slow/i,
    covers: 'none',
    most: 8,
  },
  {
    name: '429 without Retry-After',
    fault: () => () => json(429, { message: 'slow down' }),
    health: ['failing'],
    says: /429|too many|slow/i,
    covers: 'none',
    most: resting,
  },
  {
    name: '500',
    fault: () => () => text(500, 'Internal Server Error'),
    health: ['failing'],
    says: /500/,
    covers: 'none',
    most: resting,
  },
  {
    name: '503',
    fault: () => () => text(503, 'Service Unavailable'),
    health: ['failing'],
    says: /503/,
    covers: 'none',
    most: resting,
  },
  {
    name: 'a slow drip',
    fault: (tool) => on(tool.scan, async (_asked, pass) => ({ kind: 'drip', answer: await pass(), everyMs: 40 })),
    health: ['failing'],
    says: /did not finish|sent nothing/,
    covers: 'none',
    impatient: true,
    most: resting,
  },
  {
    name: 'no answer at all',
    fault: () => () => ({ kind: 'hang' }),
    health: ['failing'],
    says: /sent nothing/,
    covers: 'none',
    impatient: true,
    most: resting,
  },
  {
    name: 'the connection is reset on page 7',
    fault: ({ many }) => {
      let page = 0;
      return on(many.path, async (asked, pass) => {
        const { path, body } = many.small(asked.path, asked.body);
        const answer = await pass({ path, body });
        page += 1;
        return page >= 7 ? { kind: 'cut', answer, bytes: 30 } : { kind: 'answer', answer };
      });
    },
    health: ['failing', 'fresh'],
    says: /closed|reset|broke|cut|ended|aborted|unfinished/i,
    covers: 'any',
    most: usual,
  },
  {
    name: 'truncated JSON',
    fault: (tool) =>
      on(
        tool.scan,
        rewritten((body) => body.slice(0, Math.floor(body.length / 2))),
      ),
    health: ['failing'],
    says: /JSON/,
    covers: 'none',
    most: resting,
  },
  {
    name: 'an HTML page to log in',
    fault: () => () => html(200, '<html><head><title>Sign in</title></head><body>Please sign in</body></html>'),
    health: ['failing'],
    says: /HTML|page|sign in/i,
    covers: 'none',
    most: resting,
  },
  {
    name: 'a wrong content type',
    fault: (tool) => on(tool.scan, () => text(200, 'all is well', { 'content-type': 'application/octet-stream' })),
    health: ['failing'],
    says: /JSON|octet/i,
    covers: 'none',
    most: resting,
  },
  {
    name: 'fields are missing',
    fault: () => changed((value) => eachField(value, (name, inner) => (name.length % 2 === 0 ? undefined : inner))),
    health: ['fresh', 'failing'],
    covers: 'any',
    most: usual,
  },
  {
    name: 'fields are null',
    fault: () => changed((value) => eachField(value, (name, inner) => (name.length % 3 === 0 ? null : inner))),
    health: ['fresh', 'failing'],
    covers: 'any',
    most: usual,
  },
  {
    name: 'fields are of another type',
    fault: () =>
      changed((value) =>
        eachField(value, (name, inner) => (name.length % 3 === 1 && typeof inner === 'string' ? [{ a: 1 }] : inner)),
      ),
    health: ['fresh', 'failing'],
    covers: 'any',
    most: usual,
  },
  {
    name: 'a field of 10 MB',
    fault: (tool) =>
      on(
        tool.one.path,
        changed((value) => eachField(value, (name, inner) => (name === 'description' ? longText : inner))),
      ),
    health: ['fresh', 'failing'],
    covers: 'any',
    isHuge: true,
    most: usual,
  },
  {
    name: 'whole numbers are texts',
    fault: ({ numbers }) =>
      changed((value) =>
        eachField(value, (name, inner) => (numbers.test(name) && typeof inner === 'number' ? String(inner) : inner)),
      ),
    health: ['fresh'],
    covers: 'all',
    most: usual,
  },
  {
    name: 'numbers that JSON does not have',
    fault: ({ numbers }) =>
      rewritten((body) =>
        body.replace(/"(value|duration|step)"\s*:\s*-?\d+(\.\d+)?/g, (whole, name: string) =>
          numbers.test(name) ? whole : `"${name}":NaN`,
        ),
      ),
    health: ['fresh', 'failing'],
    covers: 'any',
    most: usual,
  },
  {
    name: 'the clock of the server is hours ahead',
    fault: () => async (_asked, pass) => {
      const answer = await pass();
      const date = new Date(Date.now() + 5 * 3_600_000).toUTCString();
      return { kind: 'answer', answer: { ...answer, headers: { ...answer.headers, date } } };
    },
    health: ['fresh'],
    covers: 'all',
    most: usual,
  },
  {
    name: 'a page that comes again and again',
    fault: ({ circle }) => circle,
    health: ['fresh', 'failing'],
    says: /again|repeat|same|circle|end/i,
    covers: 'any',
    most: usual,
  },
  {
    name: 'an empty page with a token',
    fault: ({ emptyFirst }) => emptyFirst,
    health: ['fresh', 'failing'],
    covers: 'any',
    most: usual,
  },
  {
    name: 'hostile names',
    fault: ({ name }) =>
      changed((value) => eachField(value, (field, inner) => (field === name ? `${String(inner)}${hostile}` : inner))),
    health: ['fresh', 'failing'],
    covers: 'any',
    most: usual,
    keeps: false,
  },
  {
    name: 'a hundred thousand of them',
    fault: ({ pages, flood }) => flood ?? on(pages.path, thousands(pages)),
    health: ['fresh'],
    covers: 'any',
    isHuge: true,
    most: 2_000,
  },
  {
    name: 'a redirect loop',
    fault: () => (asked) => redirect(asked.path),
    health: ['failing'],
    says: /redirect|circle/i,
    covers: 'none',
    most: resting * 6,
  },
];

/** Pages of a thousand made from the first real item, until there are a hundred thousand. */
function thousands({ items, name }: FaultTool['pages']): Fault {
  return async (asked, pass) => {
    const answer = await pass();
    const real = asObject(JSON.parse(answer.body.toString('utf8')));
    const listed: unknown = Object.entries(real).find(([field]) => field === items)?.[1];
    const [first] = Array.isArray(listed) ? listed : [];
    const query = new URL(asked.path, 'http://any').searchParams;
    const from = Number(query.get('page_token')?.replace('from-', '') ?? query.get('offset') ?? 0);
    const size = Number(query.get('limit') ?? 1000);
    const made = Array.from({ length: size }, (_, n) => ({ ...asObject(first), [name]: `made-${from + n}` }));
    const next = from + size >= 100_000 ? '' : `from-${from + size}`;
    return json(200, {
      [items]: [...(from === 0 && Array.isArray(listed) ? listed : []), ...made],
      next_page_token: next,
      total_entries: 100_000,
    });
  };
}

export function passed(pass: Pass): Promise<Reply> {
  return pass().then((answer) => ({ kind: 'answer', answer }));
}

export function redirect(location: string): Reply {
  return { kind: 'answer', answer: { status: 302, headers: { location }, body: Buffer.alloc(0) } };
}

function asObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}
