// The commit of a run: its own, that of what it is a part of, or of the run of another tool that it names.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { committedRun } from '../../server/features/runCommit.ts';
import { fixtureCatalog, fixtureId } from '../support/catalog.ts';

const model = fixtureId('model', 'churn');
const job = fixtureId('job', 'train');
const commitOf = (world: string, ...ids: readonly string[]): string | undefined =>
  fixtureCatalog(world).read((catalog) => committedRun(catalog, ids)?.commit);

test('the newest run that says one; of a run, its own', () => {
  const world = `
    model churn
    run m1 of=model/churn ago=5h commit=aaaaaaa1
    run m2 of=model/churn ago=3h commit=bbbbbbb2
    run m3 of=model/churn ago=1h
  `;
  assert.equal(commitOf(world, model), 'bbbbbbb2');
  assert.equal(commitOf(world, fixtureId('run', 'm1')), 'aaaaaaa1');
  assert.equal(commitOf(world, fixtureId('run', 'm3')), undefined, 'another run is another commit');
});

test('a run without one asks what it is a part of, and its parts', () => {
  const world = `
    job train
    run d1 tool=airflow of=job/train ago=2h
    run t1 tool=airflow ago=2h parent=${fixtureId('run', 'd1', 'airflow')} commit=ccccccc3
  `;
  assert.equal(commitOf(world, job), 'ccccccc3');
});

test('what is no hash is none', () => {
  assert.equal(commitOf('model churn\nrun m1 of=model/churn ago=1h commit=--output=x', model), undefined);
  assert.equal(commitOf('model churn', model), undefined);
});
