// incidents: what is failing, since when, and whose it is.
import type { Catalog } from '../catalog/catalog.ts';
import type { Incident } from '../protocol/incident.ts';
import { type RanCommitJson, ranCommits, ranWords } from './ranCommits.ts';
import type { Answer, CommandContext } from './run.ts';
import { columns, unreadSources } from './shown.ts';

export interface IncidentJson extends Incident, RanCommitJson {}

/** Exit 1 when there are any; 3 when none was found but a source could not be read. */
export async function incidents({ session }: CommandContext): Promise<Answer> {
  const { all, none, unread } = session.read((context) => ({
    all: session.incidents(context),
    none: noneFound(context.catalog),
    unread: unreadSources(context.catalog),
  }));
  const ran = await ranCommits(
    session,
    all.map(({ run, entity }) => [run ?? entity]),
  );
  const json = all.map((incident, index): IncidentJson => ({ ...incident, ...ran[index] }));
  const rows = json.map((one) => [
    one.title,
    one.summary,
    new Date(one.since).toISOString(),
    one.owner ?? '',
    ranWords(one),
  ]);
  const words = (json.length === 0 ? none : columns(rows)) + unread;
  return { json, words, exit: json.length > 0 ? 1 : unread ? 3 : 0 };
}

/** Nothing failing, and nothing to look at, are different news. */
function noneFound(catalog: Catalog): string {
  return catalog.sources().length > 0
    ? 'No incidents.\n'
    : 'No metadata was found in this workspace, so nothing can be said. Plumbline reads MLflow stores, Airflow log folders, dbt target folders and OpenLineage event files; --workspace names another folder.\n';
}
