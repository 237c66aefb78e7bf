// The fake's Unity Catalog, with its lineage API.
import { type Answer, type Asked, fail, get, ok, paged, type Route, sizeOf } from './answers.ts';
import type { FakeState, Json } from './state.ts';

const unity = (rest: string): RegExp => new RegExp(`^/api/2\\.1/unity-catalog/${rest}$`);

export function unityRoutes(state: FakeState): readonly Route[] {
  const { metastoreId } = state;
  return [
    get(unity('metastore_summary'), () =>
      ok({
        metastore_id: metastoreId,
        name: 'primary',
        cloud: 'aws',
        region: 'eu-west-1',
        global_metastore_id: `aws:eu-west-1:${metastoreId}`,
      }),
    ),
    get(unity('catalogs'), (asked) => pages(state.catalogs, 'catalogs', asked, 1000)),
    get(unity('schemas'), (asked) => pages(within(state.schemas, asked), 'schemas', asked, 1000)),
    get(unity('tables'), (asked) => pages(within(state.tables, asked), 'tables', asked, 50)),
    get(unity('table-summaries'), (asked) =>
      pages(
        within(state.tables, asked).map(({ full_name, table_type }) => ({ full_name, table_type })),
        'tables',
        asked,
        10_000,
      ),
    ),
    get(unity('tables/([^/]+)'), (_asked, name) => one(state.tables, name, 'TABLE')),
    get(unity('models'), (asked) =>
      pages(
        within(state.models, asked).map(({ aliases: _, ...model }) => model),
        'registered_models',
        asked,
        1000,
      ),
    ),
    get(unity('models/([^/]+)'), ({ query }, name) => {
      const { aliases, ...model } = state.models.find((each) => each.full_name === name) ?? {};
      if (model.full_name === undefined) return missing('REGISTERED_MODEL', name);
      return ok(query.get('include_aliases') === 'true' && aliases ? { ...model, aliases } : model);
    }),
    get(unity('models/([^/]+)/versions'), (asked, name) => pages(versions(state, name), 'model_versions', asked, 100)),
    get(unity('models/([^/]+)/aliases/([^/]+)'), (_asked, name = '', alias) => {
      const model = state.models.find((each) => each.full_name === name);
      const aliases = (model?.aliases ?? []) as Json[];
      const number = aliases.find((each) => each.alias_name === alias)?.version_num;
      const version = versions(state, name).find((each) => each.version === number);
      return version
        ? ok({ ...version, aliases: aliases.filter((each) => each.version_num === number) })
        : missing('ALIAS', alias);
    }),
    get(unity('entity-tag-assignments/tables/([^/]+)/tags'), (_asked, name = '') =>
      ok({ tag_assignments: state.tags.get(name) ?? [] }),
    ),
    get(/^\/api\/2\.0\/lineage-tracking\/table-lineage$/, ({ query }) =>
      ok(state.lineage.get(query.get('table_name') ?? '') ?? {}),
    ),
    get(/^\/api\/2\.0\/lineage-tracking\/column-lineage$/, ({ query }) =>
      ok(state.columnLineage.get(`${query.get('table_name')} ${query.get('column_name')}`) ?? {}),
    ),
  ];
}

function within(items: readonly Json[], { query }: Asked): readonly Json[] {
  const [catalog, schema] = [query.get('catalog_name'), query.get('schema_name')];
  return items.filter(
    (item) => (catalog === null || item.catalog_name === catalog) && (schema === null || item.schema_name === schema),
  );
}

function versions(state: FakeState, name = ''): readonly Json[] {
  return state.versions.filter((each) => `${each.catalog_name}.${each.schema_name}.${each.model_name}` === name);
}

/** More than the server's own size is cut to it, as Unity Catalog does. */
function pages(items: readonly Json[], field: string, { query }: Asked, most: number): Answer {
  const size = sizeOf(query, 'max_results', most, Number.MAX_SAFE_INTEGER) ?? most;
  return ok(paged(items, field, Math.min(size, most), query));
}

function one(items: readonly Json[], name: string | undefined, kind: string): Answer {
  const found = items.find((item) => item.full_name === name);
  return found ? ok(found) : missing(kind, name);
}

function missing(kind: string, name: string | undefined): Answer {
  return fail(404, `${kind}_DOES_NOT_EXIST`, `${kind} '${name}' does not exist.`);
}
