// Content words: which commits hold what runs, said where a run does not say its commit, in hovers, pages and the panel.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ContentMatch } from '../../server/catalog/content.ts';
import { plainContentWords } from '../../server/features/contentWords.ts';
import { details } from '../../server/features/details.ts';
import { entityPage } from '../../server/features/entityPage.ts';
import { hover } from '../../server/features/hover.ts';
import { ranContent } from '../../server/features/runCommit.ts';
import { fixtureCatalog, fixtureId } from '../support/catalog.ts';
import { feature } from '../support/feature.ts';
import { readable } from '../support/readable.ts';

const first = 'a1b2c3d4'.repeat(5);
const last = 'c3d4e5f6'.repeat(5);
const committed: ContentMatch = {
  is: 'committed',
  path: 'dags/train.py',
  first,
  last,
  branch: 'main',
  behind: 3,
  aside: 'line ends',
};
const job = fixtureId('job', 'train');
const world = (entity = '', run = ''): string => `
  job train ${entity}
  task train.fit
  edge ${job} -> ${fixtureId('task', 'train.fit')} contains reported "Airflow tasks"
  run d1 tool=airflow of=job/train ago=2h status=success ${run}
`;

function lines(text: string, match: ContentMatch | undefined, cursor = '$0 dags/train.py:3 defines job train airflow') {
  const { context, document, at } = feature(text, cursor, { contentMatch: () => match });
  const found = hover(context, document, at);
  assert.ok(found && typeof found.contents === 'object' && 'kind' in found.contents);
  return readable(found.contents.value).split('\n');
}

test('each answer in words', () => {
  const said = (match: ContentMatch): string => plainContentWords(match);
  assert.equal(said(committed), 'content equals commits a1b2c3d…c3d4e5f (main, 3 commits ago)');
  assert.equal(said({ ...committed, last: first, behind: 1 }), 'content equals commit a1b2c3d (main, 1 commit ago)');
  const { behind: _, ...aside } = committed;
  assert.equal(
    said({ ...aside, branch: 'feature/x' }),
    'content equals commits a1b2c3d…c3d4e5f (feature/x, not in this checkout)',
  );
  const here = { is: 'checkedOut', path: 'a.py', first, edited: false, branch: 'main' } as const;
  assert.equal(said(here), 'content is what is checked out (since a1b2c3d, main)');
  assert.match(said({ ...here, edited: true }), /, though the file as saved is another$/);
  assert.match(said({ is: 'saved', path: 'a.py' }), /as saved here, which is in no commit$/);
  assert.match(
    said({ is: 'nowhere' }),
    /^content is in no commit of this repository: changed by hand, or of another one$/,
  );
  assert.match(
    said({ is: 'unknown', reason: 'this clone is shallow' }),
    /^could not ask git .+: this clone is shallow$/,
  );
});

test('a job whose run kept what it ran', () => {
  const said = lines(world('', 'content=5be1f0a'), committed);
  assert.ok(
    said.includes(
      'Code of the last run: DAG version 3, content equals commits `a1b2c3d…c3d4e5f` (main, 3 commits ago), line ends aside, as of 5 min ago',
    ),
    said.join('\n'),
  );
  assert.match(said.join('\n'), /Compare with its commit → compareWithCommit run:airflow:\/\/local\/d1\}/);
});

test('a job of which only what runs now is known; a task has its code', () => {
  for (const cursor of ['job train', 'task train.fit']) {
    const said = lines(world('content=5be1f0a'), committed, `$0 dags/train.py:3 defines ${cursor} airflow`).join('\n');
    assert.match(said, /^Code that runs now: DAG version 3, content equals commits/m);
    assert.match(said, /compareWithCommit job:airflow:\/\/local\/train\}/);
  }
});

test('nothing is said while git has not answered, and a commit that a run says goes first', () => {
  const unanswered = lines(world('content=5be1f0a'), undefined).join('\n');
  assert.doesNotMatch(unanswered, /content|compareWithCommit/);
  const committedRun = lines(world('content=5be1f0a', `commit=${last}`), committed).join('\n');
  assert.match(committedRun, /Code of the last run: commit `c3d4e5f`/);
  assert.doesNotMatch(committedRun, /content/);
  const nowhere = lines(world('content=5be1f0a'), { is: 'nowhere' }).join('\n');
  assert.match(nowhere, /content is in no commit of this repository/);
  assert.doesNotMatch(nowhere, /compareWithCommit/, 'there is nothing to compare with');
});

test('a table, its page and the panel', () => {
  const table = 'table shop.orders tool=dbt defined=/w/models/orders.sql:1 content=5be1f0a5be1f0a5be1f0a';
  const id = fixtureId('table', 'shop.orders');
  const asked: string[] = [];
  const { context } = feature(table, '$0 a.py:1 reads table shop.orders dbt', {
    contentMatch: (_, near) => {
      asked.push(...near);
      return committed;
    },
  });
  const page = readable(entityPage(context, id).text);
  assert.match(
    page,
    /\| content \| `dags\/train\.py`, `blob 5be1f0a5be1f`, DAG version 3, content equals commits `a1b2c3d…c3d4e5f`/,
  );
  assert.deepEqual([...new Set(asked)], ['/w/models/orders.sql'], 'the file that defines it is looked at first');
  const shown = details(context, id, [id]);
  assert.equal(
    shown?.rows.find(({ label }) => label === 'Commit')?.value,
    'content equals commits a1b2c3d…c3d4e5f (main, 3 commits ago)',
  );
  assert.equal(shown?.hasCommit, true);
  assert.match(lines(table, committed, '$0 a.py:1 reads table shop.orders dbt').join('\n'), /^Code that runs now: /m);
});

test('a table whose run says its commit says that', () => {
  const told = `table shop.orders tool=dbt content=5be1f0a\nrun o1 tool=dbt of=table/shop.orders ago=1h commit=${last}`;
  const said = lines(told, committed, '$0 a.py:1 reads table shop.orders dbt').join('\n');
  assert.match(said, /^Code of the last run: commit `c3d4e5f`/m);
  assert.match(said, /Compare with its commit → compareWithCommit run:dbt/);
});

test('of a run its own content counts, else that of what it is a part of, else what runs now', () => {
  const of = (text: string, ...ids: readonly string[]) =>
    fixtureCatalog(text).read((catalog) => {
      const found = ranContent(catalog, ids);
      return found && [found.of, found.run?.name];
    });
  const run = fixtureId('run', 'd1', 'airflow');
  const part = `run t1 tool=airflow ago=2h parent=${run} of=task/train.fit`;
  assert.deepEqual(of(world('content=aa', 'content=bb'), run), [run, 'd1']);
  assert.deepEqual(of(`${world('content=aa', 'content=bb')}\n${part}`, fixtureId('run', 't1', 'airflow')), [run, 'd1']);
  assert.deepEqual(of(world('content=aa'), run), [job, undefined]);
  assert.equal(of(world(), run), undefined);
});
