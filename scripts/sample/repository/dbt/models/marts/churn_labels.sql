-- One row for each customer: did they leave?
select
    customer_id,
    has_churned
from {{ ref('stg_customers') }}
