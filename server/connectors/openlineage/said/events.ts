// Events: the checked shape of one OpenLineage event; what has the wrong shape is "not said". Spec 2-0-2, openlineage.io, 2026-08.
import { isRecord, type JsonRecord, list, number, record, text, time } from '../../json.ts';

export interface Name {
  readonly namespace: string;
  readonly name: string;
}

/** Facets by key, as sent. A facet with `_deleted` takes an earlier one back. */
export type Facets = JsonRecord;

export interface DatasetMention extends Name {
  readonly facets: Facets;
  /** Of this use alone: `inputFacets`, `outputFacets`. */
  readonly useFacets: Facets;
}

export interface RunMention {
  readonly id: string;
  readonly facets: Facets;
}

export interface LineageEvent {
  /** Epoch ms. */
  readonly at: number;
  /** `START`, `RUNNING`, `COMPLETE`, `ABORT`, `FAIL`, `OTHER`; undefined for job and dataset events. */
  readonly type?: string;
  readonly run?: RunMention;
  readonly job?: Name & { readonly facets: Facets };
  readonly inputs: readonly DatasetMention[];
  readonly outputs: readonly DatasetMention[];
  /** What says so, for edges; absent: the run or the event itself. */
  readonly evidence?: string;
  /** The dataset of a dataset event. */
  readonly dataset?: DatasetMention;
}

/** Undefined when it is no OpenLineage event: those have an eventTime and a job or a dataset. */
export function readEvent(json: unknown): LineageEvent | undefined {
  if (!isRecord(json)) return undefined;
  const at = time(json.eventTime);
  const job = readName(json.job);
  const dataset = readDataset(json.dataset, 'inputFacets');
  const runId = text(record(json.run).runId);
  if (at === undefined || (!job && !dataset)) return undefined;
  return {
    at,
    type: text(json.eventType)?.toUpperCase(),
    run: runId ? { id: runId.toLowerCase(), facets: record(record(json.run).facets) } : undefined,
    job: job && { ...job, facets: record(record(json.job).facets) },
    inputs: list(json.inputs).flatMap((value) => readDataset(value, 'inputFacets') ?? []),
    outputs: list(json.outputs).flatMap((value) => readDataset(value, 'outputFacets') ?? []),
    dataset,
  };
}

function readName(value: unknown): Name | undefined {
  const { namespace, name } = record(value);
  const read = text(name);
  return read === undefined ? undefined : { namespace: text(namespace) ?? 'default', name: read };
}

function readDataset(value: unknown, use: 'inputFacets' | 'outputFacets'): DatasetMention | undefined {
  const name = readName(value);
  const dataset = record(value);
  return name && { ...name, facets: record(dataset.facets), useFacets: record(dataset[use]) };
}

/** Rows and bytes that one use or the dataset as a whole tells of. */
export function statistics(mention: DatasetMention): { readonly rows?: number; readonly bytes?: number } {
  const { outputStatistics, inputStatistics, dataQualityMetrics } = mention.useFacets;
  const whole = record(mention.facets.dataQualityMetrics);
  const own = record(outputStatistics ?? inputStatistics);
  const quality = record(dataQualityMetrics);
  return {
    rows: number(own.rowCount) ?? number(quality.rowCount) ?? number(whole.rowCount),
    bytes: number(own.size) ?? number(quality.bytes) ?? number(whole.bytes),
  };
}
