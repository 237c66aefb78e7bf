// MLflow and Airflow against their real servers, through a proxy that misbehaves in every way of the table.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before } from 'node:test';
import { unpackSample } from '../../extension/sample/unpack.ts';
import { startStory } from '../../scripts/live/story.mjs';
import type { LiveTarget } from '../faults/liveBench.ts';
import { faultSuite } from '../faults/suite.ts';
import { faultTools } from '../faults/tools.ts';

const archive = path.join(import.meta.dirname, '../../extension/sample/churn.tar.gz');
const root = mkdtempSync(path.join(os.tmpdir(), 'plumbline-faults-'));
const stops: (() => Promise<void>)[] = [];
const targets = new Map<string, LiveTarget>();

before(async () => {
  const now = new Date();
  const { folder: recorded } = await unpackSample(archive, path.join(root, 'served'), now);
  const { folder: workspace } = await unpackSample(archive, path.join(root, 'churn'), now);
  const own = path.join(root, 'own');
  mkdirSync(own);
  const story = await startStory({ recorded, workspace, folder: own, report: () => undefined, stops });
  const { AIRFLOW_API_USERNAME: username, AIRFLOW_API_PASSWORD: password } = story.environment;
  targets.set('mlflow', { tool: 'mlflow', url: story.mlflow });
  targets.set('airflow', { tool: 'airflow', url: story.airflow, secret: { kind: 'basic', username, password } });
});

after(async () => {
  await Promise.all(stops.map((stop) => stop()));
  rmSync(root, { recursive: true, force: true });
});

for (const tool of faultTools) {
  faultSuite(tool, () => {
    const target = targets.get(tool.tool);
    assert.ok(target);
    return target;
  });
}
