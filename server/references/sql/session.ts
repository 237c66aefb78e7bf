// SQL session: what USE has said so far, and the longer name that a table has by it.

/** Absent: nothing was said. Empty: something was, and it is not known what. */
export interface Session {
  readonly catalog?: string;
  readonly database?: string;
  readonly schema?: string;
}

/** `what`: CATALOG, DATABASE, SCHEMA, or empty where only a name was given; `name` is empty where it is not known. */
export function used(before: Session, what: string, name: string): Session {
  const [first = '', second] = name.split('.');
  if (what === 'CATALOG') return { catalog: name, database: '', schema: '' };
  if (second !== undefined) {
    const both = { ...before, database: first, schema: second };
    return before.catalog === undefined ? both : { ...both, catalog: first };
  }
  if (what === 'DATABASE' && before.catalog === undefined) return { ...before, database: first, schema: '' };
  return { ...before, schema: first };
}

/** `later` is what a text that knows nothing of `before` has said. */
export function usedBehind(before: Session, later: Session): Session {
  const both = later.catalog === undefined && before.catalog !== undefined && later.database && later.schema;
  return { ...before, ...later, ...(both ? { catalog: later.database } : {}) };
}

/** Undefined where the session adds nothing to a dotted name. */
export function qualifiedBy({ catalog, database, schema }: Session, name: string): string | undefined {
  const parts = name.split('.').length;
  const inner = schema || (catalog === undefined ? undefined : database) || undefined;
  const outer = catalog || (inner === database ? undefined : database) || undefined;
  if (parts === 1 && inner !== undefined) return outer === undefined ? `${inner}.${name}` : `${outer}.${inner}.${name}`;
  return parts === 2 && outer !== undefined ? `${outer}.${name}` : undefined;
}
