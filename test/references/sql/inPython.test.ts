// SQL in texts of Python: which texts are SQL, where their tables stand, and what fills their holes.
import { test } from 'node:test';
import { checkReferences } from '../../support/fixture.ts';

test('marks of % and format are filled by name, by part and out of dicts', () => {
  checkReferences(`
NAMES = {"table": "crm.orders"}
cursor.execute("SELECT * FROM %(table)s WHERE day = %%s" % NAMES)
#                             ^^^^^^^^^ reads table [crm.orders]
cursor.execute("SELECT * FROM {table} WHERE x = '{{a}}'".format(**NAMES))
#                             ^^^^^^^ reads table [crm.orders]
cursor.execute("SELECT * FROM {c.schema}.orders".format(c=config))
#                             ^^^^^^^^^^^^^^^^^ reads table [*.orders] partial
cursor.execute("SELECT * FROM {0}.{1!r}".format("crm", name))
#                             ^^^^^^^^^ reads table [crm.*] partial
`);
});

test('a query that goes on in later statements', () => {
  checkReferences(`
query = "SELECT id "
query += "FROM crm.orders o "
#              ^^^^^^^^^^ reads table
query += f"LEFT JOIN {schema}.items i ON true "
#                    ^^^^^^^^^^^^^^ reads table [*.items] partial
query += "WHERE day > %s"
message = "From: "
message += "from crm.nowhere with love"
`);
});

test('what says something to people is no SQL', () => {
  checkReferences(`
print("SELECT * FROM crm.a")
log.info("DELETE FROM crm.b")
parser.add_argument("--q", help="SELECT x FROM crm.c")
raise ValueError("UPDATE crm.d SET x = 1")
task = Operator(doc_md="SELECT * FROM crm.e", sql="select 1 from crm.f")
#                                                                ^^^^^ reads table
run(query="Select From crm.g")
#                      ^^^^^ reads table
"""SELECT * FROM crm.h"""
a = f"SELECT * from {schema}.i"
#                   ^^^^^^^^^^ reads table [*.i] partial
b = f"INSERT {schema}.j VALUES (1)"
#            ^^^^^^^^^^ writes table [*.j] partial
c = f"select 1 from {schema}.{name}_k LIMIT 1"
#                   ^^^^^^^^^^^^^^^^^ reads table [*.*_k] partial
d = "DELETE crm.l WHERE x = 1"
#           ^^^^^ writes table
TEXT = "Select one of these, from the list (or none)"
assert managed, "CREATE TABLE must mark the table as managed"
raise_if(bad, "DROP TABLE is not supported, use DROP VIEW")
TITLE = "ALTER TABLE statement"
OTHER = "TRUNCATE TABLE failed: no rights"
e = "CREATE TABLE statements (id int)"
#                 ^^^^^^^^^^ writes table
g = "CREATE TABLE a as SELECT 1"
#                 ^ writes table
f = "DROP TABLE crm.failed"
#               ^^^^^^^^^^ mentions table
`);
});

test('Jinja of Airflow in texts of Python', () => {
  checkReferences(`
sql = """
  SELECT * FROM {{ params.schema }}.orders
#               ^^^^^^^^^^^^^^^^^^^^^^^^^^ reads table [*.orders] partial
  JOIN crm.events_{{ ds_nodash }} USING (id)
#      ^^^^^^^^^^^^^^^^^^^^^^^^^^ reads table [crm.events_*] partial
  JOIN {{ params.table }} ON true
  {% if params.all %} JOIN crm.all_of_it ON true {% endif %}
#                          ^^^^^^^^^^^^^ reads table
  WHERE day = '{{ ds }}' AND x IN ('{{ "','".join(params.names) }}')
"""
`);
});

test('lists of statements, and statements one after the other', () => {
  checkReferences(`
run(sql=["DROP TABLE IF EXISTS crm.a", "CREATE TABLE crm.a LIKE crm.b"])
#                              ^^^^^ mentions table
#                                                    ^^^^^ writes table
#                                                               ^^^^^ reads table
run(textwrap.dedent("""
    BEGIN;
    INSERT INTO crm.c SELECT * FROM crm.d;
#               ^^^^^ writes table
#                                   ^^^^^ reads table
    COMMIT;
"""))
athena.run(query="MSCK REPAIR TABLE crm.f")
#                                   ^^^^^ mentions table
cursor.execute("describe crm.g")
#                        ^^^^^ mentions table
raise_for("Show create options to the user", "Comment on the table, then rename it")
connection.execute(text("update crm.e set x = :x"))
#                               ^^^^^ writes table
`);
});

test('views of the session and frames in memory are no tables', () => {
  checkReferences(`
import duckdb
orders = spark.table("orders")
#                     ^^^^^^ reads table
def fill(frame):
    frame.createOrReplaceTempView("Recent")
    spark.sql("SELECT * FROM recent JOIN crm.items")
#                                        ^^^^^^^^^ reads table
orders.createOrReplaceGlobalTempView("orders")
spark.sql("CREATE OR REPLACE TEMP VIEW made AS SELECT * FROM global_temp.orders")
spark.sql("SELECT * FROM made JOIN Orders").write.saveAsTable("orders")
#                                                              ^^^^^^ writes table
df = load()
duckdb.sql("SELECT * FROM df JOIN other")
#                                 ^^^^^ reads table
spark.table("recent")
connection.register("shown", df)
connection.execute("select count(*) from shown")
NAME = "sales"
frame.createOrReplaceTempView(f"tmp_{NAME}_new")
spark.sql(f"MERGE INTO lake.{NAME} t USING tmp_{NAME}_new u ON t.id = u.id")
#                      ^^^^^^^^^^^ writes table [lake.sales] constant
frame.createOrReplaceTempView(f"part_{unknown}")
spark.sql(f"SELECT * FROM part_{unknown} JOIN rest_{unknown}")
#                                             ^^^^^^^^^^^^^^ reads table [rest_*] partial
//- other.py
spark.sql("SELECT * FROM recent")
#                        ^^^^^^ reads table
df = 1
spark.sql("SELECT * FROM df")
#                        ^^ reads table
`);
});

test('methods of texts leave SQL what it is', () => {
  checkReferences(`
spark.sql(f"""
  SELECT * FROM {schema}.a
#               ^^^^^^^^^^ reads table [*.a] partial
""".strip())
QUERY = "SELECT * FROM crm.b WHERE x = 'y'".replace("y", "z").encode()
#                      ^^^^^ reads table
for one in "DELETE FROM crm.c; DELETE FROM crm.d".split(";"):
#                       ^^^^^ writes table
#                                          ^^^^^ writes table
    cursor.execute(one)
print("SELECT * FROM crm.e".strip())
found = "SELECT * FROM crm.f".startswith("SELECT")
cursor.execute(" ".join(["DELETE", "FROM crm.g"]).strip())
#                                        ^^^^^ writes table
`);
});
