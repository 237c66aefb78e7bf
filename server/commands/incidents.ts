// incidents: what is failing, since when, and whose it is.
import type { Catalog } from '../catalog/catalog.ts';
import type { Answer, CommandContext } from './run.ts';
import { columns, unreadSources } from './shown.ts';

/** Exit 1 when there are any; 3 when none was found but a source could not be read. */
export function incidents({ session }: CommandContext): Answer {
  return session.read((context) => {
    const found = session.incidents(context);
    const unread = unreadSources(context.catalog);
    const rows = found.map(({ title, summary, since, owner }) => [
      title,
      summary,
      new Date(since).toISOString(),
      owner ?? '',
    ]);
    const words = (found.length === 0 ? noneFound(context.catalog) : columns(rows)) + unread;
    return { json: found, words, exit: found.length > 0 ? 1 : unread ? 3 : 0 };
  });
}

/** Nothing failing, and nothing to look at, are different news. */
function noneFound(catalog: Catalog): string {
  return catalog.sources().length > 0
    ? 'No incidents.\n'
    : 'No metadata was found in this workspace, so nothing can be said. Plumbline reads MLflow stores, Airflow log folders, dbt target folders and OpenLineage event files; --workspace names another folder.\n';
}
