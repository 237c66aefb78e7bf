-- What the churn jobs write. Everything else in ANALYTICS.ML belongs to dbt.
CREATE TABLE IF NOT EXISTS ANALYTICS.ML.CHURN_PREDICTIONS (
    customer_id NUMBER NOT NULL,
    score FLOAT NOT NULL,
    scored_on VARCHAR NOT NULL
);
