// Code lens: above what code defines, writes and starts, never above every read.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeLens } from '../../server/features/codeLens.ts';
import { churnCode, churnWorld } from '../support/churn.ts';
import { feature } from '../support/feature.ts';

function lenses(file: string, code = churnCode, world = churnWorld): readonly string[] {
  const { context } = feature(world, code);
  return codeLens(context, { uri: `file:///acme/churn/${file}`, version: 1 }).map(
    ({ range, command }) =>
      `${range.start.line + 1}: ${command?.title} → ${command?.command} ${command?.arguments?.join()}`,
  );
}

test('a job and its task: last run, when, trend, age, and the log of the failed part', () => {
  assert.deepEqual(lenses('dags/train_churn.py'), [
    '17: train_churn: ✗ failed 2 d ago · ✓✗ · as of 1 min ago → plumbline.openEntity job:airflow://local/train_churn',
    '17: Show logs → plumbline.showLogs run:airflow://local/train_churn/scheduled__2026-11-21/fit/-1/1',
    '38: train_churn.fit: ✗ failed 2 d ago · as of 1 min ago → plumbline.openEntity task:airflow://local/train_churn/fit',
    '38: Show logs → plumbline.showLogs run:airflow://local/train_churn/scheduled__2026-11-21/fit/-1/1',
  ]);
});

test('a model, also where it is loaded: the newest value of its key metric', () => {
  assert.deepEqual(
    lenses('churn/scoring.py')[0],
    '12: churn: ✗ failed 2 h ago · ✓✓✓✗ · auc 0.71 (-0.16) · as of 5 min ago → plumbline.openEntity model:mlflow://local/churn',
  );
});

test('log_metric: the last value and the way to its log', () => {
  assert.deepEqual(lenses('churn/training.py'), [
    '20: auc 0.71 (-0.16) · 2 d ago · as of 5 min ago → plumbline.openEntity metric:mlflow://local/churn/auc',
    '20: Jump to logs → plumbline.jumpToLogs metric:mlflow://local/churn/auc',
  ]);
});

test('a model of a store at the path that is written', () => {
  assert.match(lenses('churn/publish.py').join('\n'), /44: s3:\/\/acme-models\/churn-lite\/: ✓ succeeded 2 d ago/);
});

test('nothing above reads of tables, unknown names and things without runs', () => {
  assert.deepEqual(lenses('sql/join.sql'), []);
  assert.deepEqual(
    lenses('a.py', 'a.py:1 defines job brand_new airflow\na.py:2 writes table raw.crm.customers dbt'),
    [],
  );
});

test('one lens for one thing on one line, and no icons from names', () => {
  const world = 'job x$(trash)\u202e\n run r tool=airflow of=job/x$(trash)\u202e name=r';
  const twice = 'a.py:1 defines job x$(trash)\u202e airflow\na.py:1 runs job x$(trash)\u202e airflow';
  const found = lenses('a.py', twice, world);
  assert.equal(found.length, 2);
  assert.match(found[0] ?? '', /^1: x\$ \(trash\)⟨U\+202E⟩: ✓ succeeded/);
});
