-- Orders, items and customers anew from the order lines. An order is reversed when, on the same day and not
-- before it, the same customer cancelled the same items with exactly opposite quantities. Only customers and
-- days with a cancellation are looked at, and the n-th latest of several equal orders meets the n-th latest
-- of as many equal cancellations.
delete from orders;
delete from items;
delete from customers;

create or replace temp table reversal as
with candidate_day as (
    select distinct customer_id, ordered_at::date as day
    from order_lines where kind = 'cancellation' and customer_id is not null
),
item_sold as (
    select distinct item_id from order_lines where kind = 'sale'
),
piece as (
    select l.kind, l.order_id, l.customer_id, l.ordered_at::date as day, l.item_id,
        max(l.ordered_at) as stamp, abs(sum(l.quantity))::bigint as units
    from order_lines l
    join candidate_day c on c.customer_id = l.customer_id and c.day = l.ordered_at::date
    where l.kind in ('sale', 'cancellation') and l.item_id in (select item_id from item_sold)
    group by l.kind, l.order_id, l.customer_id, l.ordered_at::date, l.item_id
),
basket as (
    select kind, order_id, customer_id, day, max(stamp) as stamp,
        string_agg(item_id || ':' || units, '|' order by item_id) as pieces
    from piece group by kind, order_id, customer_id, day
),
ranked as (
    select *, row_number() over (partition by kind, customer_id, day, pieces order by stamp desc, order_id desc) as latest
    from basket
)
select s.order_id, c.order_id as reversed_by
from ranked s
join ranked c using (customer_id, day, pieces, latest)
where s.kind = 'sale' and c.kind = 'cancellation' and c.stamp >= s.stamp;

insert into orders
select o.*, r.order_id is not null, r.reversed_by
from (
    select order_id, max(customer_id) as customer_id, min(ordered_at) as ordered_at, min(ordered_at)::date as day,
        count(*) as lines, sum(quantity)::bigint as units,
        sum(least(shipped, quantity) * price)::decimal(18, 6) as revenue
    from order_lines where kind = 'sale' group by order_id
) o
left join reversal r using (order_id)
order by o.ordered_at, o.order_id;

create or replace temp table sold as
select item_id, trim(description) as description, least(shipped, quantity) as quantity, price,
    ordered_at::date as day
from order_lines
where kind = 'sale' and order_id not in (select order_id from reversal);

insert into items
with total as (
    select item_id, min(day) as first_sold, max(day) as last_sold, count(*) as lines,
        sum(quantity)::bigint as units, sum(quantity * price)::decimal(18, 6) as revenue
    from sold group by item_id
),
recent as (
    select item_id, price, description, count(*) as lines
    from sold join total using (item_id)
    where day > last_sold - 90
    group by item_id, price, description
),
priced as (
    select item_id, arg_max(price, (lines, price)) as price
    from (select item_id, price, sum(lines) as lines from recent group by item_id, price) group by item_id
),
named as (
    select item_id, arg_max(description, (lines, description)) as description
    from (
        select item_id, description, sum(lines) as lines
        from recent where description is not null group by item_id, description
    ) group by item_id
)
select coalesce(t.item_id, g.item_id), coalesce(g.description, n.description), coalesce(g.price, p.price),
    t.first_sold, t.last_sold, coalesce(t.lines, 0), coalesce(t.units, 0), coalesce(t.revenue, 0)
from total t
left join priced p using (item_id)
left join named n using (item_id)
full join items_given g on g.item_id = t.item_id
order by 1;

insert into customers
with seen as (
    select customer_id, arg_max(country, (ordered_at, country)) as country
    from order_lines where customer_id is not null group by customer_id
),
bought as (
    select customer_id, min(day) as first_order, max(day) as last_order, count(*) as orders,
        sum(revenue)::decimal(18, 6) as revenue
    from orders where customer_id is not null and not reversed group by customer_id
)
select coalesce(s.customer_id, g.customer_id), coalesce(g.country, s.country), b.first_order, b.last_order,
    coalesce(b.orders, 0), coalesce(b.revenue, 0)
from seen s
left join bought b using (customer_id)
full join customers_given g on g.customer_id = s.customer_id
order by 1;

drop table reversal;
drop table sold;
