# Whom Datadog wakes when the churn model is wrong.
resource "datadog_monitor" "churn_auc_low" {
  name    = "churn_auc_low"
  type    = "metric alert"
  query   = "avg(last_1d):avg:churn.auc{model:churn} < 0.8"
  message = "The churn model is wrong more often than usual. @pagerduty-growth-ml"

  monitor_thresholds {
    critical = 0.8
    warning  = 0.83
  }

  notify_no_data    = true
  no_data_timeframe = 2880
  tags              = ["team:growth-ml", "model:churn"]
}

resource "datadog_monitor" "churn_rows_low" {
  name    = "churn_rows_low"
  type    = "metric alert"
  query   = "min(last_1d):avg:churn.predictions.rows{*} < 1000"
  message = "Few customers were scored. @slack-growth-ml"
  tags    = ["team:growth-ml"]
}
