// A fresh copy of the sample for one suite, in a temporary folder.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { unpackSample } from '../../../extension/sample/unpack.ts';

const archive = path.join(import.meta.dirname, '..', '..', '..', 'extension', 'sample', 'churn.tar.gz');

export interface Sample {
  readonly folder: string;
  remove(): Promise<void>;
}

export async function freshSample(): Promise<Sample> {
  const parent = await mkdtemp(path.join(tmpdir(), 'plumbline-sample-'));
  const { folder } = await unpackSample(archive, path.join(parent, 'churn'), new Date());
  return { folder, remove: () => rm(parent, { recursive: true, force: true, maxRetries: 5 }) };
}
