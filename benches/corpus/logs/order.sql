\set customer random_zipfian(1, 20000, 1.1)
\set product random_zipfian(1, 3000, 1.2)
\set other random(1, 3000)
\set amount random(1, 9)
BEGIN;
SELECT id, name, email, city FROM customers WHERE id = :customer;
INSERT INTO orders (customer) VALUES (:customer);
INSERT INTO items (orders, product, amount) VALUES (currval('orders_id_seq'), :product, :amount), (currval('orders_id_seq'), :other, 1);
UPDATE products SET stock = stock - :amount WHERE id = :product AND stock > 0;
COMMIT;
