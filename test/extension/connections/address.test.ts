// What is typed as an address or a name: refused in words, cleaned, proposed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  cleanUrl,
  isAboutCertificates,
  isReadableOnTheWay,
  nameProblem,
  proposedName,
  urlProblem,
} from '../../../extension/connections/guided/address.ts';

test('addresses that cannot be one are refused, with what to do', () => {
  const refused: readonly (readonly [string, RegExp])[] = [
    ['', /example/],
    ['mlflow.acme.com', /http:\/\/ or https:\/\//],
    ['ftp://mlflow.acme.com', /http:\/\/ or https:\/\//],
    ['javascript:alert(1)', /http:\/\/ or https:\/\//],
    ['http://', /no address/],
    ['http://host:99999', /no address/],
    ['https://me:secret@host/', /secret storage/],
    ['https://me@host/', /secret storage/],
    ['https://host/?token=x', /Without what begins with/],
    ['https://host/#/experiments', /Without what begins with/],
  ];
  for (const [text, words] of refused) assert.match(urlProblem(text) ?? 'nothing', words, text);
});

test('the prefix is kept, slashes at the end and the default port go', () => {
  assert.equal(cleanUrl(' https://MLflow.Acme.com:443/prod/mlflow/ '), 'https://mlflow.acme.com/prod/mlflow');
  assert.equal(cleanUrl('http://localhost:5000'), 'http://localhost:5000');
  assert.equal(cleanUrl('http://[::1]:8080//'), 'http://[::1]:8080');
});

test('a cleaned address is fine, and cleaning it again changes nothing', () => {
  fc.assert(
    fc.property(fc.webUrl({ validSchemes: ['http', 'https'] }), (url) => {
      const cleaned = cleanUrl(url);
      assert.equal(urlProblem(cleaned), undefined);
      assert.equal(cleanUrl(cleaned), cleaned);
    }),
  );
});

test('names are proposed that are free, whatever is taken', () => {
  assert.equal(proposedName('mlflow', 'http://h:5000', []), 'mlflow');
  assert.equal(proposedName('mlflow', 'https://prod.acme.com', ['MLflow']), 'mlflow-prod');
  assert.equal(proposedName('airflow', 'https://prod.acme.com', ['airflow', 'airflow-prod']), 'airflow-2');
  assert.match(nameProblem('Prod', ['prod']) ?? '', /already/);
  assert.match(nameProblem('  ', []) ?? '', /name/);
});

test('http to another machine can be read on the way, to this one not', () => {
  assert.equal(isReadableOnTheWay('http://mlflow.acme.com'), true);
  for (const url of ['https://mlflow.acme.com', 'http://localhost:5000', 'http://127.0.0.1', 'http://[::1]:1'])
    assert.equal(isReadableOnTheWay(url), false, url);
});

test('certificates are offered to be set only when the trouble is one of certificates', () => {
  assert.ok(isAboutCertificates('acme.com:443 shows a self-signed certificate. Set allowSelfSigned …'));
  assert.ok(!isAboutCertificates('acme.com:443 refused the connection: is the server running?'));
});
