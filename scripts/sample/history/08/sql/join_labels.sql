-- The newest prediction of every customer, beside what the customer did.
WITH latest AS (
    SELECT customer_id, MAX(scored_on) AS scored_on
    FROM ANALYTICS.ML.CHURN_PREDICTIONS
    WHERE scored_on <= %(day)s
    GROUP BY customer_id
)
SELECT
    predictions.score,
    predictions.scored_on,
    labels.*
FROM ANALYTICS.ML.CHURN_PREDICTIONS AS predictions
INNER JOIN latest
    ON predictions.customer_id = latest.customer_id AND predictions.scored_on = latest.scored_on
INNER JOIN ANALYTICS.ML.CHURN_LABELS AS labels
    ON predictions.customer_id = labels.customer_id
