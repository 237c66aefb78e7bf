// SQL in branches of Jinja, and comments that begin with `#`: what stands in one branch hides nothing of the other.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scanSql } from '../../../server/references/sql/scan.ts';

/** `reads a, writes b`, in the order of the text. */
function says(text: string): string {
  return scanSql(text)
    .names.toSorted((one, other) => one.from - other.from)
    .map(({ name, role }) => `${role} ${name}`)
    .join(', ');
}

function check(rows: Readonly<Record<string, string>>): void {
  for (const [text, expected] of Object.entries(rows)) assert.equal(says(text), expected, text);
}

test('WITH begins in any branch, also behind a whole statement in the one before', () => {
  check({
    '{% if is_init() %} SELECT * FROM `p.d.first` {% else %} WITH base AS (SELECT 1), _old AS (SELECT 2) SELECT * FROM base FULL OUTER JOIN _old USING (id) {% endif %}':
      'reads p.d.first',
    'WITH n AS ({% if x %} SELECT * FROM h {% else %} WITH latest AS (SELECT 1) SELECT * FROM h LEFT JOIN latest USING (id) {% endif %}) SELECT * FROM n':
      'reads h, reads h',
    'SELECT a FROM b {% if x %} WITH c AS (SELECT 1 FROM d), e (f) AS NOT MATERIALIZED (SELECT 2) SELECT * FROM c, e {% endif %}':
      'reads b, reads d',
    'WITH {% if x %} a AS (SELECT 1 FROM q.a) {% else %} b AS (SELECT 1 FROM q.b) {% endif %}, c AS (SELECT * FROM a) SELECT * FROM c JOIN b':
      'reads q.a, reads q.b',
    'WITH z AS (SELECT 1 FROM q.a) {% if x %}, b AS (SELECT 1 FROM q.b) {% elif y %}, c AS (SELECT * FROM z) {% else %}, d AS (SELECT 1 FROM q.d) {% endif %} SELECT * FROM c JOIN b JOIN d':
      'reads q.a, reads q.b, reads q.d',
    'SELECT * FROM a, UNNEST(b) WITH OFFSET AS c, d WITH (NOLOCK), e GROUP BY f WITH ROLLUP':
      'reads a, reads d, reads e',
  });
});

test('each branch names a table of its own', () => {
  check({
    'SELECT * FROM {% if x %} a.b {% elif y %} c.d {% else %} e.f {% endif %} AS z JOIN g ON z.h = g.h':
      'reads a.b, reads c.d, reads e.f, reads g',
    'SELECT * FROM a JOIN {% if x %} b {% else %} (SELECT * FROM c) {% endif %} AS d ON a.e = d.e WHERE {% if x %} f {% else %} g {% endif %}':
      'reads a, reads b, reads c',
    'INSERT INTO {%- if x -%} a {%- else -%} b {%- endif -%} SELECT {% if x %} c {% else %} d {% endif %} FROM e {% else %} f':
      'writes a, writes b, reads e',
    'SELECT * FROM a {% for x in y %} JOIN b {% else %} c {% endfor %} {% endif %} {% else %} d': 'reads a, reads b',
    'SELECT * FROM orders_{% if x %}dev{% else %}prod{% endif %} AS z': 'reads orders_*',
    'SELECT * FROM `p.d.orders_{% if x == "y" %}dev{% else %}prod{% endif %}` AS z': 'reads p.d.orders_*',
    'SELECT * FROM {% if x %}dev{% else %}prod{% endif %}.orders AS z': 'reads *.orders',
  });
});

test('comments that begin with # end with their line', () => {
  check({
    'WITH a AS (SELECT 1 FROM x.a),\n## pull mobile data from baseline ping\nmobile AS (SELECT * FROM x.m)\nSELECT * FROM mobile JOIN a':
      'reads x.a, reads x.m',
    'WITH a AS (SELECT 1 FROM x.a), ## from here\nb AS (SELECT 1)\nSELECT * FROM b': 'reads x.a',
    'SELECT a,\n#b from d,\n#### from e ####\nc FROM x.y #from here\n, ##\nz #': 'reads x.y, reads z',
    'SELECT a, #the rest from orders\n b #take it from there\nFROM c.d': 'reads c.d',
    'SELECT #t.a, b FROM #t JOIN x.y ON #t.b = y.b; DROP TABLE #t; INSERT #t SELECT a FROM b, #t t, c':
      'reads x.y, reads b, reads c',
    'SELECT a INTO ##all FROM b; SELECT * FROM ##all x, c': 'reads b, reads c',
  });
});

test('parts that a macro makes', () => {
  check({
    'WITH {{ parts(x) }}, b AS (SELECT * FROM all_parts JOIN q.c) SELECT * FROM b JOIN all_parts': 'reads q.c',
    'WITH a AS (SELECT 1 FROM q.a),\n{{ more }}\nb AS (SELECT * FROM a JOIN theirs) SELECT * FROM b': 'reads q.a',
    'WITH {% if x %}{{ parts() }}, b AS (SELECT * FROM theirs) {% else %} b AS (SELECT * FROM q.b) {% endif %} SELECT * FROM b':
      'reads q.b',
    'WITH {{ parts() }} SELECT * FROM theirs, q.b; SELECT * FROM c': 'reads q.b, reads c',
    'INSERT INTO a WITH b AS (SELECT * FROM c) {{ d }} SELECT * FROM b JOIN e': 'writes a, reads c, reads e',
    '{% macro parts() %} a AS (SELECT * FROM q.a), b AS (SELECT * FROM a) {% endmacro %}': 'reads q.a',
    '{% macro whole() %} {{ config() }} SELECT * FROM a {% endmacro %} SELECT * FROM b': 'reads a, reads b',
  });
});
