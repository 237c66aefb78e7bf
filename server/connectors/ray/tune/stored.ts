// Stored: a search of Tune whose results somebody else's store keeps, read as one on this machine is.
import path from 'node:path';
import type { StoredSearches } from '../../storedSearches.ts';
import { changeOf } from './entities.ts';
import { readSearch, stateFile } from './search.ts';

/** Each trial is a question to the store, so of fewer than on a disk the reports and errors are read. */
const mostRead = { points: 20, errors: 10 };

export const tuneSearches: StoredSearches = {
  isState: (key) => stateFile.test(path.posix.basename(key)),
  page: async (state, files, { instance, environment, address }, signal) =>
    changeOf(await readSearch(state, files, signal, mostRead), instance, environment, address),
};
