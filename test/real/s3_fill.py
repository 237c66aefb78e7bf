# Fills a store as somebody else's programs would: a weekly model, one that is written over, a dataset by day, tags, parts, logs.
import gzip, io, sys
from concurrent.futures import ThreadPoolExecutor
import boto3
from boto3.s3.transfer import TransferConfig

url = sys.argv[1]
s3 = boto3.client("s3", endpoint_url=url, region_name="eu-west-1", aws_access_key_id="someone", aws_secret_access_key="else")
where = {"LocationConstraint": "eu-west-1"}

s3.create_bucket(Bucket="acme-models", CreateBucketConfiguration=where)
s3.put_bucket_tagging(Bucket="acme-models", Tagging={"TagSet": [{"Key": "owner", "Value": "ml-platform"}, {"Key": "cost", "Value": "42"}]})
for day in ["2026-11-06", "2026-11-13", "2026-11-20"]:
    s3.put_object(
        Bucket="acme-models", Key=f"churn/{day}/model.joblib", Body=day.encode() * 1000,
        Metadata={"mlflow-run-id": "0123456789abcdef0123456789abcdef"} if day == "2026-11-20" else {},
        Tagging="stage=prod",
    )
    s3.put_object(Bucket="acme-models", Key=f"churn/{day}/metrics.json", Body=b"{}")

s3.create_bucket(Bucket="acme-versions", CreateBucketConfiguration=where)
s3.put_bucket_versioning(Bucket="acme-versions", VersioningConfiguration={"Status": "Enabled"})
for body in [b"first", b"second", b"third"]:
    s3.put_object(Bucket="acme-versions", Key="fraud/model.pkl", Body=body)
s3.put_object(Bucket="acme-versions", Key="gone/data.csv", Body=b"a")
s3.delete_object(Bucket="acme-versions", Key="gone/data.csv")

s3.create_bucket(Bucket="acme-lake", CreateBucketConfiguration=where)

def part(number):
    s3.put_object(Bucket="acme-lake", Key=f"events/dt=2026-11-{1 + number // 100:02d}/part-{number:05d}.parquet", Body=b"x")

with ThreadPoolExecutor(8) as pool:
    list(pool.map(part, range(1099)))
part(1099)
s3.put_object(Bucket="acme-lake", Key="weights-old/a.bin", Body=b"a")
s3.upload_fileobj(io.BytesIO(b"w" * 11_000_000), "acme-lake", "weights/big.bin", Config=TransferConfig(multipart_threshold=5_500_000, multipart_chunksize=5_500_000))
s3.put_object(Bucket="acme-lake", Key="strange/ä ü%2F+&=?#.csv", Body="größe".encode())

s3.create_bucket(Bucket="acme-logs", CreateBucketConfiguration=where)
lines = [f"[2026-11-20T03:00:{i % 60:02d}.000+0000] {{train.py:{i}}} INFO - step {i}" for i in range(20_000)]
lines[15_000] = "[2026-11-20T03:10:00.000+0000] {train.py:7} ERROR - ValueError: no rows"
text = "\n".join(lines).encode() + b"\n"
base = "airflow/dag_id=train_churn/run_id=manual__2026-11-20T03:00:00+00:00/task_id=fit"
s3.put_object(Bucket="acme-logs", Key=f"{base}/attempt=1.log", Body=text)
s3.put_object(Bucket="acme-logs", Key=f"{base}/attempt=2.log.gz", Body=gzip.compress(text))
s3.put_object(Bucket="acme-logs", Key="empty.log", Body=b"")
print("filled")
