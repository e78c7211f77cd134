-- What a person at psql does: reports over several lines, and mistakes.
select city, count(*) as orders, sum(i.amount * p.price) as total
from customers c
join orders o on o.customer = c.id
join items i on i.orders = o.id
join products p on p.id = i.product
group by city
order by total desc nulls last;
select nmae from customers where id = :n;
insert into customers (name, email) values ('Twice', 'customer' || :n || '@example.org');
insert into orders (customer) values (:n + 1000000);
select price / (stock - stock) from products where id = :n;
selct 1;
select * from invoices where number = 'R-' || :n;
set statement_timeout = '5ms';
select count(*) from items a, items b where a.amount > b.amount;
reset statement_timeout;
update products set price = price * 1.01 where id % 500 = :n % 500;
vacuum (analyze) products;
