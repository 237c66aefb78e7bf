// A query of a warehouse names its dbt node: comments before and after, tags whole and cut, and texts that only look so.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { noInstances } from '../../../server/catalog/mine.ts';
import { dbtQueryOrigin } from '../../../server/connectors/dbt/queryComment.ts';
import { workMs } from '../../support/work.ts';

const shops = { ...noInstances, dbt: ['shop', 'billing'] };
const comment = (node = 'model.shop.churn'): string =>
  `/* {"app": "dbt", "dbt_version": "1.12.0", "profile_name": "shop", "target_name": "prod", "node_id": "${node}"} */`;
const invocation = 'c6db4b67-95fd-4704-82bc-03706db138ec';

describe('a query of a warehouse', () => {
  test('names its node before the query, and behind it as on Snowflake', () => {
    const before = dbtQueryOrigin({ text: `${comment()}\ncreate table x as select 1` }, shops);
    assert.deepEqual(before, {
      tool: 'dbt',
      node: 'model.shop.churn',
      kind: 'table',
      target: 'prod',
      runs: [],
      evidence: 'dbt query comment: model.shop.churn, target prod',
    });
    const behind = `create or replace transient table A.B.C as (select 1)\n;\n${comment()};\n`;
    assert.deepEqual(dbtQueryOrigin({ text: behind }, shops), before);
    assert.deepEqual(dbtQueryOrigin({ text: `select '${'x'.repeat(3_000_000)}' ${comment()}` }, shops), before);
  });

  test('of a test is a task, of a hook a thing of dbt alone', () => {
    const tested = dbtQueryOrigin({ text: `${comment('test.shop.not_null_churn_id.91a8')} select 1` }, shops);
    assert.deepEqual([tested?.kind, tested?.node], ['task', 'test.shop.not_null_churn_id.91a8']);
    const listing = '/* {"app": "dbt", "connection_name": "list_prod", "target_name": "prod"} */ show objects';
    const origin = dbtQueryOrigin({ text: listing }, shops);
    assert.deepEqual([origin?.node, origin?.evidence], [undefined, 'dbt query comment: no node, target prod']);
    assert.equal(dbtQueryOrigin({ text: `${comment('operation.shop.h')} x` }, shops)?.kind, undefined);
  });

  test('leads to the run where a tag says the invocation', () => {
    const tag = JSON.stringify({ app: 'dbt', invocation_id: invocation, project_name: 'shop', target_name: 'prod' });
    const origin = dbtQueryOrigin({ text: `select 1 ${comment()}`, tag }, shops);
    assert.deepEqual(origin?.runs, [`run:dbt://shop/${invocation}/model.shop.churn`]);
    assert.equal(origin?.evidence, 'dbt query comment: model.shop.churn, target prod');
    const bare = dbtQueryOrigin({ tag: JSON.stringify({ app: 'dbt', invocation_id: invocation }) }, shops);
    assert.deepEqual(bare?.runs, [`run:dbt://shop/${invocation}`, `run:dbt://billing/${invocation}`]);
  });

  test('leads to the run of dbt Cloud that its tag names', () => {
    const tag = JSON.stringify({ app: 'dbt', node_id: 'model.shop.churn', dbt_cloud_run_id: '70471823498813' });
    const origin = dbtQueryOrigin({ tag }, { ...noInstances, dbt: ['shop', '4242'] });
    assert.deepEqual(origin?.runs, ['run:dbt://4242/70471823498813']);
  });

  test('is read from a tag that Snowflake cut', () => {
    const whole = JSON.stringify({
      app: 'dbt',
      node_id: 'seed.shop.plans',
      invocation_id: invocation,
      tags: 'x'.repeat(3000),
    });
    const origin = dbtQueryOrigin({ tag: whole.slice(0, 2000) }, { ...noInstances, dbt: ['shop'] });
    assert.deepEqual(origin?.runs, [`run:dbt://shop/${invocation}/seed.shop.plans`]);
    assert.equal(origin?.kind, 'table');
  });

  test('without the mark is nobody’s', () => {
    for (const text of [
      '',
      'select 1',
      `select '${comment()}' as words`,
      `select 1 ${comment()} from t`,
      '/* {"app": "looker", "node_id": "model.shop.churn"} */ select 1',
      '/* {"app": ["dbt"], "node_id": {}} */ select 1',
      '/* built by dbt */ select 1',
      '/* {"app": "dbt"',
    ])
      assert.equal(dbtQueryOrigin({ text }, shops)?.node, undefined, text);
    assert.equal(dbtQueryOrigin({ tag: 'nightly', text: 'select 1' }, shops), undefined);
    assert.equal(dbtQueryOrigin({}, shops), undefined);
  });

  test('never throws, and takes no longer for hostile ones', () => {
    const piece = fc.constantFrom(
      '/*',
      '*/',
      '--',
      '\n',
      ';',
      '{',
      '}',
      '"app": "dbt"',
      ',',
      '"node_id"',
      ':',
      '"',
      '\\',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), fc.string(), (pieces, tag) => {
        const origin = dbtQueryOrigin({ text: pieces.join(''), tag }, shops);
        assert.ok(origin === undefined || origin.tool === 'dbt');
      }),
    );
    const spent = workMs(() => {
      for (const hostile of ['/*', '--', ';', '*/', '{"node_id"', '"app"'])
        dbtQueryOrigin({ text: hostile.repeat(1_000_000), tag: hostile.repeat(1_000_000) }, shops);
    });
    assert.ok(spent < 5000, `${spent} ms of the processor`);
  });
});
