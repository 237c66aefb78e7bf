// Run links: tools whose runs name each other are neighbours, whoever names whom.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { indexEdges } from '../../server/lineage/edgeIndex.ts';
import { neighbourhood } from '../../server/lineage/neighbourhood.ts';
import { runLinks } from '../../server/lineage/runLinks.ts';
import { wayBetween } from '../../server/lineage/way.ts';
import { fixtureCatalog, fixtureId } from '../support/catalog.ts';

const ray = 'run:ray://local/tune/3fa1c_00001';
const world = `
  job train_churn
  experiment churn
  experiment tune tool=ray
  run train_churn/1 tool=airflow name=x of=job/train_churn ago=2h linked=run/fit
  run fit of=experiment/churn ago=2h linked=${ray}
  run tune/3fa1c_00001 tool=ray name=trial of=experiment/tune~ray ago=3h`;

test('who starts whom is told by the tools, not by who names whom', () => {
  const store = fixtureCatalog(world);
  const links = (id: string) => store.read((catalog) => runLinks(catalog, id));
  const job = links(fixtureId('job', 'train_churn'));
  assert.deepEqual(job.upstream, []);
  assert.deepEqual(
    job.downstream.map(({ from, to, relation, origin, evidence }) => [from, relation, to, origin, evidence]),
    [
      [
        'run:airflow://local/train_churn/1',
        'runs',
        'run:mlflow://local/fit',
        'matched',
        'airflow run x names mlflow run fit',
      ],
    ],
  );
  const { upstream, downstream } = links(fixtureId('experiment', 'churn'));
  assert.deepEqual(
    upstream.map(({ from }) => from),
    [ray, 'run:airflow://local/train_churn/1'],
  );
  assert.deepEqual(downstream, []);
  assert.deepEqual(
    links('experiment:ray://local/tune').downstream.map(({ to }) => to),
    ['run:mlflow://local/fit'],
  );
  store.close();
});

test('they are drawn, and a way leads over them to the trial', () => {
  const store = fixtureCatalog(world);
  const options = { codeEdges: indexEdges([]), joinRules: [] };
  const focus = fixtureId('experiment', 'churn');
  const { nodes, way } = store.read((catalog) => ({
    nodes: neighbourhood(focus, { catalog, expanded: [], collapsed: [], ...options }).nodes.map(({ id }) => id),
    way: wayBetween(fixtureId('job', 'train_churn'), ray, { catalog, ...options }),
  }));
  assert.deepEqual(nodes.sort(), [focus, 'experiment:ray://local/tune', fixtureId('job', 'train_churn')].sort());
  assert.deepEqual(
    way?.map(({ edge, against }) => `${against ? '← ' : ''}${edge.from} ${edge.relation} ${edge.to}`),
    [
      'job:airflow://local/train_churn contains run:airflow://local/train_churn/1',
      'run:airflow://local/train_churn/1 runs run:mlflow://local/fit',
      `← ${ray} runs run:mlflow://local/fit`,
    ],
  );
  store.close();
});

test('what runs read and wrote is lineage, from both ends; a task of Airflow is known without its try', () => {
  const store = fixtureCatalog(`
    job score
    table crm.in
    table crm.out
    run score/1 tool=airflow name=daily of=job/score ago=2h
    run score/1/load/1 tool=airflow name=load of=task/score.load parent=run/score/1~airflow ago=2h
    run insert tool=snowflake of=table/crm.out ago=2h in=table/crm.in out=table/crm.out linked=run:airflow://local/score/1/load`);
  const links = (id: string) => {
    const { upstream, downstream } = store.read((catalog) => runLinks(catalog, id));
    const short = (end: string) => end.slice(end.lastIndexOf('/') + 1);
    return [upstream, downstream].map((edges) =>
      edges.map(({ from, relation, to, evidence }) => `${short(from)} ${relation} ${short(to)} | ${evidence}`),
    );
  };
  assert.deepEqual(links(fixtureId('job', 'score')), [
    [],
    ['1 runs insert | snowflake run insert names airflow run load'],
  ]);
  assert.deepEqual(links(fixtureId('table', 'crm.in')), [[], ['in reads insert | snowflake run insert read it']]);
  assert.deepEqual(links(fixtureId('table', 'crm.out')), [
    [
      '1 runs insert | snowflake run insert names airflow run daily',
      'in reads insert | snowflake run insert read it',
      'insert writes out | snowflake run insert wrote it',
    ],
    ['insert writes out | snowflake run insert wrote it'],
  ]);
  store.close();
});
