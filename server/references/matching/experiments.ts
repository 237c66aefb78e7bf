// Experiments: the experiment that a logged metric goes to, as far as its own file says.
import type { Reference } from '../reference.ts';

const remembered = new WeakMap<Reference, Reference>();

/** Set in the same function, else the only one that the file sets. */
export function withExperiments(references: readonly Reference[]): readonly Reference[] {
  const experiments = references.filter(({ kind, role }) => kind === 'experiment' && role === 'writes');
  if (experiments.length === 0) return references;
  const names = new Set(experiments.map(({ name }) => name));
  const [only] = names.size === 1 ? names : [];
  return references.map((reference) => {
    if (reference.kind !== 'metric' || reference.tool !== 'mlflow' || reference.detail.container !== undefined)
      return reference;
    const here = experiments.filter(({ within }) => within.function === reference.within.function);
    const before = here.findLast(({ range }) => range.start.line <= reference.range.start.line);
    const container = before?.name ?? only;
    return container === undefined ? reference : contained(reference, container);
  });
}

/** The same object for the same answer, so that what is remembered by reference stays. */
function contained(reference: Reference, container: string): Reference {
  const known = remembered.get(reference);
  if (known?.detail.container === container) return known;
  const made = { ...reference, detail: { ...reference.detail, container } };
  remembered.set(reference, made);
  return made;
}
