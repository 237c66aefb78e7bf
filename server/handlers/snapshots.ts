// Snapshots: a sweep whose every slice reads one snapshot, without a connection of its own.
import type { CancellationToken } from 'vscode-languageserver/node';
import type { FeatureContext } from '../features/context.ts';
import type { Session } from '../session.ts';
import { sweep } from './guard.ts';

const stepsAtOnce = 10;

/** What is written between two slices is seen from then on; whoever shows the result asks again when it changes. */
export function sweepFile<Result>(
  session: Session,
  make: (context: FeatureContext) => Generator<unknown, Result>,
  token: CancellationToken,
  now: () => number,
): Promise<Result> {
  return sweep(inSnapshots(session, make), token, now);
}

function* inSnapshots<Result>(
  session: Session,
  make: (context: FeatureContext) => Generator<unknown, Result>,
): Generator<undefined, Result> {
  const steps = session.read(make);
  for (;;) {
    const last = session.read(() => {
      for (let at = 0; at < stepsAtOnce; at++) {
        const step = steps.next();
        if (step.done) return step;
      }
      return undefined;
    });
    if (last) return last.value;
    yield undefined;
  }
}
