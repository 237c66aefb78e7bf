// SQL statements of many dialects: who is read, who is written, who is only mentioned, and what names no table at all.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scanSql } from '../../../server/references/sql/scan.ts';

/** `reads a, writes b`, in the order of the text. */
function says(text: string): string {
  return scanSql(text)
    .names.toSorted((one, other) => one.from - other.from)
    .map(({ sort, name, role }) => `${role} ${sort === 'table' ? '' : `${sort} `}${name}`)
    .join(', ');
}

function check(rows: Readonly<Record<string, string>>): void {
  for (const [text, expected] of Object.entries(rows)) assert.equal(says(text), expected, text);
}

test('tables are made, changed and dropped', () => {
  check({
    'DROP TABLE IF EXISTS a.b, c': 'mentions a.b, mentions c',
    'ALTER TABLE a RENAME TO b': 'mentions a, mentions b',
    'ALTER TABLE a RENAME COLUMN x TO y': 'mentions a',
    'ALTER TABLE a SWAP WITH b': 'mentions a, mentions b',
    'ALTER TABLE a\nUPDATE b = 1 WHERE c': 'mentions a',
    'INSERT INTO a VALUES (1) ON DUPLICATE KEY\nUPDATE b = 1': 'writes a',
    'CREATE TABLE a\n  COPY GRANTS\nAS SELECT * FROM b': 'writes a, reads b',
    'ALTER VIEW a AS SELECT * FROM b': 'writes a, reads b',
    'ALTER TABLE a ADD FOREIGN KEY (x) REFERENCES b (y)': 'mentions a, mentions b',
    'TRUNCATE a': 'writes a',
    'CREATE TABLE a LIKE b': 'writes a, reads b',
    'CREATE TABLE a (LIKE b INCLUDING ALL)': 'writes a, reads b',
    'CREATE TABLE a DEEP CLONE b VERSION AS OF 3': 'writes a, reads b',
    'CREATE TABLE a PARTITION OF b FOR VALUES IN (1)': 'writes a, reads b',
    'CREATE TABLE a (x int REFERENCES b (y), z text CHECK (z LIKE q))': 'writes a, mentions b',
    'CREATE OR REFRESH STREAMING TABLE a AS SELECT * FROM STREAM(LIVE.b)': 'writes a, reads LIVE.b',
    "CREATE OR REFRESH LIVE TABLE a AS SELECT * FROM cloud_files('s3://raw/x', 'json')":
      'writes a, reads path s3://raw/x',
    "CREATE STREAMING TABLE a AS SELECT * FROM STREAM read_files('/Volumes/c/s/v')":
      'writes a, reads path /Volumes/c/s/v',
    'SELECT * FROM STREAM b JOIN STREAM c.d, stream WHERE x': 'reads b, reads c.d, reads stream',
    'CREATE MATERIALIZED VIEW a TO b AS SELECT * FROM c': 'writes a, writes b, reads c',
    'CREATE OR REPLACE DYNAMIC TABLE a TARGET_LAG = DOWNSTREAM WAREHOUSE = w AS SELECT * FROM b': 'writes a, reads b',
    'CREATE TABLE a ON CLUSTER c AS b ENGINE = Memory': 'writes a, reads b',
    'CREATE INDEX i ON a.b (x)': 'mentions a.b',
    'CREATE STREAM s ON TABLE a.b': 'reads a.b',
    'CREATE PIPE p AS COPY INTO a FROM @stage/x': 'writes a',
    "CREATE TASK t SCHEDULE = '1 minute' AS INSERT INTO a SELECT * FROM b": 'writes a, reads b',
    "CREATE STAGE s URL = 's3://bucket/in/'": 'mentions path s3://bucket/in/',
    "CREATE EXTERNAL TABLE a (x int) LOCATION 's3://bucket/in/'": 'writes a, reads path s3://bucket/in/',
    "CREATE TABLE a USING delta LOCATION 's3://bucket/out/' AS SELECT * FROM b":
      'writes a, writes path s3://bucket/out/, reads b',
    "CREATE EXTERNAL TABLE d.a OPTIONS (format = 'CSV', uris = ['gs://b/x.csv'])":
      'writes d.a, reads path gs://b/x.csv',
    'CREATE OR REPLACE MODEL d.m OPTIONS (model_type = "linear") AS SELECT * FROM d.t': 'reads d.t',
    'CREATE TRIGGER t AFTER INSERT OR UPDATE ON a FOR EACH ROW EXECUTE FUNCTION f()': 'mentions a',
    'CREATE SCHEMA s; CREATE DATABASE d; DROP SCHEMA s; CREATE ROLE r': '',
    'CREATE TABLE FUNCTION d.f(x INT64) AS SELECT * FROM d.t': 'reads d.t',
    'MODEL (name sales.orders, kind FULL); SELECT * FROM raw.orders': 'defines sales.orders, reads raw.orders',
    'CACHE TABLE v AS SELECT * FROM a; SELECT * FROM v': 'reads a',
    'CREATE OR REPLACE GLOBAL TEMP VIEW v AS SELECT * FROM a; SELECT * FROM global_temp.v': 'reads a',
    'SELECT * INTO #t FROM a; SELECT * FROM #t JOIN @rows r ON 1 = 1': 'reads a',
  });
});

test('rows are written and deleted', () => {
  check({
    'INSERT ALL INTO a (x) VALUES (x) INTO b VALUES (y) SELECT x, y FROM c': 'writes a, writes b, reads c',
    'INSERT dbo.a (x) VALUES (1)': 'writes dbo.a',
    'INSERT INTO a (x) SELECT x FROM b ON CONFLICT (x) DO UPDATE SET x = excluded.x': 'writes a, reads b',
    'INSERT INTO a (x) VALUES (1) RETURNING id INTO v_id': 'writes a',
    "INSERT OVERWRITE DIRECTORY 's3://b/out' SELECT * FROM a": 'writes path s3://b/out, reads a',
    'UPDATE o SET x = 1 FROM dbo.orders o JOIN dbo.items i ON i.id = o.id': 'writes dbo.orders, reads dbo.items',
    'DELETE o FROM dbo.orders o WHERE x = 1': 'writes dbo.orders',
    'DELETE FROM a USING b JOIN c USING (id) WHERE a.id = b.id': 'writes a, reads b, reads c',
    'MERGE a AS t USING (SELECT * FROM b) s ON t.id = s.id WHEN MATCHED THEN\nUPDATE SET x = 1\nWHEN NOT MATCHED THEN\nINSERT (x) VALUES (1);':
      'writes a, reads b',
    'REPLACE INTO a SELECT * FROM b': 'writes a, reads b',
    "COPY a FROM 's3://b/in' IAM_ROLE 'r'": 'writes a, reads path s3://b/in',
    "COPY a (x, y) TO 's3://b/out'": 'reads a, writes path s3://b/out',
    'COPY a (x) FROM STDIN': 'writes a',
    "UNLOAD ('select * from a where x = ''1''') TO 's3://b/out'": 'reads a, writes path s3://b/out',
    "EXPORT DATA OPTIONS (uri = 'gs://b/*.csv') AS SELECT * FROM a": 'writes path gs://b/*.csv, reads a',
    "LOAD DATA INTO d.a FROM FILES (format = 'CSV', uris = ['gs://b/x.csv'])": 'writes d.a, reads path gs://b/x.csv',
    "LOAD DATA INPATH 's3://b/in' OVERWRITE INTO TABLE a": 'reads path s3://b/in, writes a',
    'APPLY CHANGES INTO LIVE.a FROM STREAM(LIVE.b) KEYS (id)': 'writes LIVE.a, reads LIVE.b',
    'INSERT INTO a SELECT 1\nDELETE FROM b WHERE x = 1\nTRUNCATE TABLE c': 'writes a, writes b, writes c',
  });
});

test('what is read in odd places', () => {
  check({
    "SELECT * FROM read_parquet(['s3://a/x', 's3://a/y']) t, t.list": 'reads path s3://a/x, reads path s3://a/y',
    'SELECT * FROM delta.`s3://a/x`': 'reads path s3://a/x',
    "SELECT * FROM 's3://a/x.parquet' JOIN b USING (id)": 'reads path s3://a/x.parquet, reads b',
    'SELECT * FROM ML.PREDICT(MODEL d.m, TABLE d.t)': 'reads d.t',
    'SELECT * FROM ML.PREDICT(MODEL d.m, (SELECT * FROM d.t))': 'reads d.t',
    'SELECT model!PREDICT(INPUT_DATA => x) FROM a': 'reads a',
    "SELECT ai_query('churn-scorer', x) FROM a": 'reads endpoint churn-scorer, reads a',
    "SELECT * FROM table_changes('a.b', 2)": 'reads a.b',
    'SELECT * FROM a LATERAL VIEW explode(x) t AS k, v JOIN b ON 1 = 1': 'reads a, reads b',
    'SELECT * FROM orders o, o.items i, UNNEST(i.parts) p, p.sub': 'reads orders',
    'SELECT (SELECT max(x) FROM o.items) FROM d.orders AS o': 'reads d.orders',
    'SELECT * FROM a (NOLOCK) JOIN b WITH (NOLOCK) ON 1 = 1': 'reads a, reads b',
    'SELECT * FROM a ARRAY JOIN list AS x PREWHERE y': 'reads a',
    'SELECT * FROM a CROSS APPLY f(a.x) y OUTER APPLY (SELECT * FROM b) z': 'reads a, reads b',
    'SELECT x FROM a PIVOT (sum(y) FOR z IN (SELECT q FROM b)) p': 'reads a, reads b',
    'SELECT * FROM [dbo].[My Orders] o JOIN [x-y].dbo.t ON 1 = 1': 'reads dbo.My Orders, reads x-y.dbo.t',
    'SELECT * FROM [proj:ds.events]': 'reads proj:ds.events',
    "SET t = 'a.b'; SELECT * FROM IDENTIFIER($t)": 'reads a.b',
    "SELECT * FROM IDENTIFIER(:c || '.sales.orders')": 'reads *.sales.orders',
    'SELECT * FROM ${schema}.orders, $db.x, :sch.y, {0}.z, %s.w, `${p}.d.t`':
      'reads *.orders, reads *.x, reads *.y, reads *.z, reads *.w, reads *.d.t',
    'SELECT * FROM @stage/path/x.csv s, b': 'reads b',
    'SELECT * FROM db.t@link x, c': 'reads db.t, reads c',
    "SELECT q'[it's from a.b]' FROM c": 'reads c',
    'WITH tree AS (SELECT * FROM a UNION ALL SELECT n.* FROM nodes n JOIN tree t ON 1 = 1) SELECT * FROM tree':
      'reads a, reads nodes',
    'SELECT * FROM a WHERE EXISTS (SELECT 1 FROM b) AND x IN (SELECT y FROM c)': 'reads a, reads b, reads c',
    'FROM a SELECT x': 'reads a',
    'SHOW COLUMNS FROM a': 'mentions a',
    'SHOW TABLES FROM db; SHOW TABLES IN db; SHOW GRANTS ON x': '',
    'DESCRIBE TABLE EXTENDED a.b': 'mentions a.b',
    'EXPLAIN ANALYZE SELECT * FROM a': 'reads a',
    'GRANT SELECT, INSERT ON a.b TO ROLE r': 'mentions a.b',
    'SELECT row_number() OVER (ORDER BY CASE WHEN x THEN 1 END DESC NULLS LAST) FROM a\nORDER BY y\nDESC NULLS LAST':
      'reads a',
    'GRANT CREATE INTEGRATION ON ACCOUNT TO ROLE r; GRANT USAGE ON SCHEMA s TO r; GRANT SELECT ON ALL TABLES IN SCHEMA s TO r':
      '',
    'REVOKE SELECT ON TABLE a FROM u': 'mentions a',
    "COMMENT ON TABLE a IS 'from b'; COMMENT ON COLUMN a.x IS 'y'": 'mentions a',
    'VACUUM a; OPTIMIZE b ZORDER BY (x); ANALYZE TABLE c COMPUTE STATISTICS': 'mentions a, mentions b, mentions c',
    "RESTORE DATABASE d FROM DISK = 'x', STATS = 10; BACKUP LOG d TO DISK = 'y'": '',
    'SELECT * FROM <table_name, sysname, Orders> AS o, a': 'reads a',
    'CALL p(1); EXECUTE TASK t; SET x = 1; USE WAREHOUSE w': '',
    'SELECT * FROM dual; SELECT substring(x FROM 2 FOR 3), overlay(x placing y from 1) FROM a': 'reads a',
    'SELECT CASE WHEN x IS NOT DISTINCT FROM y THEN 1 END FROM a ORDER BY z DESC\nLIMIT 1': 'reads a',
    'SELECT a FROM t FOR UPDATE\nSKIP LOCKED': 'reads t',
  });
});

test('comments and texts say nothing', () => {
  check({
    '/* a /* from b.c */ from d.e */ SELECT * FROM f': 'reads f',
    '/* a /* b */ SELECT * FROM f': 'reads f',
    '# from a.b\nSELECT * FROM c # from d.e\n': 'reads c',
    '// from a.b\nSELECT x // 2 FROM c': 'reads c',
    "SELECT 'it''s from a.b', 'it\\'s from c.d', 'C:\\' FROM e": 'reads e',
    'SELECT \'"\' FROM a WHERE x = "from b.c"': 'reads a',
    "SELECT '''from a.b''' FROM c": 'reads c',
    'SELECT """a from b.c""" FROM d': 'reads d',
    "SELECT data #>> '{a,b}', data #> '{x}' FROM a": 'reads a',
  });
});

test('procedures: their texts are SQL, INTO names variables, other languages are not read', () => {
  check({
    'CREATE FUNCTION f() RETURNS int AS $$ BEGIN SELECT count(*) INTO n FROM a; INSERT INTO b VALUES (1); END $$ LANGUAGE plpgsql':
      'reads a, writes b',
    "CREATE PROCEDURE p() RETURNS string LANGUAGE SQL AS 'BEGIN INSERT INTO a SELECT * FROM b; END'":
      'writes a, reads b',
    "CREATE PROCEDURE p() LANGUAGE JAVASCRIPT AS $$ var x = 'select * from a.b'; delete from; $$": '',
    'DO $body$ BEGIN DELETE FROM a; END $body$': 'writes a',
    "EXECUTE IMMEDIATE 'INSERT INTO a SELECT * FROM b'": 'writes a, reads b',
    "EXEC sp_executesql N'SELECT * FROM dbo.a WHERE x = 1'": 'reads dbo.a',
    'CREATE PROCEDURE dbo.p @x int AS\nBEGIN\n  INSERT INTO dbo.a SELECT * FROM dbo.b\n  UPDATE dbo.c SET x = 1\nEND\nGO\nSELECT * FROM dbo.d':
      'writes dbo.a, reads dbo.b, writes dbo.c, reads dbo.d',
    'DECLARE c CURSOR FOR SELECT * FROM a; FETCH NEXT FROM c INTO @x': 'reads a',
    'FOR r IN (SELECT * FROM a) LOOP INSERT INTO b VALUES (r.x); END LOOP': 'reads a, writes b',
    'FOR r IN SELECT * FROM a LOOP UPDATE b SET x = 1; END LOOP': 'reads a, writes b',
  });
});

test('USE says what names are short for', () => {
  const qualified = (text: string): (string | undefined)[] => scanSql(text).names.map((name) => name.qualified);
  assert.deepEqual(qualified('USE CATALOG c; USE SCHEMA s; SELECT * FROM t, x.t, y.x.t'), [
    'c.s.t',
    'c.x.t',
    undefined,
  ]);
  assert.deepEqual(qualified('USE DATABASE d; USE SCHEMA s; SELECT * FROM t, x.t'), ['d.s.t', 'd.x.t']);
  assert.deepEqual(qualified('USE d.s; SELECT * FROM t'), ['d.s.t']);
  assert.deepEqual(qualified('USE s; SELECT * FROM t'), ['s.t']);
  assert.deepEqual(qualified('SELECT * FROM t'), [undefined]);
});

test('SQL that another database is asked', () => {
  check({
    'SELECT a FROM EXTERNAL_QUERY("p.us.c", """SELECT a FROM d.e""") JOIN f USING (a)': 'reads d.e, reads f',
    'SELECT a FROM EXTERNAL_QUERY("p.us.c", "SELECT a FROM e WHERE x = 1") AS g': 'reads e',
    "WITH e AS (SELECT * FROM OPENQUERY(server, 'SELECT * FROM d.e')) SELECT * FROM e": 'reads d.e',
    "SELECT * FROM dblink('dbname=x', 'select a from e') AS t(a int), postgres_query('p', 'SELECT * FROM h')":
      'reads e, reads h',
    'EXECUTE IMMEDIATE "SELECT a FROM d.e"; EXECUTE "select";': 'reads d.e',
    "SELECT * FROM f('SELECT * FROM d.e'), g": 'reads g',
  });
});

test('what is raw to Jinja is SQL', () => {
  check({
    '{% raw %}SELECT * FROM a JOIN x_{{ b }} {% endraw %} JOIN c': 'reads a, reads x_*, reads c',
    '{% raw %}{% if x %}{% endraw %} SELECT * FROM a {% raw %}{% else %}{% endraw %} SELECT * FROM b':
      'reads a, reads b',
  });
});

test('a trigger sees the rows that were changed as tables', () => {
  check({
    'CREATE TRIGGER t ON a AFTER DELETE AS BEGIN INSERT INTO b SELECT * FROM deleted d JOIN inserted i ON d.x = i.x END':
      'mentions a, writes b',
    'SELECT * FROM deleted': 'reads deleted',
  });
});

test('rights on what is no table', () => {
  check({
    'GRANT USAGE ON WAREHOUSE {w} TO ROLE {r}; GRANT USAGE ON DATABASE "D" TO ROLE r; GRANT SELECT ON {t} TO r':
      'mentions *',
    'GRANT SELECT ON "d"."t" TO r; REVOKE ALL ON a, b FROM r': 'mentions d.t, mentions a, mentions b',
  });
});
