// Unless refused: one part of a look at what is on screen, left out when its server will not or cannot tell it.
import type { CatalogChange } from '../catalog/change.ts';
import type { LiveHost } from './connector.ts';
import { HttpError } from './httpError.ts';

/** What concerns the whole connection rejects. `tool` as people call it. */
export async function unlessRefused(
  tool: string,
  { log }: Pick<LiveHost, 'log'>,
  signal: AbortSignal,
  work: () => Promise<CatalogChange>,
): Promise<CatalogChange> {
  try {
    return { incremental: true, ...(await work()) };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof HttpError) || !/^(missing|forbidden|refused|tooBig)$/.test(error.kind)) throw error;
    log.debug(`${tool} does not tell of what is on screen`, { reason: error.message });
    return { incremental: true };
  }
}
