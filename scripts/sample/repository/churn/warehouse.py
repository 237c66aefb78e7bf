"""Snowflake: one query in, one frame out."""

import os
from pathlib import Path

import pandas as pd
import snowflake.connector
from snowflake.connector.pandas_tools import write_pandas

SQL = Path(__file__).resolve().parent.parent / "sql"


def connect():
    return snowflake.connector.connect(
        account="acme-prod",
        user=os.environ.get("SNOWFLAKE_USER", "CHURN_SERVICE"),
        authenticator="externalbrowser",
        database="ANALYTICS",
        schema="ML",
        warehouse="GROWTH_WH",
    )


def query(sql: str, params: dict | None = None) -> pd.DataFrame:
    with connect() as connection, connection.cursor() as cursor:
        cursor.execute(sql, params or {})
        frame = cursor.fetch_pandas_all()
    return frame.rename(columns=str.lower)


def query_file(name: str, params: dict | None = None) -> pd.DataFrame:
    return query((SQL / name).read_text(), params)


def append(frame: pd.DataFrame, table: str) -> int:
    """Adds the rows of a frame to ANALYTICS.ML.<table>."""
    with connect() as connection:
        _, _, rows, _ = write_pandas(
            connection, frame.rename(columns=str.upper), table, database="ANALYTICS", schema="ML"
        )
    return rows
