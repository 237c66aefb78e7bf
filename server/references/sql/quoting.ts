// SQL quoting: where comments, texts, quoted names and Jinja end, in any dialect; linear in the text however it is broken.

export interface JinjaPart {
  readonly from: number;
  readonly to: number;
  readonly sort: 'expression' | 'statement';
}

type JinjaSort = JinjaPart['sort'] | 'comment';

/** What searching that found nothing may cost, in characters; after it only the plain closing marks count. */
const mostLost = 200_000;
const longestName = 300;

/** Remembers what there is none of any more, so that no mark is searched for twice. */
export class Quoting {
  readonly #text: string;
  readonly #end: number;
  readonly #next = new Map<string, number>();
  #lost = 0;
  #rawEnd = 0;
  /** Found on the way, also in texts and quoted names; in the order of the text. */
  readonly jinja: JinjaPart[] = [];

  constructor(text: string, end: number) {
    this.#text = text;
    this.#end = end;
  }

  /** The next place of a mark from `at` on, inside of the part that is read; -1 when there is none. */
  find(mark: string, at: number): number {
    const known = this.#next.get(mark);
    if (known !== undefined && known >= at) return known === Number.MAX_SAFE_INTEGER ? -1 : known;
    const found = this.#text.indexOf(mark, at);
    const next = found < 0 || found + mark.length > this.#end ? Number.MAX_SAFE_INTEGER : found;
    this.#next.set(mark, next);
    return next === Number.MAX_SAFE_INTEGER ? -1 : next;
  }

  lineEnd(at: number): number {
    const end = this.find('\n', at);
    return end < 0 ? this.#end : end;
  }

  /** After the comment that begins here, or `at`. `first`: nothing stands before it on its line. */
  comment(at: number, first: boolean): number {
    const text = this.#text;
    const code = text.charCodeAt(at);
    const next = text.charCodeAt(at + 1);
    if (code === 45 && next === 45) return this.lineEnd(at);
    // `//` is Snowflake's; elsewhere it divides.
    if (code === 47 && next === 47 && first) return this.lineEnd(at);
    if (code === 35 && (first || next === 32) && next !== 62 && next !== 45) return this.lineEnd(at);
    if (code !== 47 || next !== 42) return at;
    const close = this.find('*/', at + 2);
    if (close < 0) return this.#end;
    return this.#nested(at, close);
  }

  /** Comments in comments count where each is closed; where one is not, the first mark closes. */
  #nested(at: number, close: number): number {
    let depth = 1;
    let inside = at + 2;
    let shut = close;
    for (;;) {
      const open = this.find('/*', inside);
      if (open >= 0 && open < shut) {
        depth++;
        inside = open + 2;
      } else {
        depth--;
        inside = shut + 2;
        if (depth === 0) return inside;
        shut = this.#lost > mostLost ? -1 : this.#text.indexOf('*/', inside);
        if (shut < 0 || shut >= this.#end) {
          this.#lost += this.#end - at;
          return close + 2;
        }
      }
    }
  }

  /** `{{ … }}`, `{% … %}` or `{# … #}`; half typed, it ends with its line. Its part is noted. */
  jinjaAt(at: number): { to: number; sort: JinjaSort } | undefined {
    const mark = this.#text.charAt(at + 1);
    const closing = mark === '{' ? '}}' : mark === '%' ? '%}' : mark === '#' ? '#}' : undefined;
    if (!closing || at + 2 > this.#end) return undefined;
    const sort: JinjaSort = mark === '{' ? 'expression' : mark === '%' ? 'statement' : 'comment';
    const plain = this.find(closing, at + 2);
    const to =
      plain < 0 ? this.lineEnd(at) : sort === 'comment' ? plain + 2 : this.#behindTexts(at + 2, plain, closing);
    if (at < this.#rawEnd) return { to, sort };
    if (sort !== 'comment' && at > (this.jinja.at(-1)?.from ?? -1)) this.jinja.push({ from: at, to, sort });
    // What is raw is SQL; its Jinja is someone else's.
    if (sort === 'statement' && /^\{%[-+]?\s{0,9}raw\b/.test(this.#text.slice(at, at + 20)))
      this.#rawEnd = this.#endOfRaw(to);
    return { to, sort };
  }

  /** A closing mark inside of a text of Jinja closes nothing. */
  #behindTexts(from: number, plain: number, closing: string): number {
    const text = this.#text;
    let at = from;
    let close = plain;
    while (at <= close) {
      const sign = text.charAt(at);
      if (at === close) return close + 2;
      if (sign === "'" || sign === '"') {
        const end = this.#lost > mostLost ? -1 : text.indexOf(sign, at + 1);
        if (end > close) {
          const next = text.indexOf(closing, end);
          if (next < 0 || next >= this.#end || next - from > 20_000) {
            this.#lost += 20_000;
            return plain + 2;
          }
          close = next;
        }
        if (end < 0) return plain + 2;
        at = end + 1;
      } else at++;
    }
    return close + 2;
  }

  #endOfRaw(from: number): number {
    const text = this.#text;
    for (let at = this.find('{%', from); at >= 0; at = this.find('{%', at + 2)) {
      if (!/^\{%[-+]?\s{0,9}endraw\b/.test(text.slice(at, at + 24))) continue;
      const close = this.find('%}', at);
      return close < 0 ? this.#end : close + 2;
    }
    return this.#end;
  }

  /** Whether what begins here is Jinja that a text or name goes on behind; after it then, else `at`. */
  #over(at: number): number {
    const next = this.#text.charCodeAt(at + 1);
    if (this.#text.charCodeAt(at) !== 123 || (next !== 123 && next !== 37 && next !== 35)) return at;
    return this.jinjaAt(at)?.to ?? at;
  }

  /**
   * After a text in single quotes. `''` is one quote; a backslash hides a quote in half of the dialects: it does here
   * where the text would else end in the middle of a word, or where one was hidden before. `bracketed`: it ends with
   * the bracket that it begins with.
   */
  text(from: number, bracketed = false): number {
    const text = this.#text;
    const open = '[{(<'.indexOf(text.charAt(from + 1));
    const close = bracketed ? this.find(`${open < 0 ? text.charAt(from + 1) : ']})>'.charAt(open)}'`, from + 2) : -1;
    if (close >= 0) return close + 2;
    let hides = false;
    let at = from + 1;
    while (at < this.#end) {
      const code = text.charCodeAt(at);
      if (code === 39) {
        if (text.charCodeAt(at + 1) !== 39) return at + 1;
        at += 2;
      } else if (code === 92 && text.charCodeAt(at + 1) === 39) {
        hides ||= /[\w']/.test(text.charAt(at + 2));
        at += hides ? 2 : 1;
      } else if (code === 92 && hides) at += 2;
      else if (code === 123) {
        const behind = this.#over(at);
        at = behind > at ? behind : at + 1;
      } else at++;
    }
    return this.#end;
  }

  /** After a quoted name; one whose quote is missing ends with its line. */
  name(from: number, sign: string): number {
    const text = this.#text;
    let at = from + 1;
    while (at < this.#end) {
      const code = text.charCodeAt(at);
      if (code === 10 || code === 13) return at;
      if (text.charAt(at) === sign) {
        if (text.charAt(at + 1) !== sign) return at + 1;
        at += 2;
      } else if (code === 92 && sign === '"') at += 2;
      else if (code === 123) {
        const behind = this.#over(at);
        at = behind > at ? behind : at + 1;
      } else at++;
    }
    return this.#end;
  }

  /** `[dbo]` of T-SQL, `[project:data.orders]` of old BigQuery; -1 where it is something else, an array perhaps. */
  bracketed(from: number): number {
    const text = this.#text;
    let at = from + 1;
    if (!/[A-Za-z_@#{\ue000-\uf8ff]/.test(text.charAt(at))) return -1;
    while (at < this.#end && at - from < longestName) {
      const sign = text.charAt(at);
      if (sign === ']') return at + 1;
      if (!/[\w $#@:.{}\-\ue000-\uf8ff]/.test(sign)) return -1;
      at++;
    }
    return -1;
  }

  /** After `$$ … $$`, `$body$ … $body$` or `""" … """`. Undefined where none begins. */
  block(at: number): { to: number; mark: string } | undefined {
    const text = this.#text;
    let mark = '';
    if (text.startsWith('"""', at)) mark = '"""';
    else if (text.startsWith("'''", at) && text.charCodeAt(at + 3) !== 39) mark = "'''";
    else if (text.charCodeAt(at) === 36) mark = /^\$(?:[A-Za-z_]\w{0,60})?\$/.exec(text.slice(at, at + 64))?.[0] ?? '';
    if (mark === '') return undefined;
    const end = this.find(mark, at + mark.length);
    // Three quotes that nothing closes are an empty text and one that goes on.
    if (end < 0 && mark !== '$$') return undefined;
    return { to: end < 0 ? this.#end : end + mark.length, mark };
  }
}

/** Without the marks around it, and without the signs that eat white space. */
export function insidePart(text: string, { from, to, sort }: JinjaPart): readonly [from: number, to: number] {
  const close = sort === 'expression' ? '}}' : '%}';
  let [start, end] = [from + 2, to];
  if (end - start >= 2 && text.startsWith(close, end - 2)) end -= 2;
  if (/[-+]/.test(text.charAt(start))) start++;
  if (end > start && /[-+]/.test(text.charAt(end - 1))) end--;
  return [start, Math.max(start, end)];
}
