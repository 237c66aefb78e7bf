# Starts fakesnow's server as `fakesnow -s` does, speaks Snowflake's SQL API v2 before it, and runs the statements there through Snowflake's own connector; what fakesnow does not have is answered from a file.
import base64
import gzip
import hashlib
import json
import re
import sys
import threading
import uuid
from datetime import date, datetime, time, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import sleep

import jwt
import snowflake.connector
import uvicorn
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

port, fakesnow_port, file = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
with open(file, encoding="utf-8") as opened:
    told = json.load(opened)
serving = uvicorn.Server(uvicorn.Config("fakesnow.server:app", host="127.0.0.1", port=fakesnow_port, log_level="warning"))
threading.Thread(target=serving.run, daemon=True).start()
while not serving.started:
    sleep(0.1)
connection = snowflake.connector.connect(
    user="adapter", password="any", account="fakesnow", host="127.0.0.1", port=fakesnow_port, protocol="http", network_timeout=25
)
# fakesnow describes tables only where a database is in use.
for statement in ["CREATE DATABASE IF NOT EXISTS PROD", "USE DATABASE PROD"]:
    connection.cursor().execute(statement)
lock = threading.Lock()
results = {}
counts = {}
# FIELD_TYPES of snowflake-connector-python 4.8.1, constants.py, as the SQL API names them.
types = {0: "fixed", 1: "real", 2: "text", 3: "date", 4: "timestamp_ltz", 5: "variant", 6: "timestamp_ltz"}
types |= {7: "timestamp_tz", 8: "timestamp_ntz", 9: "object", 10: "array", 11: "binary", 12: "time", 13: "boolean"}


def cell(value, kind):
    """As the SQL API writes it: every cell is a text or null."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        at = value if value.tzinfo else value.replace(tzinfo=timezone.utc)
        seconds = f"{at.timestamp():.6f}000"
        return f"{seconds} {int(at.utcoffset().total_seconds() // 60) + 1440}" if kind == "timestamp_tz" else seconds
    if isinstance(value, date):
        return str((value - date(1970, 1, 1)).days)
    if isinstance(value, time):
        return f"{value.hour * 3600 + value.minute * 60 + value.second}.000000000"
    if isinstance(value, (bytes, bytearray)):
        return value.hex().upper()
    return str(value)


def result_of(statement):
    for begins, canned in told["answers"]:
        if re.match(begins, statement):
            return canned
    with lock, connection.cursor() as cursor:
        cursor.execute(statement)
        kinds = [types.get(column.type_code, "text") for column in cursor.description]
        columns = [f"{column.name}:{kind}" for column, kind in zip(cursor.description, kinds)]
        rows = [[cell(value, kind) for value, kind in zip(row, kinds)] for row in cursor.fetchall()]
    return {"columns": columns, "rows": rows}


class Refused(Exception):
    def __init__(self, status, code, message, state="00000"):
        super().__init__(message)
        self.status = status
        self.body = {"code": code, "message": message, "sqlState": state}


def check(headers):
    if "/" not in headers.get("user-agent", ""):
        raise Refused(400, "391903", "User-Agent is required")
    token = headers.get("authorization", "").removeprefix("Bearer ")
    if token == told["token"]:
        return
    if headers.get("x-snowflake-authorization-token-type") != "KEYPAIR_JWT":
        raise Refused(401, "390303", "Invalid OAuth access token.")
    subject, key = told["user"], load_pem_public_key(told["publicKey"].encode())
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    issuer = f"{subject}.SHA256:{base64.b64encode(hashlib.sha256(der).digest()).decode()}"
    try:
        claims = jwt.decode(token, key, algorithms=["RS256"], issuer=issuer, options={"require": ["exp", "iat", "sub"]})
    except jwt.PyJWTError as error:
        raise Refused(401, "390144", f"JWT token is invalid. {error}") from error
    if claims["sub"] != subject or claims["exp"] > claims["iat"] + 3600:
        raise Refused(401, "390144", "JWT token is invalid.")


class Api(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def send(self, status, body, packed=False):
        sent = json.dumps(body).encode()
        sent = gzip.compress(sent) if packed else sent
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(sent)))
        if packed:
            self.send_header("content-encoding", "gzip")
        self.end_headers()
        self.wfile.write(sent)

    def answer(self, body):
        path, _, query = self.path.partition("?")
        if path == "/counts":
            return self.send(200, counts)
        try:
            check({name.lower(): value for name, value in self.headers.items()})
            handle = re.fullmatch(r"/api/v2/statements/([0-9a-f-]{36})", path)
            if handle and handle[1] in results:
                part = re.search(r"partition=(\d+)", query)
                if part:
                    at = int(part[1]) * told["partitionRows"]
                    rows = results[handle[1]]["rows"][at : at + told["partitionRows"]]
                    return self.send(200, {"data": rows}, packed=True)
                return self.send(200, self.told(handle[1]))
            if path != "/api/v2/statements" or body is None:
                raise Refused(404, "391918", "Unknown statement handle")
            statement, warehouse = body["statement"], body.get("warehouse")
            counts["warehouse" if warehouse else "none"] = counts.get("warehouse" if warehouse else "none", 0) + 1
            if re.match(r"SELECT\b", statement) and " FROM " in statement and not warehouse:
                raise Refused(422, "000606", "No active warehouse selected in the current session.", "57P03")
            made = str(uuid.uuid4())
            try:
                results[made] = result_of(statement)
            except snowflake.connector.errors.Error as error:
                raise Refused(422, f"{error.errno:06d}", error.raw_msg or str(error), error.sqlstate) from error
            if "code" in results[made]:
                raise Refused(422, results[made]["code"], results[made]["message"], results[made]["sqlState"])
            if "async=true" in query:
                return self.send(202, {"code": "333334", "statementHandle": made, "message": "Asynchronous execution"})
            self.send(200, self.told(made))
        except Refused as refused:
            self.send(refused.status, refused.body)

    def told(self, handle):
        rows, size = results[handle]["rows"], told["partitionRows"]
        columns = [column.rpartition(":") if ":" in column else (column, "", "text") for column in results[handle]["columns"]]
        parts = [{"rowCount": len(rows[at : at + size])} for at in range(0, max(len(rows), 1), size)]
        meta = {"numRows": len(rows), "format": "jsonv2", "partitionInfo": parts}
        meta["rowType"] = [{"name": name, "type": kind, "nullable": True} for name, _, kind in columns]
        body = {"resultSetMetaData": meta, "data": rows[:size], "code": "090001", "statementHandle": handle}
        return {**body, "sqlState": "00000", "message": "Statement executed successfully."}

    def do_GET(self):
        self.answer(None)

    def do_POST(self):
        self.answer(json.loads(self.rfile.read(int(self.headers.get("content-length", "0"))) or b"null"))


ThreadingHTTPServer(("127.0.0.1", port), Api).serve_forever()
