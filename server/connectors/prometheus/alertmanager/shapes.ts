// Shapes: what Alertmanager's API v2 answers, each part checked; what cannot be used is left out and counted.
import type { AlertLabel } from '../../../catalog/alert.ts';
import { list, oneLine, record, text, time } from '../../json.ts';
import type { Surprises } from '../../problems.ts';
import { readLabels } from '../rest/shapes.ts';

export interface PassedAlert {
  readonly fingerprint: string;
  /** Its `alertname`. */
  readonly name: string;
  readonly labels: readonly AlertLabel[];
  readonly annotations: readonly AlertLabel[];
  /** Epoch ms. */
  readonly startsAt: number;
  /** The query's page, of whoever sent it. */
  readonly generatorUrl?: string;
  /** Ids of silences, fingerprints of other alerts, names of time intervals. */
  readonly silencedBy: readonly string[];
  readonly inhibitedBy: readonly string[];
  readonly mutedBy: readonly string[];
}

export interface Silence {
  readonly id: string;
  readonly createdBy?: string;
  readonly comment?: string;
  /** Epoch ms. */
  readonly endsAt?: number;
}

/** Recorded from 0.25 (2026-11-23); `mutedBy` is of newer ones. What has ended is left out. */
export function readAlerts(answer: unknown, now: number, surprises: Surprises): readonly PassedAlert[] {
  if (!Array.isArray(answer)) surprises.add('a list of alerts that is none');
  const seen = new Set<string>();
  return list(answer).flatMap((value): PassedAlert[] => {
    const alert = record(value);
    const fingerprint = text(alert.fingerprint) ?? '';
    if (fingerprint !== '' && seen.has(fingerprint)) {
      surprises.add('alerts that it lists again');
      return [];
    }
    seen.add(fingerprint);
    const all = readLabels(alert.labels);
    const name = all.find((label) => label.name === 'alertname')?.value;
    const startsAt = time(alert.startsAt);
    if (name === undefined || startsAt === undefined) {
      surprises.add('alerts without an alertname or a start');
      return [];
    }
    if ((time(alert.endsAt) ?? Infinity) <= now) return [];
    const status = record(alert.status);
    const texts = (field: unknown) => list(field).flatMap((one) => text(one) ?? []);
    const generatorUrl = text(alert.generatorURL);
    return [
      {
        ...{ fingerprint, name, startsAt, annotations: readLabels(alert.annotations) },
        labels: all.filter((label) => label.name !== 'alertname'),
        ...(generatorUrl === undefined ? {} : { generatorUrl }),
        silencedBy: texts(status.silencedBy),
        inhibitedBy: texts(status.inhibitedBy),
        mutedBy: texts(status.mutedBy),
      },
    ];
  });
}

export function readSilences(answer: unknown): ReadonlyMap<string, Silence> {
  return new Map(
    list(answer).flatMap((value): (readonly [string, Silence])[] => {
      const silence = record(value);
      const id = text(silence.id);
      if (id === undefined) return [];
      const [createdBy, comment, endsAt] = [oneLine(silence.createdBy), oneLine(silence.comment), time(silence.endsAt)];
      const said = { ...(createdBy && { createdBy }), ...(comment && { comment }) };
      return [[id, { id, ...said, ...(endsAt === undefined ? {} : { endsAt }) }]];
    }),
  );
}
