-- Which customer of the payment service an account is. `revision` counts the events that were applied to it. On Citus
-- both tables are reference tables, as accounts are.
create table billing_customers (
    account_id uuid not null primary key references accounts (id),
    customer_id text collate "C" not null,
    revision bigint not null default 0
);
create unique index billing_customers_by_customer on billing_customers (customer_id);

-- Events of the payment service that were applied, kept for some weeks: each one once, with the tier of the account
-- before and after it.
create table billing_events (
    account_id uuid not null references accounts (id),
    id text collate "C" not null,
    type text not null,
    tier_before text not null,
    tier text not null,
    created_at timestamptz not null,
    taken_at timestamptz not null,
    primary key (account_id, id)
);
create unique index billing_events_by_id on billing_events (id);
create index billing_events_by_time on billing_events (taken_at);
