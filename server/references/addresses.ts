// Addresses: URIs of object stores, lakes and MLflow, told from other texts and taken apart.
import type { EntityKind } from '../catalog/entity.ts';
import type { ReferenceDetail } from './reference.ts';

const stores = [
  's3',
  's3a',
  's3n',
  'gs',
  'gcs',
  'abfs',
  'abfss',
  'wasb',
  'wasbs',
  'adl',
  'az',
  'hdfs',
  'oss',
  'r2',
  'dbfs',
];
const starts = [...stores.map((scheme) => `${scheme}:/`), 'models:/', 'runs:/', '/Volumes/', '/dbfs/'];

/** Whether a text may go on to be an address; half of the scheme's mark is enough. */
export function beginsLikeAddress(text: string): boolean {
  return starts.some((start) => text.startsWith(start));
}

/** A part of the text: from index, up to index. */
export interface NamedPart {
  readonly kind: EntityKind;
  readonly tool: string;
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly detail: ReferenceDetail;
}

/** `*` stands for what is unknown. Undefined when the text is no address, or nothing in it is known. */
export function readAddress(text: string): NamedPart | undefined {
  return readModelUri(text) ?? readPath(text);
}

/** `{bucket}` and `{year:04d}` are filled in later by somebody else; no key of a store has them. */
function asFilled(text: string): string {
  return text.includes('{') ? text.replace(/\$?\{[A-Za-z_][\w.]{0,100}(?::[\w.<>^+-]{0,20})?\}/g, '*') : text;
}

/**
 * `models:/churn/7`, `models:/churn@champion`, `models:/m-<32 hex>`, `runs:/<id>/model`; an authority such as
 * `models://profile@databricks/` stands before the name (MLflow's `_parse_model_uri`, read 2026-11).
 */
export function readModelUri(text: string): NamedPart | undefined {
  const [, scheme, authority = ''] = /^(models|runs):\/(\/[^/]*\/)?/.exec(text) ?? [];
  if (!scheme) return undefined;
  const from = scheme.length + 2 + authority.length;
  const rest = text.slice(from);
  const slash = rest.indexOf('/');
  const first = slash < 0 ? rest : rest.slice(0, slash);
  if (scheme === 'runs') {
    return isKnown(first)
      ? { kind: 'run', tool: 'mlflow', name: first, from, to: from + first.length, detail: {} }
      : undefined;
  }
  const at = first.lastIndexOf('@');
  const name = slash < 0 && at >= 0 ? first.slice(0, at) : first;
  const suffix = slash >= 0 ? rest.slice(slash + 1).split('/')[0] : undefined;
  if (!isKnown(name) || name.length > 500) return undefined;
  if (slash < 0 && at < 0 && /^m-[0-9a-f]{32}$/.test(name)) return undefined;
  const detail = slash >= 0 ? versionDetail(suffix ?? '') : at >= 0 ? aliasDetail(first.slice(at + 1)) : {};
  const known = asFilled(name);
  if (!isKnown(known)) return undefined;
  return { kind: 'model', tool: 'mlflow', name: known, from, to: from + name.length, detail };
}

function versionDetail(suffix: string): ReferenceDetail {
  if (suffix === '') return {};
  if (/^[0-9]+$/.test(suffix) || suffix === '*') return { version: suffix };
  return { stage: suffix };
}

function aliasDetail(alias: string): ReferenceDetail {
  return alias === '' ? {} : { alias };
}

const invocations = '/invocations';
const serving = '/serving-endpoints/';

/** Where Databricks serves a model (REST API, read 2026-11): `https://…/serving-endpoints/NAME/invocations`. */
export function readServingUrl(text: string): NamedPart | undefined {
  const at = text.indexOf(serving);
  if (at < 0 || text.length > 500 || /\s/.test(text)) return undefined;
  const from = at + serving.length;
  const to = text.indexOf('/', from);
  const name = to < 0 ? '' : text.slice(from, to);
  if (!isKnown(name) || !text.startsWith(invocations, to)) return undefined;
  return { kind: 'endpoint', tool: 'databricks', name, from, to, detail: {} };
}

export function readPath(text: string): NamedPart | undefined {
  const scheme = /^([a-z][a-z0-9]*):\/\//.exec(text)?.[1];
  const lake = /^(\/Volumes\/|\/dbfs\/|dbfs:\/)/.test(text);
  if (!lake && (!scheme || !stores.includes(scheme))) return undefined;
  if (/['"<>`]/.test(text) || text.length > 2000 || (/\s/.test(text) && !isSpacedPath(text))) return undefined;
  const filled = asFilled(text);
  const rest = filled.slice(scheme ? scheme.length + 3 : filled.indexOf('/') + 1);
  // Where lakes and mounts begin, and the host of a storage account, name nothing yet.
  const own = rest.replace(/^(Volumes|dbfs)\//, '').replace(/\.(dfs|blob)\.core\.windows\.net/, '');
  if (!isKnown(own) || (lake && /^mnt\/?$/.test(own))) return undefined;
  const name = scheme && !rest.includes('/') && !rest.endsWith('*') ? `${filled}/` : filled;
  return {
    kind: 'path',
    tool: scheme?.replace(/^s3[an]$/, 's3') ?? 'dbfs',
    name,
    from: 0,
    to: text.length,
    detail: {},
  };
}

/**
 * White space ends an address that stands in a sentence; then it is no address by itself. Keys may have spaces all the
 * same, in a folder or a file: `s3://nyc-tlc/trip data/yellow.parquet`.
 */
function isSpacedPath(text: string): boolean {
  const [first = '', ...rest] = text.split(' ');
  const last = rest.at(-1) ?? '';
  if (rest.length > 4 || /\s/.test(first + rest.join('')) || !/^[^:]+:\/\/[^/]+\/./.test(first)) return false;
  if (rest.some((word) => word === '' || word.includes('://') || sentence.test(word))) return false;
  return last.includes('/') || /[\w*]\.\w{1,8}$/.test(last);
}
const sentence = /^(and|or|is|are|to|from|into|with|for|in|not|does|must|should|at|as|by|-.*|[|<>=&;].*)$/i;

/** Something besides `*` and punctuation. */
export function isKnown(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}
