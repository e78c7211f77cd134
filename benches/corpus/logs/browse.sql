\set customer random_zipfian(1, 20000, 1.1)
\set product random_zipfian(1, 3000, 1.2)
\set cents random(100, 20000)
SELECT title, price, stock FROM products WHERE id IN (:product, :product + 1, :product + 2);
SELECT o.id, o.placed, o.state FROM orders o JOIN customers c ON c.id = o.customer WHERE c.email = 'customer' || :customer || '@example.org' ORDER BY o.placed DESC LIMIT 10;
SELECT count(*) FROM products WHERE price < :cents / 100.0 AND stock > 0;
UPDATE orders SET state = 'shipped' WHERE id = (SELECT min(id) FROM orders WHERE customer = :customer AND state = 'open');
