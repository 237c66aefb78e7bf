# What happens in the store a week later: a new model, one written over, a new day of data, a dataset deleted.
import sys
import boto3

s3 = boto3.client("s3", endpoint_url=sys.argv[1], region_name="eu-west-1", aws_access_key_id="someone", aws_secret_access_key="else")
s3.put_object(Bucket="acme-models", Key="churn/2026-11-27/model.joblib", Body=b"new", Tagging="stage=prod")
s3.put_object(Bucket="acme-versions", Key="fraud/model.pkl", Body=b"fourth")
s3.put_object(Bucket="acme-lake", Key="events/dt=2026-11-30/part-0.parquet", Body=b"new")
s3.delete_object(Bucket="acme-lake", Key="weights/big.bin")
