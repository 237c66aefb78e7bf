"""Owns write_pandas of the Snowflake stand-in; only for recording."""


def write_pandas(connection, frame, table: str, database: str, schema: str):
    """Appends a frame; answers (success, chunks, rows, output) like the real one."""
    connection.db.register("incoming", frame)
    columns = ", ".join(frame.columns)
    connection.db.execute(f"INSERT INTO {database}.{schema}.{table} ({columns}) SELECT {columns} FROM incoming")
    connection.db.unregister("incoming")
    return True, 1, len(frame), []
