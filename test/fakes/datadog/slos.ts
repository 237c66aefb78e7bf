// The fake's SLOs, as its search gives them: with their status, and in pages.
import { fail, get, ok, type Route, sizeOf } from './answers.ts';
import type { FakeState, Json } from './state.ts';

export function sloRoutes(state: FakeState): readonly Route[] {
  return [
    get(/^\/api\/v1\/slo\/search$/, ({ query }) => {
      const size = sizeOf(query, 'page[size]', 10, 1000);
      const page = sizeOf(query, 'page[number]', 0, 1_000_000);
      if (!size || page === undefined) return fail(400, 'Invalid page');
      const slos = state.slos.slice(page * size, (page + 1) * size).map((data) => ({ data }));
      const last = Math.max(0, Math.ceil(state.slos.length / size) - 1);
      const pagination = {
        ...{ number: page, first_number: 0, last_number: last, size, total: state.slos.length, type: 'number_size' },
        ...{ next_number: Math.min(page + 1, last), prev_number: Math.max(0, page - 1) },
      };
      return ok({ data: { type: '', attributes: { slos, facets: {} } }, meta: { pagination }, links: {} });
    }),
  ];
}

export const sloIds = { auc: '0a1b2c3d4e5f60718293a4b5c6d7e8f9', api: 'f0e1d2c3b4a5968778695a4b3c2d1e0f' } as const;

export function slo(now: number, id: string, rest: Json): Json {
  const at = Math.floor(now / 1000);
  const attributes = {
    ...{
      created_at: at - 900_000,
      modified_at: at - 90_000,
      description: null,
      all_tags: [],
      env_tags: [],
      groups: [],
    },
    ...{
      service_tags: [],
      team_tags: [],
      creator: { id: 7, name: 'Bo Berg', email: 'bo@acme.example' },
      monitor_ids: [],
    },
    ...rest,
  };
  return { id, type: 'slo', attributes };
}

export function status(state: string, value: number, target: number, budget: number): Json {
  return {
    ...{
      state,
      status: value,
      target,
      timeframe: '30d',
      error: null,
      error_budget_remaining: budget,
      span_precision: 2,
    },
    ...{ indexed_at: 1_795_000_000, raw_error_budget_remaining: { unit: 'requests', value: budget } },
  };
}

export function knownSlos(now: number): Json[] {
  return [
    slo(now, sloIds.auc, {
      ...{ name: 'Predictions are delivered', slo_type: 'metric', all_tags: ['team:ml', 'dag_id:train_churn'] },
      query: {
        numerator: 'sum:churn.predictions{status:ok}.as_count()',
        denominator: 'sum:churn.predictions{*}.as_count()',
        metrics: ['churn.predictions'],
      },
      thresholds: [{ target: 99.9, target_display: '99.9', timeframe: '30d' }],
      overall_status: [status('breached', 99.21, 99.9, -690)],
    }),
    slo(now, sloIds.api, {
      ...{ name: 'The API answers', slo_type: 'monitor', monitor_ids: [34_822_915], all_tags: ['service:churn-api'] },
      thresholds: [{ target: 99, target_display: '99.', timeframe: '30d' }],
      overall_status: [status('ok', 99.95, 99, 95)],
    }),
  ];
}
