// The fake's monitors and downtimes.
import { type Answer, fail, get, ok, type Route, sizeOf } from './answers.ts';
import type { FakeGroup, FakeMonitor, FakeState, Json } from './state.ts';

const badness: readonly FakeGroup['status'][] = ['Alert', 'Warn', 'No Data', 'OK'];

function overall({ groups }: FakeMonitor): FakeGroup['status'] {
  return badness.find((status) => groups.some((group) => group.status === status)) ?? 'OK';
}

function wire(one: FakeMonitor, state: FakeState, query: URLSearchParams): Json {
  const wanted = query.get('group_states')?.split(',');
  const isWanted = ({ status }: FakeGroup) => wanted?.some((each) => each === 'all' || each === status.toLowerCase());
  const changed = Math.max(0, ...one.groups.map(({ triggered }) => triggered));
  return {
    ...{ id: one.id, org_id: state.org.number, type: one.type, name: one.name, message: one.message, tags: one.tags },
    ...{ query: one.query, multi: one.groups.length > 1, priority: null, restricted_roles: null, deleted: null },
    options: {
      ...{ notify_audit: false, locked: false, include_tags: true, thresholds: { critical: 0.8 }, new_host_delay: 300 },
      ...{ require_full_window: true, notify_no_data: one.notifyNoData, silenced: {} },
    },
    created_at: state.now - 86_400_000,
    created: new Date(state.now - 86_400_000).toISOString().replace('Z', '905+00:00'),
    modified: new Date(state.now - 80_000_000).toISOString().replace('Z', '905+00:00'),
    overall_state_modified: changed === 0 ? null : new Date(changed * 1000).toISOString().replace('.000Z', '+00:00'),
    overall_state: overall(one),
    creator: { name: null, handle: 'frog@acme.example', email: 'frog@acme.example', id: 1_445_416 },
    ...(query.get('with_downtimes') === 'true' ? { matching_downtimes: one.downtimes } : {}),
    ...(wanted
      ? {
          state: {
            groups: Object.fromEntries(one.groups.filter(isWanted).map((group) => [group.name, groupOf(group)])),
          },
        }
      : {}),
  };
}

function groupOf({ name, status, triggered }: FakeGroup): Json {
  const times = { last_triggered_ts: triggered, last_resolved_ts: triggered - 7_200, last_notified_ts: triggered };
  return { name, status, ...times, ...(status === 'No Data' ? { last_nodata_ts: triggered } : {}) };
}

const groupStates = new Set(['all', 'alert', 'warn', 'no data', 'ok']);

export function monitorRoutes(state: FakeState): readonly Route[] {
  return [
    get(/^\/api\/v1\/monitor$/, ({ query }) => {
      if (
        query
          .get('group_states')
          ?.split(',')
          .some((each) => !groupStates.has(each))
      )
        return fail(400, 'Invalid group_state filters.');
      const size = sizeOf(query, 'page_size', 100, 1000);
      const page = sizeOf(query, 'page', 0, 1_000_000);
      if (size === undefined || page === undefined) return fail(400, 'The value provided for parameter is invalid');
      const listed = query.has('page') ? state.monitors.slice(page * size, (page + 1) * size) : state.monitors;
      return ok(listed.map((one) => wire(one, state, query)));
    }),
    get(/^\/api\/v1\/monitor\/search$/, ({ query }) => search(state, query)),
    get(/^\/api\/v1\/monitor\/groups\/search$/, ({ query }) => searchGroups(state, query)),
    get(/^\/api\/v1\/monitor\/(\d+)$/, ({ query }, id) => {
      const found = state.monitors.find((one) => String(one.id) === id);
      return found ? ok(wire(found, state, query)) : fail(404, 'Monitor not found');
    }),
    get(/^\/api\/v2\/downtime$/, ({ query }) => {
      const limit = sizeOf(query, 'page[limit]', 30, 1000);
      const offset = sizeOf(query, 'page[offset]', 0, 1_000_000);
      if (limit === undefined || offset === undefined) return fail(400, 'Invalid page');
      const included = query.get('include')?.includes('created_by') ? { included: state.users } : {};
      const meta = { page: { total_filtered_count: state.downtimes.length } };
      return ok({ data: state.downtimes.slice(offset, offset + limit), ...included, meta });
    }),
  ];
}

function metadata(total: number, page: number, size: number): Json {
  return { total_count: total, page_count: Math.ceil(total / size), page, per_page: size };
}

function search(state: FakeState, query: URLSearchParams): Answer {
  const size = sizeOf(query, 'per_page', 30, 1000) ?? 30;
  const page = sizeOf(query, 'page', 0, 1_000_000) ?? 0;
  const monitors = state.monitors.slice(page * size, (page + 1) * size).map((one) => ({
    ...{ id: one.id, name: one.name, type: one.type, query: one.query, tags: one.tags, status: overall(one) },
    ...{ org_id: state.org.number, scopes: [], metrics: [], notifications: [], classification: 'metric' },
    ...{ creator: { handle: 'frog@acme.example', id: 1, name: 'Frog' }, last_triggered_ts: null },
  }));
  const counts = { status: [], muted: [], tag: [], type: [] };
  return ok({ counts, monitors, metadata: metadata(state.monitors.length, page, size) });
}

/** `group_status:(alert OR warn)` is all that it understands. */
function searchGroups(state: FakeState, query: URLSearchParams): Answer {
  const written = /^group_status:\(([A-Za-z ]+)\)$/.exec(query.get('query') ?? '')?.[1];
  if (written === undefined) return fail(400, 'Query parsing error: that is not a valid monitor status');
  const wanted = written.split(' OR ');
  const size = sizeOf(query, 'per_page', 30, 1000) ?? 30;
  const page = sizeOf(query, 'page', 0, 1_000_000) ?? 0;
  const found = state.monitors.flatMap((one) =>
    one.groups
      .filter(({ status }) => wanted.includes(status.toLowerCase()))
      .map((group) => ({
        ...{ group: group.name, group_tags: group.name === '*' ? [] : group.name.split(','), status: group.status },
        ...{ last_triggered_ts: group.triggered, last_nodata_ts: 0, monitor_id: one.id, monitor_name: one.name },
      })),
  );
  const counts = { status: [], type: [] };
  return ok({
    counts,
    groups: found.slice(page * size, (page + 1) * size),
    metadata: metadata(found.length, page, size),
  });
}
