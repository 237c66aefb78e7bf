// Which kinds a listing of an MLflow store or server covers, when some of its parts could not be read.
import type { Covered } from '../../catalog/change.ts';
import type { EntityKind } from '../../catalog/entity.ts';
import type { StoreProblem } from './shape.ts';

export const kinds: readonly EntityKind[] = ['model', 'version', 'experiment', 'metric', 'run'];

/** A kind is covered unless a part of it could not be read. */
export function coveredBy(scope: string, problems: readonly StoreProblem[]): readonly Covered[] {
  const broken = new Set(problems.map(({ part }) => part));
  const whole: readonly (readonly [EntityKind, readonly StoreProblem['part'][]])[] = [
    ['model', ['registry']],
    ['version', ['registry']],
    ['experiment', ['experiments']],
    ['run', ['runs', 'experiments']],
    ['metric', ['runs', 'experiments', 'details']],
  ];
  return whole.flatMap(([kind, parts]): readonly Covered[] =>
    parts.some((part) => broken.has(part)) ? [] : [{ kind, scope }],
  );
}
