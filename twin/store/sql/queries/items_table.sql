select item_id, description, price::double as price from items order by item_id
