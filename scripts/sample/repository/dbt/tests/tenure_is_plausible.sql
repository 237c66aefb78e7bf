-- No customer is older than the company.
select customer_id, tenure_days
from {{ ref('churn_features') }}
where tenure_days < 0 or tenure_days > 5000
