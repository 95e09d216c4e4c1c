with returned as (
    select sum(-quantity * price)::double as value
    from order_lines
    where kind = 'cancellation' and quantity < 0 and price > 0
        and ordered_at::date <= getvariable('last_day') and ordered_at::date > getvariable('last_day') - 365
        and item_id in (select item_id from order_lines where kind = 'sale')
        and order_id not in (select reversed_by from orders where reversed)
),
sold as (
    select sum(revenue)::double as value
    from orders
    where not reversed and day <= getvariable('last_day') and day > getvariable('last_day') - 365
)
select coalesce(r.value, 0) / nullif(s.value, 0) as returns_share from returned r cross join sold s
