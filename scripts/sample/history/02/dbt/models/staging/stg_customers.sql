-- Customers as CRM knows them, with our types.
select
    customer_id,
    cast(signed_up_at as timestamp) as signed_up_at,
    plan = 'annual' as is_annual,
    monthly_fee,
    churned
from {{ source('crm', 'customers') }}
