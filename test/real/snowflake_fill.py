# Fills fakesnow's server through Snowflake's own connector, found by its own connections.toml, and says what that connector sees, as one line of JSON.
import json
import sys

import jwt
import snowflake.connector
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from snowflake.connector.auth import AuthByKeyPair

tables, key_file, account, user = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
# Which file, which connection and which host: as SNOWFLAKE_HOME and the file say.
connection = snowflake.connector.connect(connection_name="fill")
cursor = connection.cursor()
for statement in [
    # Columns of an event table: docs.snowflake.com/developer-guide/logging-tracing/event-table-columns, read 2026-11-24.
    # The database that is made last is in use.
    "CREATE DATABASE IF NOT EXISTS SNOWFLAKE",
    "CREATE SCHEMA IF NOT EXISTS SNOWFLAKE.TELEMETRY",
    "CREATE TABLE SNOWFLAKE.TELEMETRY.EVENTS (TIMESTAMP TIMESTAMP_NTZ, RESOURCE_ATTRIBUTES OBJECT, SCOPE OBJECT, RECORD_TYPE STRING, RECORD OBJECT, RECORD_ATTRIBUTES OBJECT, VALUE VARIANT)",
    *[
        f"INSERT INTO SNOWFLAKE.TELEMETRY.EVENTS SELECT '{at}'::TIMESTAMP_NTZ, PARSE_JSON('{{\"snow.query.id\":\"{query}\"}}'), PARSE_JSON('{{\"name\":\"score\"}}'), '{kind}', PARSE_JSON('{{\"severity_text\":\"{severity}\"}}'), PARSE_JSON('{more}'), PARSE_JSON('\"{said}\"')"
        for at, query, kind, severity, more, said in [
            ("2026-11-23 11:00:01", "01b2c3d4-0000-1111-0000-000000000009", "LOG", "FATAL", '{"exception.type":"KeyError","exception.message":"tenure","exception.stacktrace":"Traceback"}', "exception"),
            ("2026-11-23 11:00:00", "01b2c3d4-0000-1111-0000-000000000009", "LOG", "INFO", "{}", "scoring 4711 rows"),
            ("2026-11-23 11:00:00", "01b2c3d4-0000-1111-0000-000000000009", "SPAN", "INFO", "{}", "a span"),
            ("2026-11-23 11:00:00", "01b2c3d4-0000-1111-0000-000000000008", "LOG", "INFO", "{}", "of another query"),
            ("2026-11-21 11:00:00", "01b2c3d4-0000-1111-0000-000000000009", "LOG", "INFO", "{}", "of another time"),
        ]
    ],
    "CREATE DATABASE IF NOT EXISTS PROD",
    "CREATE SCHEMA IF NOT EXISTS PROD.RAW",
    "CREATE SCHEMA IF NOT EXISTS PROD.ML",
    "CREATE TABLE PROD.RAW.USERS (ID NUMBER(38,0), AGE INT)",
    "CREATE TABLE PROD.ML.CHURN_PREDICTIONS (USER_ID NUMBER(38,0), SCORE FLOAT, MADE TIMESTAMP_NTZ, DAY DATE, NOTE VARCHAR, WHY VARIANT)",
    'CREATE TABLE PROD.ML."Mixed" ("a.b" INT)',
    "CREATE VIEW PROD.ML.SCORES AS SELECT SCORE FROM PROD.ML.CHURN_PREDICTIONS",
    "INSERT INTO PROD.ML.CHURN_PREDICTIONS VALUES (1, 0.5, '2026-11-23 10:00:00', '2026-11-23', 'x', NULL), (2, 0.9, '2026-11-23 10:00:00', '2026-11-23', 'y', NULL)",
    *[f"CREATE TABLE PROD.RAW.MANY_{n} (ID INT)" for n in range(tables)],
]:
    cursor.execute(statement)


def rows(statement):
    with connection.cursor(snowflake.connector.DictCursor) as one:
        return [{key.lower(): value for key, value in row.items()} for row in one.execute(statement).fetchall()]


with open(key_file, "rb") as opened:
    by_key = AuthByKeyPair(private_key=load_pem_private_key(opened.read(), None))
token = by_key.prepare(account=account, user=user)
seen = {
    "databases": rows("SHOW DATABASES"),
    "objects": rows("SHOW OBJECTS IN DATABASE PROD"),
    "columns": rows("SHOW COLUMNS IN SCHEMA PROD.ML"),
    "described": rows("DESCRIBE TABLE PROD.ML.CHURN_PREDICTIONS"),
    "warehouses": rows("SHOW WAREHOUSES"),
    "count": cursor.execute("SELECT COUNT(*) FROM PROD.ML.CHURN_PREDICTIONS").fetchone()[0],
    "claims": jwt.decode(token, options={"verify_signature": False}),
}
print(json.dumps(seen, default=str))
