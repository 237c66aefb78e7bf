-- Behind the churn dashboard: how many customers we worry about, and how right we were.
SELECT
    predictions.scored_on,
    COUNT(*) AS customers,
    COUNT_IF(predictions.score > 0.5) AS at_risk,
    MAX(metrics.auc) AS auc
FROM ANALYTICS.ML.CHURN_PREDICTIONS AS predictions
LEFT JOIN ANALYTICS.ML.CHURN_METRICS AS metrics
    ON predictions.scored_on = metrics.scored_on
GROUP BY predictions.scored_on
ORDER BY predictions.scored_on DESC
