// Hover of a monitor: whether it is well, which groups are not and since when, its query, and the links its authors gave.
import type { Alert, MonitorState } from '../../catalog/alert.ts';
import { code, table, text, webLink } from '../markdown.ts';
import { age, instant, kindWords } from '../words.ts';
import { actions, descriptionLine, goneLine, ownerLine, type Paragraphs, type Subject, saidBy } from './subject.ts';
import { codeLine, listed } from './usage.ts';

const shownAlerts = 6;
const shownMetrics = 8;

const states: Readonly<Record<MonitorState, string>> = {
  ok: 'Nothing is wrong',
  firing: '**Firing**',
  warning: '**Warning**',
  noData: '**No data**',
  pending: 'Pending: its condition holds, but not for long enough yet',
  unknown: 'Whether something is wrong cannot be told',
};

export function hoverMonitor(subject: Subject): Paragraphs {
  const { context, entity } = subject;
  const { catalog } = context;
  const { query, state, alerts = [], links = [], broken } = catalog.facts(entity.id);
  const measures = catalog.neighbours(entity.id).upstream.filter(({ relation }) => relation === 'measures');
  const named = (kind: (id: string) => boolean) =>
    [...new Set(measures.filter(({ from }) => kind(from)).map(({ from }) => catalog.get(from)?.name))]
      .filter((name) => name !== undefined)
      .slice(0, shownMetrics);
  const metrics = named((id) => id.startsWith('metric:')).map(code);
  const others = named((id) => !id.startsWith('metric:')).map(code);
  return [
    `**${kindWords.monitor}** ${code(entity.name)}`,
    goneLine(subject),
    state === undefined ? undefined : states[state],
    descriptionLine(subject),
    broken ? `**Cannot be evaluated:** ${text(broken)}` : undefined,
    alertTable(alerts, context.now),
    ...(query ?? '').split('\n').map((one) => (one === '' ? undefined : code(one))),
    metrics.length > 0 ? `Reads ${listed(metrics)}` : undefined,
    others.length > 0 ? `By its labels it may be about ${listed(others)}` : undefined,
    linkLine([...links, ...alerts.slice(0, 1).flatMap((alert) => alert.links ?? [])]),
    ownerLine(subject),
    codeLine(context.referencesTo(entity.id)),
    actions(subject),
    saidBy(context, [entity.id]),
  ];
}

function alertTable(alerts: readonly Alert[], now: number): string | undefined {
  if (alerts.length === 0) return undefined;
  const rows = alerts.slice(0, shownAlerts).map(({ group, state, since, value, summary, muted, origin }) => [
    group === '' ? 'all' : code(group),
    muted
      ? `${state}, muted${muted.until === undefined ? '' : ` until ${instant(muted.until)}`}: ${text(muted.why)}`
      : state,
    age(since, now),
    [summary, value === undefined ? undefined : `value ${Number(value.toPrecision(4))}`, origin]
      .filter((part) => part !== undefined)
      .map((part) => text(part))
      .join('; '),
  ]);
  const left = alerts.length - shownAlerts;
  const shown = table(['group', 'state', 'since', 'says'], rows);
  return left > 0 ? `${shown}\n\nand ${left} more` : shown;
}

function linkLine(links: readonly { readonly title: string; readonly url: string }[]): string | undefined {
  const once = new Map(links.map(({ title, url }) => [url, webLink(title, url)]));
  const shown = [...once.values()].filter((link) => link !== undefined);
  return shown.length > 0 ? shown.join(' · ') : undefined;
}
