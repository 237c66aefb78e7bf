// What is read off queries, groups, messages and addresses of Datadog, whatever stands in them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sameQuery } from '../../../server/catalog/monitorQuery.ts';
import { linksIn, linksOf } from '../../../server/connectors/datadog/links.ts';
import { logKey, parseLogKey, quoted } from '../../../server/connectors/datadog/logs/key.ts';
import { messageFor } from '../../../server/connectors/datadog/monitors/message.ts';
import { groupTags, readQuery } from '../../../server/connectors/datadog/query.ts';

const told = (query: string) => {
  const { metrics, searched } = readQuery(query);
  return [
    ...metrics.map(({ name, tags }) => `${name} ${tags.map((tag) => `${tag.name}=${tag.value}`).join()}`),
    searched,
  ]
    .filter((part) => part !== undefined)
    .join(' | ');
};

test('the metrics of a query with the tags that all of it has', () => {
  assert.equal(told('avg(last_5m):avg:churn.auc{env:prod} by {model} < 0.8'), 'churn.auc env=prod');
  assert.equal(
    told('sum(last_1d):sum:a.b{*}.as_count() / sum:c{team:ml AND dag_id:x} > 1'),
    'a.b  | c team=ml,dag_id=x',
  );
  assert.equal(told('avg(last_4h):anomalies(avg:a.b{x:1,!y:2,z:a*}, "agile", 2) >= 1'), 'a.b x=1');
  assert.equal(told('avg(last_1h):avg:a.b{x:1 OR x:2} > 1'), 'a.b ');
  assert.equal(
    told('logs("service:train \\"a b\\"").index("*").rollup("count").last("5m") > 5'),
    'service:train "a b"',
  );
  assert.equal(told('"http.can_connect".over("*").by("host").last(2).count_by_status()'), 'http.can_connect');
  assert.equal(told('34822915 && 34822916'), '');
  assert.equal(told('max(last_5m):max:url.check{url:http://h:80/x} > 1'), 'url.check url=http://h:80/x');
});

test('groups by name; a comma may belong to a value', () => {
  const text = (group: string) => groupTags(group).map(({ name, value }) => `${name}=${value}`);
  assert.deepEqual(text('host:a,env:prod'), ['env=prod', 'host=a']);
  assert.deepEqual(text('model:a,b,env:x'), ['env=x', 'model=a,b']);
  assert.deepEqual([text('*'), text(''), text('N/A'), text('host:N/A')], [[], [], [], []]);
});

test('what a message says in one state, and to nobody', () => {
  const message =
    'AUC is {{value}} on {{model.name}}.{{#is_alert}} Roll back! @pagerduty-ml{{/is_alert}}{{#is_recovery}}All is well{{/is_recovery}}{{^is_alert}} Watch.{{/is_alert}}{{#is_match "env" "prod"}} In prod.{{/is_match}}';
  assert.equal(messageFor(message, 'firing'), 'AUC is on . Roll back! In prod.');
  assert.equal(messageFor(message, 'warning'), 'AUC is on . Watch. In prod.');
  assert.equal(messageFor('@slack-ml', 'firing'), undefined);
  assert.equal(messageFor('a {{#is_no_data}}gone', 'firing'), 'a');
  assert.equal(messageFor('a {{', 'firing'), 'a');
});

test('one spelling of a query', () => {
  const written = 'avg(last_1h): avg:churn.auc{env:prod}  by {model}\n < 0.80';
  assert.equal(sameQuery(written), sameQuery('avg(last_1h):avg:churn.auc{env:prod} by {model} < 0.8'));
  assert.notEqual(sameQuery('logs("a b") > 1'), sameQuery('logs("ab") > 1'));
  assert.equal(sameQuery('avg:a{*} > 100'), 'avg:a{*}>100');
  assert.equal(sameQuery('avg:a{*} > 1.0'), sameQuery('avg:a{*} > 1'));
  assert.equal(sameQuery('x'.repeat(30_000)), undefined);
});

test('links of a message lead to the web alone, and are no longer than the address', () => {
  const message =
    'See [runbook](https://wiki.acme.example/churn), https://app.datadoghq.eu/dashboard/abc. javascript:alert(1)';
  assert.deepEqual(linksIn(message), [
    { title: 'Runbook', url: 'https://wiki.acme.example/churn' },
    { title: 'Dashboard', url: 'https://app.datadoghq.eu/dashboard/abc' },
  ]);
  const links = linksOf('https://api.us5.datadoghq.com');
  assert.equal(links.monitor('12'), 'https://us5.datadoghq.com/monitors/12');
  assert.equal(links.logs('a b', 1, 2), 'https://us5.datadoghq.com/logs?query=a%20b&from_ts=1&to_ts=2&live=false');
});

test('keys of logs are read back, and nothing else is', () => {
  const search = { query: 'service:train', from: 1, to: 2 };
  assert.deepEqual(parseLogKey(logKey(search)), search);
  for (const wrong of ['', '{}', '[]', '{"query":"a"}', '{"query":"a","from":1e300}', '{"query":"","from":1}'])
    assert.equal(parseLogKey(wrong), undefined, wrong);
  assert.equal(quoted('a"b\\c\n'), '"a\\"b\\\\c "');
});

test('any text at all is read, in time that grows with it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      readQuery(text);
      groupTags(text);
      sameQuery(text);
      messageFor(text, 'firing');
      for (const { url } of linksIn(text)) assert.ok(/^https?:/i.test(url));
      parseLogKey(text);
      assert.deepEqual(parseLogKey(logKey({ query: quoted(text), from: 0 }))?.query, quoted(text));
    }),
  );
  for (const piece of ['{', '"', 'a.b{', 'a:', '(', 'avg:x{a:b} by {', 'https://', '\\'])
    for (const read of [readQuery, groupTags, sameQuery, linksIn]) read(piece.repeat(5_000));
  for (const piece of ['{{', '{{#is_alert}}', '@a ', ' ']) messageFor(piece.repeat(5_000), 'firing');
});
