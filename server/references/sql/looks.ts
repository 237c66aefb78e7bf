// Looks like SQL: tells texts that are SQL from sentences, which begin with "Select …" too.

/** Blanks, brackets, comments and Jinja in front of the first word. */
const lead = /^(?:\s|\(|;|--[^\n]*\n|#[^\n]*\n|\/\*[^*]*\*\/|\{[{%#][^}]*\}\}?)*/;
const shortest = 10;
const shortUse = /^\s*use\s+[\w"`[]/i;

/** A cheap look at the first words. */
export function beginsLikeSql(text: string): boolean {
  return (text.length >= shortest || shortUse.test(text)) && begins.test(text.slice(0, 600));
}

interface Second {
  readonly any: RegExp;
  readonly upper: RegExp;
  readonly lower: RegExp;
}
/** What sentences have seldom, and statements nearly always. */
const signs = /[\n*=_]|[\w\ue000-\uf8ff]\.[\w\ue000-\uf8ff]|,/;
const never = /(?!)/;

/** `shouted`: in small letters it is a word like any other. */
function second(words: string, shouted = false): Second {
  return {
    any: new RegExp(`\\b(?:${words})\\b`, 'i'),
    upper: new RegExp(`\\b(?:${words.toUpperCase()})\\b`),
    lower: shouted ? never : new RegExp(`\\b(?:${words.toLowerCase()})\\b`),
  };
}

const seconds: Readonly<Record<string, Second>> = {
  select: second('from|into|ai_query'),
  with: second('select|insert|update|delete|merge'),
  insert: second('into|overwrite|values'),
  update: second('set'),
  delete: second('from|where'),
  merge: second('into|using'),
  create: second('table|view|stream|pipe|task|stage|procedure|function|index|trigger'),
  copy: second('into|from|to'),
  truncate: second('table|truncate', true),
  drop: second('table|view'),
  alter: second('table|view|select|insert|merge'),
  unload: second('to', true),
  load: second('into', true),
  export: second('options|to', true),
  explain: second('from', true),
  optimize: second('optimize', true),
  vacuum: second('vacuum', true),
  analyze: second('analyze', true),
  refresh: second('table|view', true),
  describe: second('describe', true),
  show: second('columns|create|partitions|tblproperties', true),
  msck: second('table', true),
  lock: second('table', true),
  comment: second('table', true),
  rename: second('table', true),
  undrop: second('table', true),
  grant: second('to', true),
  revoke: second('from', true),
  cache: second('table', true),
  replace: second('into'),
  use: second('use', true),
  set: second('select|insert|update|delete', true),
  begin: second('select|insert|update|delete|merge|create', true),
  declare: second('select|insert|update|delete|merge|create', true),
  execute: second('immediate', true),
  from: second('select|join|where', true),
  if: second('select|exec|drop|create', true),
  model: second('name', true),
};

/** `DROP TABLE is not supported`: in small letters behind the great ones, and more words or nothing behind it. */
const saying =
  /^(?:CREATE|DROP|ALTER|TRUNCATE)\b[A-Z ]{0,40}\b(?:TABLE|VIEW)S?\s+(?:is|are|was|were|must|can|cannot|should|will|would|may|might|does|did|has|have|had|not|failed|fails|statements?|commands?|query|queries|privileges?|permissions?|operations?|syntax|on|in|for|to|and|or|but|when|because|that|which|with|without|by|of|the)(?:\s+[a-z'"]|[.,:!]|\s*$)/;

const begins = new RegExp(`${lead.source}(?:${Object.keys(seconds).join('|')})\\b`, 'i');

/** `known`: it is handed to what takes SQL, so less of it has to look like SQL. */
export function looksLikeSql(value: string, known: boolean): boolean {
  if (value.length < shortest && !(known && shortUse.test(value))) return false;
  const body = value.replace(lead, '');
  const verb = /^[A-Za-z]+/.exec(body)?.[0] ?? '';
  const next = Object.hasOwn(seconds, verb.toLowerCase()) ? seconds[verb.toLowerCase()] : undefined;
  if (!next) return false;
  if (known) return next.any.test(body);
  if (saying.test(body.slice(0, 200))) return false;
  if (verb === verb.toUpperCase()) return next.upper.test(body) || (next.any.test(body) && signs.test(body));
  if (verb === verb.toLowerCase()) return next.lower.test(body) && signs.test(body);
  // `Select * From Orders`: written like a title, and with a sign that no sentence has.
  return (
    /^(?:Select|Insert|Update|Delete|Create)$/.test(verb) &&
    /\b(?:From|Into|Set|Table|View)\b/.test(body) &&
    /[*=(]/.test(body)
  );
}

const body =
  /^[\s(]*(?:--[^\n]*\n\s*)*(?:declare|begin|select|with|insert|update|delete|merge|create|drop|alter|copy|truncate|unload|let|if|return|call|execute|grant|set|perform)\b/i;

/** Of a text in SQL: a procedure's body, or what EXECUTE runs. */
export function beginsLikeBody(text: string): boolean {
  return body.test(text);
}
