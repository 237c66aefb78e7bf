# A model server that is scraped: metrics of each type by the official client. Arguments: the port. Stdin: `set <model> <auc>`.
import sys

from prometheus_client import Counter, Gauge, Histogram, Info, Summary, start_http_server

auc = Gauge("churn_auc", "AUC of the model on the last labels", ["model"])
predictions = Counter("predictions", "Predictions served", ["model"])
latency = Histogram("latency", "Seconds a prediction takes", namespace="churn", unit="seconds", buckets=(0.1, 1, 5))
batch = Summary("batch_size", "Rows in a request")
build = Info("build", "What runs")

build.info({"version": "7", "commit": "5be1f0a"})
auc.labels("churn").set(0.71)
auc.labels("fraud").set(0.95)
for value in (0.05, 0.5, 2):
    latency.observe(value)
batch.observe(10)
start_http_server(int(sys.argv[1]), addr="127.0.0.1")
print("serving", flush=True)
for line in sys.stdin:
    word, model, value = line.split()
    if word == "set":
        auc.labels(model).set(float(value))
    predictions.labels(model).inc(10)
    print("done", flush=True)
