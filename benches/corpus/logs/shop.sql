-- A small shop, for pgbench beside its own tables.
create table customers (
    id serial primary key,
    name text not null,
    email text unique,
    city text,
    since timestamptz default now()
);
create table products (id serial primary key, title text not null, price numeric(8, 2), stock int);
create table orders (
    id serial primary key,
    customer int not null references customers,
    placed timestamptz default now(),
    state text default 'open'
);
create table items (orders int references orders, product int references products, amount int);
create index on orders (customer);
create index on items (orders);
insert into customers (name, email, city)
select
    (array['Ada', 'Grace', 'Edsger', 'Barbara', 'Donald', 'Radia', 'Ken', 'Frances'])[1 + n % 8]
    || ' ' || (array['Keller', 'Okafor', 'Novak', 'Silva', 'Tanaka', 'Lindqvist'])[1 + n % 6],
    'customer' || n || '@example.org',
    (array['Bergen', 'Porto', 'Gdansk', 'Lyon', 'Graz', 'Leeds', 'Turku'])[1 + n % 7]
from generate_series(1, 20000) n;
insert into products (title, price, stock)
select 'Product ' || n, (random() * 200)::numeric(8, 2), 1000 from generate_series(1, 3000) n;
insert into orders (customer) select 1 + random() * 19999 from generate_series(1, 20000);
