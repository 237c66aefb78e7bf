"""Owns what the sample uses of snowflake.connector, answered by DuckDB files; only for recording."""

import os
import re
import time
from pathlib import Path

import duckdb

FOLDER = Path(os.environ["WAREHOUSE_DIR"])


class OperationalError(Exception):
    """Named like the driver's own, so that logs read the same."""


class Connection:
    """Opens the files for as long as a query needs them: DuckDB lets only one process write."""

    def __init__(self, account: str):
        self.account = account
        fail_if_asked(account)
        self.db = opened()

    def cursor(self):
        return Cursor(self.db)

    def close(self):
        self.db.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Cursor:
    def __init__(self, db):
        self.db = db

    def execute(self, sql: str, params: dict | None = None):
        sql = re.sub(r"%\((\w+)\)s", r"$\1", sql)
        sql = re.sub(r"\bNUMBER\b", "BIGINT", sql)
        used = {name: value for name, value in (params or {}).items() if f"${name}" in sql}
        self.db.execute(sql, used) if used else self.db.execute(sql)
        return self

    def fetch_pandas_all(self):
        return self.db.fetchdf().rename(columns=str.upper)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


def opened():
    for _ in range(50):
        try:
            db = duckdb.connect(str(FOLDER / "analytics.duckdb"))
            db.execute(f"ATTACH '{FOLDER / 'raw.duckdb'}' AS raw (READ_ONLY)")
            return db
        except duckdb.IOException:
            time.sleep(0.1)
    raise OperationalError("250001 (08001): the recorder's warehouse stayed locked")


def fail_if_asked(account: str) -> None:
    """The recorder leaves this file when it wants one connection to fail, as happens."""
    order = FOLDER / "refuse-one-connection"
    if order.exists():
        order.unlink()
        raise OperationalError(
            f"250001 (08001): Failed to connect to DB: {account}.snowflakecomputing.com:443. "
            "Incoming request with IP/Token 10.20.4.17 is not allowed to access Snowflake. "
            "Contact your account administrator."
        )


def connect(account: str, **_settings) -> Connection:
    return Connection(account)
