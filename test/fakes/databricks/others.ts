// The fake's other APIs: who asks, serving, SQL statements and warehouses, files.
import { type Answer, type Asked, fail, get, ok, paged, type Route, sizeOf } from './answers.ts';
import type { FakeState, Json } from './state.ts';

export function otherRoutes(state: FakeState): readonly Route[] {
  const statements = new Map<string, { readonly answer: Json; polls: number }>();
  const statement = '/api/2\\.0/sql/statements';
  return [
    get(/^\/api\/2\.0\/preview\/scim\/v2\/Me$/, () => ok({ id: '1', userName: state.user, active: true })),
    get(/^\/api\/2\.0\/serving-endpoints$/, () => ok(state.endpoints.length > 0 ? { endpoints: state.endpoints } : {})),
    get(/^\/api\/2\.0\/serving-endpoints\/([^/]+)$/, (_asked, name) => {
      const found = state.endpoints.find((one) => one.name === name);
      return found ? ok(found) : fail(404, 'RESOURCE_DOES_NOT_EXIST', `Endpoint with name '${name}' does not exist.`);
    }),
    get(/^\/api\/2\.0\/mlflow\/runs\/get$/, ({ query }) => {
      const run = state.tracked.find((one) => (one.info as Json).run_id === query.get('run_id'));
      return run ? ok({ run }) : fail(404, 'RESOURCE_DOES_NOT_EXIST', `Run '${query.get('run_id')}' not found.`);
    }),
    get(/^\/api\/2\.0\/sql\/history\/queries$/, ({ query }) => {
      const from = Number(query.get('filter_by.query_start_time_range.start_time_ms') ?? 0);
      const statuses = query.getAll('filter_by.statuses');
      const found = state.queries.filter(
        (one) =>
          Number(one.query_start_time_ms) >= from && (statuses.length === 0 || statuses.includes(String(one.status))),
      );
      const page = paged(found, 'res', sizeOf(query, 'max_results', 100, 999) ?? 100, query);
      return ok({ ...page, has_next_page: page.next_page_token !== undefined });
    }),
    get(/^\/api\/2\.1\/clusters\/get$/, ({ query }) => {
      const cluster = query.get('cluster_id');
      return cluster === '1120-081500-abcd'
        ? ok({
            ...{ cluster_id: cluster, cluster_name: 'job-11-run-77-main', state: 'TERMINATED' },
            cluster_log_conf: { dbfs: { destination: 'dbfs:/cluster-logs' } },
          })
        : fail(400, 'INVALID_PARAMETER_VALUE', `Cluster ${cluster} does not exist`);
    }),
    get(/^\/api\/2\.0\/sql\/warehouses$/, () => ok({ warehouses: state.warehouses })),
    {
      ...{ method: 'POST', path: new RegExp(`^${statement}$`) },
      handle: (asked) => execute(state, asked, statements),
    },
    get(new RegExp(`^${statement}/([^/]+)$`), (_asked, id = '') => {
      const found = statements.get(id);
      if (!found) return fail(404, 'NOT_FOUND', `The statement ${id} was not found.`);
      found.polls += 1;
      return ok(found.answer);
    }),
    get(new RegExp(`^${statement}/([^/]+)/result/chunks/(\\d+)$`), (_asked, id = '', chunk) => {
      const rows = statements.get(id)?.answer.rest as string[][] | undefined;
      return rows && chunk === '1'
        ? ok({ chunk_index: 1, row_offset: 1, row_count: rows.length, data_array: rows })
        : fail(404, 'NOT_FOUND', `The statement ${id} was not found.`);
    }),
    { method: 'POST', path: new RegExp(`^${statement}/([^/]+)/cancel$`), handle: () => ok({}) },
    get(/^\/api\/2\.0\/workspace\/export$/, ({ query }) => exported(state, query)),
    get(/^\/api\/2\.0\/dbfs\/get-status$/, ({ query }) => {
      const path = query.get('path') ?? '';
      const text = state.files.get(path);
      if (text === undefined)
        return fail(404, 'RESOURCE_DOES_NOT_EXIST', `No file or directory exists on path ${path}.`);
      return ok({ path, is_dir: false, file_size: Buffer.byteLength(text), modification_time: 1 });
    }),
    get(/^\/api\/2\.0\/dbfs\/read$/, ({ query }) => {
      const text = state.files.get(query.get('path') ?? '');
      if (text === undefined) return fail(404, 'RESOURCE_DOES_NOT_EXIST', 'No file or directory exists on path.');
      const [offset, length] = [Number(query.get('offset') ?? 0), Number(query.get('length') ?? 500_000)];
      if (length > 1_000_000) return fail(400, 'MAX_READ_SIZE_EXCEEDED', 'The read length exceeds 1 MB.');
      const bytes = Buffer.from(text).subarray(offset, offset + length);
      return ok({ bytes_read: bytes.length, data: bytes.toString('base64') });
    }),
    get(/^\/api\/2\.0\/fs\/files(\/Volumes\/.+)$/, ({ range }, path = '') => volume(state, path, range)),
  ];
}

/** The first row comes with the answer, the others as a second chunk; a stopped warehouse is started by a statement. */
function execute(
  state: FakeState,
  { body }: Asked,
  statements: Map<string, { readonly answer: Json; polls: number }>,
): Answer {
  const { statement, warehouse_id } = JSON.parse(body) as { statement: string; warehouse_id: string };
  const warehouse = state.warehouses.find((one) => one.id === warehouse_id);
  if (!warehouse) return fail(400, 'INVALID_PARAMETER_VALUE', `${warehouse_id} is not a valid endpoint id.`);
  warehouse.state = 'RUNNING';
  const id = `01ef-${statements.size + 1}`;
  const found = state.statements.find((one) => statement.includes(one.holds));
  if (!found) {
    const error = {
      error_code: 'BAD_REQUEST',
      message: '[TABLE_OR_VIEW_NOT_FOUND] The table or view cannot be found.',
    };
    return ok({ statement_id: id, status: { state: 'FAILED', error, sql_state: '42P01' } });
  }
  const [first, ...rest] = found.rows;
  const columns = found.columns.map((name, position) => ({ name, position, type_name: 'STRING', type_text: 'STRING' }));
  const more =
    rest.length > 0
      ? { next_chunk_index: 1, next_chunk_internal_link: `/api/2.0/sql/statements/${id}/result/chunks/1` }
      : {};
  const manifest = {
    ...{ format: 'JSON_ARRAY', schema: { column_count: columns.length, columns }, total_row_count: found.rows.length },
    ...{ total_chunk_count: rest.length > 0 ? 2 : 1, truncated: false },
  };
  const result = { chunk_index: 0, row_offset: 0, row_count: first ? 1 : 0, data_array: first ? [first] : [], ...more };
  statements.set(id, {
    answer: { statement_id: id, status: { state: 'SUCCEEDED' }, manifest, result, rest },
    polls: 0,
  });
  // It runs a moment longer than one waits for it.
  return ok({ statement_id: id, status: { state: 'RUNNING' } });
}

function exported(state: FakeState, query: URLSearchParams): Answer {
  const path = query.get('path') ?? '';
  const text = state.files.get(path);
  if (text === undefined) return fail(404, 'RESOURCE_DOES_NOT_EXIST', `Path (${path}) doesn't exist.`);
  if (query.get('direct_download') === 'true')
    return { status: 200, body: text, headers: { 'content-type': 'application/octet-stream' } };
  const notebook = query.get('format') === 'SOURCE' && !/\.\w+$/.test(path);
  const content = Buffer.from(text);
  if (content.length > 10 * 1024 * 1024)
    return fail(400, 'MAX_NOTEBOOK_SIZE_EXCEEDED', 'File size limit exceeded (10485760 bytes).');
  return ok({ content: content.toString('base64'), file_type: notebook ? 'py' : (path.split('.').at(-1) ?? '') });
}

function volume(state: FakeState, path: string, range: string | undefined): Answer {
  const text = state.files.get(path);
  if (text === undefined) return fail(404, 'NOT_FOUND', 'The file being accessed is not found.');
  const last = Number(/^bytes=-(\d+)$/.exec(range ?? '')?.[1] ?? 0);
  const bytes = Buffer.from(text);
  const type = { 'content-type': 'application/octet-stream' };
  if (last === 0 || last >= bytes.length) return { status: 200, body: text, headers: type };
  const from = bytes.length - last;
  const headers = { ...type, 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` };
  return { status: 206, body: bytes.subarray(from).toString('utf8'), headers };
}
