// The running world of the tests: the churn project, with training that went wrong an hour ago.

export const churnWorld = `
  source mlflow covers=model,version,experiment age=5m
  model churn alias.champion=6 alias.challenger=7 latest=7 description="Who will leave"
  version churn/6 alias.champion=6 madeBy=run/m6
  version churn/7 alias.challenger=7 madeBy=run/m7
  experiment churn
  metric churn/auc
  run m5 name=train-11-07 of=experiment/churn status=success ago=16d took=95s auc=0.88 f1=0.6
  run m6 name=train-11-14 of=experiment/churn,model/churn,version/churn/6 ago=9d took=90s auc=0.87 f1=0.61 commit=5be1f0a77aa user=ana in=path/s3://acme-lake/churn/features/2026-11-14/@1200
  run m7 name=train-11-21 of=experiment/churn,model/churn,version/churn/7 ago=2d took=91s auc=0.71 f1=0.44 user=bo linked=run/train_churn/scheduled__2026-11-21/fit/-1/1~airflow
  run m8 name=train-11-23 of=experiment/churn status=failed ago=2h took=12s
  point churn/auc 0.87 run=m6 ago=9d
  point churn/auc 0.71 run=m7 ago=2d
  edge model/churn -> version/churn/6 contains reported registry
  edge model/churn -> version/churn/7 contains reported registry
  edge model/churn -> metric/churn/auc measures reported "MLflow run train-11-14"

  source airflow covers=job,task age=1m
  job train_churn owner=growth-ml schedule=weekly period=7d
  task train_churn.fit pool=default_pool
  edge job/train_churn -> task/train_churn.fit contains reported "Airflow task logs"
  run train_churn/scheduled__2026-11-21 tool=airflow name=scheduled__2026-11-21 of=job/train_churn status=failed ago=2d took=3m where=worker-3 message="fit: KeyError: 'churned'"
  run train_churn/scheduled__2026-11-14 tool=airflow name=scheduled__2026-11-14 of=job/train_churn ago=9d took=4m
  run train_churn/scheduled__2026-11-21/fit/-1/1 tool=airflow name="fit, try 1" of=task/train_churn.fit parent=run/train_churn/scheduled__2026-11-21~airflow status=failed ago=2d took=20s attempt=1 message="KeyError: 'churned'" log=/logs/attempt=1.log

  source dbt covers=table age=1h
  table analytics.ml.churn_labels alias=churn_labels columns=customer_id:integer,has_churned:boolean rows=1200 materialized=table owner=@acme/growth-ml freshness=pass updated=3h
  table raw.crm.customers alias=crm.customers
  edge table/raw.crm.customers -> table/analytics.ml.churn_labels reads declared "dbt manifest parent_map"
  edge table/analytics.ml.churn_labels -> job/train_churn reads reported "OpenLineage run 1"

  path s3://acme-lake/churn/features/2026-11-14/ rows=1200
  edge path/s3://acme-lake/churn/features/2026-11-14/ -> model/churn reads reported "MLflow run train-11-14"
  model s3://acme-models/churn-lite/ tool=openlineage id=model:s3://acme-models/churn-lite/ alias=s3://acme-models/churn-lite latest=2026-11-21
  run lite tool=openlineage name=churn_lite.distill of=model:s3://acme-models/churn-lite/ ago=2d took=3s
  path s3://acme-models/churn-lite/2026-11-21/model.joblib
`;

export const churnCode = `
  churn/scoring.py:12 reads model churn mlflow alias=champion
  churn/publish.py:30 writes model churn mlflow
  dags/train_churn.py:17 defines job train_churn airflow
  dags/train_churn.py:38 defines task fit airflow container=train_churn
  sql/join.sql:3 reads table ANALYTICS.ML.CHURN_LABELS sql
  churn/training.py:20 writes metric auc mlflow container=churn
  churn/publish.py:44 writes path s3://acme-models/churn-lite/*/model.joblib s3 confidence=partial
`;
