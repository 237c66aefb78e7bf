"""Data frames and models in S3."""

import io
from urllib.parse import urlparse

import boto3
import joblib
import pandas as pd


def split(uri: str) -> tuple[str, str]:
    """("bucket", "key") of an s3:// URI."""
    parts = urlparse(uri)
    return parts.netloc, parts.path.lstrip("/")


def read_frame(uri: str) -> pd.DataFrame:
    bucket, key = split(uri)
    answer = boto3.client("s3").get_object(Bucket=bucket, Key=key)
    return pd.read_parquet(io.BytesIO(answer["Body"].read()))


def write_frame(frame: pd.DataFrame, uri: str) -> str:
    bucket, key = split(uri)
    buffer = io.BytesIO()
    frame.to_parquet(buffer, index=False)
    boto3.client("s3").put_object(Bucket=bucket, Key=key, Body=buffer.getvalue())
    return uri


def write_model(model: object, uri: str) -> int:
    """Writes a joblib file and says how many bytes it has."""
    bucket, key = split(uri)
    buffer = io.BytesIO()
    joblib.dump(model, buffer)
    boto3.client("s3").put_object(Bucket=bucket, Key=key, Body=buffer.getvalue())
    return buffer.tell()
