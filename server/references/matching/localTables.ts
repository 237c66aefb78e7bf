// Local tables: temporary views and frames in memory that SQL of the same file reads by name; they are no one else's.
import { bindingsIn, nameScope } from '../evaluation/bindings.ts';
import { Evaluator } from '../evaluation/evaluate.ts';
import type { ModuleBinding, Modules } from '../evaluation/evaluating.ts';
import { type Env, textOfSegments } from '../evaluation/value.ts';
import { viewBinding, viewMark } from '../python/views.ts';
import type { PlacedSite, Site } from '../summary.ts';
import type { Found } from './found.ts';

/** Packages whose SQL reads variables of Python. */
const readsVariables = ['duckdb', 'pandasql', 'sqldf', 'pysqldf', 'chdb'];

/** What SQL is not needed for, as `saveAsTable`, makes a table of the catalog whatever else has its name. */
export function isLocalTable(
  { kind, name, role, via }: Found,
  { line, content }: PlacedSite,
  env: Env,
  modules: Modules,
): boolean {
  if (kind !== 'table' || (role !== 'reads' && via !== 'sql.text')) return false;
  const here = env.blockLine + line;
  const inFunction = env.block !== undefined && nameScope(env.block, env.scope) > 0;
  const views = modules.bindings(env.uri, viewBinding(name));
  const computed = modules
    .bindings(env.uri, viewMark)
    .filter((view) => viewName(view, env.uri, modules) === viewBinding(name));
  const isLater = inFunction || isKept(content, line, env);
  if ([...views, ...computed].some((view) => isLater || view.line < here)) return true;
  if (name.includes('.') || via !== 'sql.text' || !isVariable(name, here, env, modules)) return false;
  return readsVariables.some((one) =>
    modules.bindings(env.uri, one).some(({ binding }) => binding.sort === 'imported'),
  );
}

/** SQL that is bound to a name is run later, when views may be there that are made below. */
function isKept(content: Site, line: number, { block }: Env): boolean {
  if (content.site !== 'table' || content.handedTo || content.detail?.dialect !== undefined) return false;
  return block?.bindings.some((one) => one.line === line && one.content.sort === 'assigned') ?? false;
}

function viewName({ binding, block, blockLine, line, scope }: ModuleBinding, uri: string, modules: Modules): string {
  const env: Env = { uri, block, blockLine, scope, line: line - blockLine };
  return viewBinding(textOfSegments(new Evaluator(modules).segments(binding.value, env)));
}

function isVariable(name: string, here: number, { block, scope, uri, blockLine }: Env, modules: Modules): boolean {
  if (modules.bindings(uri, name).some(({ line }) => line < here)) return true;
  if (!block) return false;
  for (let at = nameScope(block, scope); at > 0; at = nameScope(block, block.scopes[at]?.parent ?? 0))
    if (
      bindingsIn(block, at, name).some(({ line, content }) => content.sort === 'parameter' || blockLine + line < here)
    )
      return true;
  return false;
}
