-- One row for each customer: did they leave?
select
    customer_id,
    churned
from {{ ref('stg_customers') }}
