// SQL sessions: what USE says holds for the calls and cells behind it; and SQL put together from lists.
import { test } from 'node:test';
import { checkReferences } from '../../support/fixture.ts';

test('USE holds for the next calls of the same function', () => {
  checkReferences(`
spark.sql("USE CATALOG main")
spark.sql("USE gold")
spark.sql("SELECT * FROM orders JOIN silver.items JOIN x.y.z")
#                        ^^^^^^ reads table [orders] qualified=main.gold.orders
#                                    ^^^^^^^^^^^^ reads table [silver.items] qualified=main.silver.items
#                                                      ^^^^^ reads table [x.y.z]
def load(cursor):
    cursor.execute("SELECT * FROM a")
#                                 ^ reads table [a]
    cursor.execute("USE DATABASE sales; USE SCHEMA raw")
    with open("x"):
        cursor.execute("SELECT * FROM a")
#                                     ^ reads table [a] qualified=sales.raw.a
    cursor.execute("USE SCHEMA clean; SELECT * FROM b")
#                                                   ^ reads table [b] qualified=sales.clean.b
    cursor.execute(f"USE SCHEMA {name}")
    cursor.execute("SELECT * FROM c")
#                                 ^ reads table [c]
def other(cursor):
    cursor.execute("SELECT * FROM a")
#                                 ^ reads table [a]
spark.sql("USE CATALOG main2; USE SCHEMA s")
spark.sql(f"SELECT * FROM orders JOIN {name}.d")
#                         ^^^^^^ reads table [orders] qualified=main2.s.orders
#                                     ^^^^^^^^ reads table [*.d] partial
`);
});

test('USE holds for the next cells of a notebook, whatever they are written in', () => {
  checkReferences(`
//- a.ipynb
%%sql
USE CATALOG main
# %%
spark.sql("USE SCHEMA gold")
# %%
%%sql
SELECT * FROM orders
--            ^^^^^^ reads table [orders] qualified=main.gold.orders
# %%
spark.sql("SELECT * FROM orders")
#                        ^^^^^^ reads table [orders] qualified=main.gold.orders
`);
});

test('lists that are joined are one text', () => {
  checkReferences(`
SCHEMA = "crm"
a = "\\n".join(["SELECT *", "FROM crm.a", f"JOIN {SCHEMA}.b USING (id)"])
#                                ^^^^^ reads table [crm.a]
#                                               ^^^^^^^^^^ reads table [crm.b] constant
b = " ".join(("SELECT *", "FROM crm.c", "WHERE x = 1"))
#                               ^^^^^ reads table [crm.c]
cursor.execute("".join(["DELETE FROM ", SCHEMA, ".", "d"]))
#                                       ^^^^^^^^^^^^^^^ writes table [crm.d] constant
c = ", ".join(["Select one", "from crm.nowhere"])
d = ";".join(["SELECT * FROM e.f", "SELECT * FROM g.h"])
#                            ^^^ reads table [e.f]
#                                                 ^^^ reads table [g.h]
e = "\\n".join([*lines, "FROM crm.x"])
`);
});
