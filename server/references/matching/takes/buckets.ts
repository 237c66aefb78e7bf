// Buckets: a bucket and a key that stand beside each other, as one address.
import { isKnown } from '../../addresses.ts';
import type { PlacedEntry } from '../../evaluation/evaluating.ts';
import { joined, type Segment, textOfSegments, type Value } from '../../evaluation/value.ts';
import { type Expression, written } from '../../expression.ts';
import type { Role } from '../../reference.ts';
import type { Take } from '../../rules/rule.ts';
import { type Found, jinjaIn, spanOfExpression, weakest } from '../found.ts';
import { type Call, type Place, placesOf, statementOf } from './places.ts';

/** The address stands where the bucket is written; of several keys each where it is. Nothing when neither is known. */
export function bucketNames(call: Call, row: Take, role: Role): readonly Found[] {
  if (row.ownerBucket) return insideOwner(call, row, role);
  const [holder] = placesOf(call, row.from);
  if (!holder) return [];
  const whole = call.evaluator.value(holder.expression, holder.env);
  if (whole.is === 'dict') return copySource(call, whole, holder, role);
  const first = call.evaluator.segments(holder.expression, holder.env);
  const keys = row.key ? keyPlaces(call, row.key) : [];
  if (keys.length === 0) return address(call, row, { first, rest: [], shown: holder, role });
  return keys.flatMap((key) => {
    const rest = call.evaluator.segments(key.expression, key.env);
    const shown = keys.length === 1 ? holder : key;
    return address(call, row, { first, rest, shown, role });
  });
}

function keyPlaces(call: Call, keys: Take['from']): readonly Place[] {
  return placesOf(call, keys).flatMap((place): readonly Place[] => {
    const value = call.evaluator.value(place.expression, place.env);
    if (value.is !== 'list') return [place];
    const shown = place.shown ?? (place.expression.is === 'list' ? undefined : place.expression);
    return value.items.map((expression) => ({ expression, env: value.env, ...(shown ? { shown } : {}) }));
  });
}

/** `Bucket("b").Object("k")`: it stands where the bucket does; where the key is, when the bucket was made before. */
function insideOwner(call: Call, row: Take, role: Role): readonly Found[] {
  const { evaluator, callee } = call;
  const [key] = placesOf(call, row.from);
  if (!key) return [];
  // Of `bucket("b").blob("k").upload(…)` the key's call is the owner, and the bucket's the owner of that.
  const made = callee.value.is === 'instance' ? callee.value : undefined;
  const above = row.ofOwner ? made?.owner : made;
  const owner = above?.is === 'instance' ? above : undefined;
  const holder = owner && evaluator.argument(owner.args, [0, 'name', 'bucket_name', 'container'], owner.env);
  const unknown: readonly Segment[] = [{ at: key.expression.at, certainty: 'literal' }];
  const first = owner && holder ? evaluator.segments(holder.value, owner.env) : unknown;
  const isHere = holder && callsIn(callee.owner)[row.ofOwner ? 1 : 0]?.args.includes(holder);
  const shown = isHere ? { expression: holder.value, env: call.env } : key;
  return address(call, row, { first, rest: evaluator.segments(key.expression, key.env), shown, role });
}

/** The calls of a chain, the last first: `Bucket("b").objects`, `bucket("b").blob("k")`. */
function callsIn(chain: Expression | undefined): readonly (Expression & { is: 'call' })[] {
  const calls: (Expression & { is: 'call' })[] = [];
  for (let at = chain; at?.is === 'attribute' || at?.is === 'call'; at = at.is === 'attribute' ? at.of : at.callee)
    if (at.is === 'call' && calls.push(at) === 2) break;
  return calls;
}

interface Parts {
  readonly first: readonly Segment[];
  readonly rest: readonly Segment[];
  readonly shown: Place;
  readonly role: Role;
}

function address(call: Call, row: Take, { first, rest, shown, role }: Parts): readonly Found[] {
  const bucket = textOfSegments(first);
  const key = textOfSegments(rest).replace(/^\/+/, '');
  // A key may be a whole address by itself; then it is no key.
  if (/^[a-z0-9]+:\//.test(key) || (!isKnown(bucket) && !isKnown(key))) return [];
  if (/[\s'"]/.test(bucket) || /[\n\r]/.test(key) || bucket.length + key.length > 2000) return [];
  const scheme = row.scheme ?? 's3';
  const bare = bucket.startsWith(`${scheme}://`) ? bucket.slice(scheme.length + 3) : bucket;
  const plain = bare.replace(/\/+$/, '');
  return [
    {
      kind: 'path',
      tool: scheme,
      name: `${scheme}://${plain}/${key}`,
      role,
      ...standing(call, shown),
      certainty: weakest(joined([...first, ...rest])),
      detail: {},
      via: call.rule.id,
      ...jinjaOf([...first, ...rest]),
    },
  ];
}

function jinjaOf(segments: readonly Segment[]): Pick<Found, 'holes'> {
  return jinjaIn(segments, 0, Number.POSITIVE_INFINITY);
}

function standing(call: Call, place: Place): Pick<Found, 'span' | 'written' | 'elsewhere'> {
  const { expression, env, shown } = place;
  if (shown) return { span: shown.at, written: written(shown) };
  const span = spanOfExpression(expression, call.evaluator.segments(expression, env));
  const elsewhere = statementOf(place, call);
  return { span, written: written(expression), ...(elsewhere ? { elsewhere } : {}) };
}

/** `CopySource={"Bucket": …, "Key": …}` */
function copySource(call: Call, value: Value & { is: 'dict' }, holder: Place, role: Role): readonly Found[] {
  const { evaluator, rule } = call;
  const at = holder.expression.at;
  const segmentsOf = (entry: PlacedEntry | undefined): readonly Segment[] =>
    entry ? evaluator.segments(entry.value, entry.env) : [{ at, certainty: 'literal' }];
  const placed = evaluator.entry(value, 'Bucket');
  const first = segmentsOf(placed);
  const rest = segmentsOf(evaluator.entry(value, 'Key'));
  const bucket = placed?.env === value.env ? placed.value : undefined;
  const name = `${textOfSegments(first)}/${textOfSegments(rest)}`;
  if (!isKnown(name)) return [];
  const here = holder.expression.is === 'dict' && bucket ? bucket : holder.expression;
  return [
    {
      kind: 'path',
      tool: 's3',
      name: `s3://${name}`,
      role,
      span: here === bucket ? spanOfExpression(bucket, first) : here.at,
      certainty: weakest(joined([...first, ...rest])),
      detail: {},
      via: rule.id,
      written: written(here),
    },
  ];
}
