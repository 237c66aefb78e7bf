// Silence: calls of other libraries that have the names of ours name nothing.
import { test } from 'node:test';
import { checkReferences } from '../../support/fixture.ts';

test('other libraries with the same words', () => {
  checkReferences(`
import argparse, asyncio, collections, json, logging, os, re, shutil, sqlite3, subprocess
import requests
import redis
import numpy as np
import pandas as pd
import tensorflow as tf
import torch
from django.db import models
from flask import Flask, render_template
from openai import OpenAI
from kubernetes import client as k8s
from rich.console import Console
from rich.table import Table
from sklearn.pipeline import Pipeline
from slack_sdk import WebClient
from celery import Celery
from fastapi import FastAPI
from click import command, option
import wandb
app = Flask("churn")
api = FastAPI(title="churn")
celery = Celery("churn", broker="redis://x")
client = OpenAI(api_key="k")
client.beta.threads.runs.create(thread_id="t", assistant_id="a")
client.get_run("run_1")
client.create_run(job_id="x", name="y")
client.set_tag("a", "b")
client.log_metric("a", "b")
client.files.create(file="x", purpose="y")
r = redis.Redis()
r.set("churn", 1)
r.get("churn")
requests.get("https://acme.example/s3/churn", params={"table": "orders"})
requests.post("https://acme.example/jobs", json={"job_id": 1, "tasks": [{"task_key": "a"}]})
table = Table(title="orders")
table.add_column("name")
Console().table("orders")
slack = WebClient(token="x")
slack.files_upload(channels="c", file="x")
slack.chat_postMessage(channel="#x", text="see s3 bucket lake")
parser = argparse.ArgumentParser("churn")
parser.add_argument("--table", default="orders", help="reads from sales.orders")
logging.getLogger("churn").info("loading models from registry")
logger.info("select something from the list")
collections.Counter("abc").update("x")
df = pd.DataFrame({"a": [1]})
df.groupby("a").count()
df.query("a > 1 and b == 'from x'")
df.filter("a").copy("deep")
df.to_csv("out.csv")
pd.read_csv("in.csv")
np.load("model.npy")
torch.load("model.pt")
torch.save(model, "model.pt")
tf.keras.models.load_model("model.h5")
json.load(open("a.json"))
shutil.copy("a", "b")
subprocess.run("ls -la", shell=True)
os.environ.get("HOME", "/root")
class Order(models.Model):
    name = models.CharField("name", max_length=3)
    class Meta:
        db_table = 3
Order.objects.filter(name="x").get("y")
pipe = Pipeline([("scale", scaler)])
wandb.init(project="churn", job_type="train")
wandb.log({"auc": 1})
k8s.V1Job(metadata=k8s.V1ObjectMeta(name="x"))
@app.route("/churn", methods=["GET"])
def churn():
    return render_template("churn.html", name="x")
@command(name="run")
@option("--job-id", "job_id")
def run(job_id):
    runner.run(name="x", job_name="y")
@celery.task(name="score")
def score():
    pass
class Task:
    def __init__(self, task_key):
        pass
Task(task_key="a")
asyncio.run(main())
signal.connect("handler")
queue.put("item", "key")
session.get("https://acme.example")
session.query("User")
config.get("section", "table")
store.list("prefix")
catalog.get("orders")
registry.get_model("x.Model")
bucket.put("a", "b")
fs.open("file.txt", "w")
jobs.append("x")
endpoint.create("x")
`);
});
