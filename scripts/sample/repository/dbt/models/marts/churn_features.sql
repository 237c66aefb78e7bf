-- One row for each customer: what the churn model looks at.
with activity as (
    select
        customer_id,
        count(*) filter (where happened_at > current_timestamp::timestamp - interval 30 day) as events_30d,
        count(*) filter (where kind = 'ticket') as tickets_90d,
        date_diff('day', max(happened_at), current_timestamp::timestamp) as days_since_last_event
    from {{ ref('stg_events') }}
    group by customer_id
)

select
    customers.customer_id,
    date_diff('day', customers.signed_up_at, current_timestamp::timestamp) as tenure_days,
    customers.monthly_fee,
    cast(customers.is_annual as integer) as is_annual,
    coalesce(activity.events_30d, 0) as events_30d,
    coalesce(activity.tickets_90d, 0) as tickets_90d,
    coalesce(activity.days_since_last_event, 90) as days_since_last_event
from {{ ref('stg_customers') }} as customers
left join activity on customers.customer_id = activity.customer_id
