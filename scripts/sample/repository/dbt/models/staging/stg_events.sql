-- What customers did, without our own test accounts.
select
    event_id,
    customer_id,
    kind,
    cast(happened_at as timestamp) as happened_at
from {{ source('crm', 'events') }}
where customer_id > 0
