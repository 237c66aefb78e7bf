// Callers: which tasks and jobs run which code, by what their definitions in the source say.
import type { EntityId } from '../catalog/entity.ts';
import type { CodePlace } from '../references/reference.ts';

/** Tasks of one file run it all over a workspace; more than so many are a library, not a flow. */
const mostCallers = 50;

export class Callers {
  readonly #ofFunction = new Map<string, Set<EntityId>>();
  readonly #ofFile = new Map<string, Set<EntityId>>();
  readonly #files: { readonly ending: string; readonly caller: EntityId }[] = [];

  add(caller: EntityId, { uri, file, function: name }: CodePlace): void {
    if (uri !== undefined && name !== undefined) addTo(this.#ofFunction, `${uri}\n${name}`, caller);
    else if (uri !== undefined) addTo(this.#ofFile, uri, caller);
    else if (file !== undefined) this.#files.push({ ending: endingOf(file), caller });
  }

  /** Whoever runs this function of a file, or the file as a whole; `function` is empty at the level of the module. */
  of(uri: string, name: string): readonly EntityId[] {
    const path = withoutEnding(uri);
    const found = new Set([
      ...(this.#ofFunction.get(`${uri}\n${name}`) ?? []),
      ...(this.#ofFile.get(uri) ?? []),
      ...this.#files.flatMap(({ ending, caller }) => (ending !== '' && path.endsWith(ending) ? [caller] : [])),
    ]);
    return found.size > mostCallers ? [] : [...found];
  }
}

function addTo(table: Map<string, Set<EntityId>>, key: string, caller: EntityId): void {
  const known = table.get(key);
  if (known) known.add(caller);
  else table.set(key, new Set([caller]));
}

/** `/churn/tune`, of `./churn/tune.py`, `../churn/tune` or `/Workspace/…/churn/tune`: its last two parts tell it apart. */
function endingOf(file: string): string {
  const parts = withoutEnding(file)
    .split('/')
    .filter((part) => part !== '' && part !== '.' && part !== '..');
  const last = parts.slice(-2);
  return last.length === 0 || last.some((part) => part.includes('*'))
    ? ''
    : `/${last.map(encodeURIComponent).join('/')}`;
}

function withoutEnding(path: string): string {
  return path.replace(/\.(py|ipynb|sh|sql|scala|r)$/i, '');
}
