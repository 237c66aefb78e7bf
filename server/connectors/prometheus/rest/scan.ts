// Scan: all rules with their alerts in one question each time; the names of metrics in two, a few times an hour.
import type { CatalogChange, Covered, ScanProblem } from '../../../catalog/change.ts';
import { HttpError } from '../../httpError.ts';
import { list, record, text } from '../../json.ts';
import { partly, Surprises } from '../../problems.ts';
import { type Families, familiesOf, metricEntity } from '../metrics.ts';
import { monitorPages } from '../rules.ts';
import { type Live, ruleContext } from './live.ts';
import { type RestRule, readMetadata, readRules } from './shapes.ts';

/** Names come and go with deployments, not with every minute. */
const metricsEveryMs = 10 * 60_000;
/** A metric is there while it had a value in so many days: longer than a weekly job is silent. */
const metricsOfDays = 15;
const mostMetrics = 200_000;
const mostPages = 1_000;
const pageOf = 5_000;

export async function* scan(
  live: Live,
  signal: AbortSignal,
  since?: string,
): AsyncGenerator<CatalogChange, void, void> {
  const { api, scope, memory } = live;
  const surprises = new Surprises();
  const problems: ScanProblem[] = [];
  const covered: Covered[] = [];
  const continued: Covered[] = [];
  const isFirst = since === undefined;
  const first = isFirst ? {} : { incremental: true };
  const began = api.host.now();
  const isOld = isFirst || !memory.families?.known.all.length || began - memory.families.at >= metricsEveryMs;
  const metrics = isOld ? await tried(problems, () => readMetrics(live, signal)) : { value: undefined };
  if (metrics.value) memory.families = { at: began, known: metrics.value };
  const rules = await tried(problems, () => rulesOf(live, surprises, signal));
  // Nothing that was asked answered as it should: what is there is something else, or in front of it.
  if (rules.error !== undefined && !metrics.value && !isRefusal(rules.error)) throw rules.error;
  if (metrics.error !== undefined && rules.error !== undefined) throw rules.error;
  if (metrics.value) {
    yield* metricPages(metrics.value, live, first);
    // One that has just been started has not scraped yet; that it has no metrics at all proves nothing.
    if (metrics.value.all.length > 0) covered.push({ kind: 'metric', scope });
  } else if (!isOld) continued.push({ kind: 'metric', scope });
  for (const page of monitorPages(rules.value ?? [], ruleContext(live))) yield { ...first, ...page };
  const surprised = surprises.take(api.address);
  if (rules.value && surprised.length === 0) covered.push({ kind: 'monitor', scope });
  yield {
    ...first,
    ...{ covered, continued, problems: [...problems, ...surprised] },
    ...(problems.length > 0 ? {} : { cursor: String(began) }),
  };
}

/** It is Prometheus, and has its reasons. */
function isRefusal(error: unknown): boolean {
  return error instanceof HttpError && (error.kind === 'forbidden' || error.kind === 'missing');
}

interface Tried<T> {
  readonly value?: T;
  readonly error?: unknown;
}

async function tried<T>(problems: ScanProblem[], work: () => Promise<T>): Promise<Tried<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    problems.push(partly(error));
    return { error };
  }
}

/** In one answer by 2.x; 3.x gives pages when asked to, and 2.x does not mind being asked. */
export async function rulesOf(
  { api }: Pick<Live, 'api'>,
  surprises: Surprises,
  signal: AbortSignal,
): Promise<readonly RestRule[]> {
  const rules: RestRule[] = [];
  const seen = new Set<string>();
  let next: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const query = [
      ['group_limit', '500'] as const,
      ...(next === undefined ? [] : [['group_next_token', next] as const]),
    ];
    const data = await api.data('/api/v1/rules', query, signal);
    rules.push(...readRules(data, surprises));
    next = text(record(data).groupNextToken);
    if (next === undefined) return rules;
    if (seen.has(next))
      throw new HttpError('broken', `${api.name}: ${api.address} gives the same page of rules again.`);
    seen.add(next);
  }
  surprises.add('more rules than 500,000 groups hold');
  return rules;
}

async function readMetrics({ api }: Live, signal: AbortSignal): Promise<Families> {
  const start = Math.floor(api.host.now() / 1000 / 3600 - metricsOfDays * 24) * 3600;
  const names = list(await api.data('/api/v1/label/__name__/values', [['start', String(start)]], signal));
  const texts = names.flatMap((name) => text(name) ?? []);
  if (texts.length !== names.length)
    throw new HttpError('broken', `${api.name}: ${api.address} answered with names of metrics that are no texts.`);
  if (texts.length > mostMetrics) {
    const many = `${texts.length.toLocaleString('en')} metrics, more than the ${mostMetrics.toLocaleString('en')}`;
    throw new HttpError('tooBig', `${api.name}: ${api.address} has ${many} that Plumbline lists; none is.`);
  }
  // What exporters say of them is a help; without it the names are still known.
  const metadata = await api.data('/api/v1/metadata', [], signal).catch((error: unknown) => {
    // With half of an answer metrics would have other names than before.
    if (!isRefusal(error)) throw error;
    return {};
  });
  return familiesOf(texts, readMetadata(metadata));
}

function* metricPages({ all }: Families, { instance, links }: Live, first: CatalogChange): Generator<CatalogChange> {
  for (let at = 0; at < all.length; at += pageOf) {
    const page = all.slice(at, at + pageOf);
    yield { ...first, entities: page.map((family) => metricEntity(family, instance, links.graph(family.name))) };
  }
}
