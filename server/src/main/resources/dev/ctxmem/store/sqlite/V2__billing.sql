-- Which customer of the payment service an account is. `revision` counts the events that were applied to it.
create table billing_customers (
    account_id blob not null primary key references accounts (id),
    customer_id text not null unique,
    revision integer not null default 0
) strict, without rowid;

-- Events of the payment service that were applied, kept for some weeks: each one once, with the tier of the account
-- before and after it.
create table billing_events (
    id text not null primary key,
    account_id blob not null references accounts (id),
    type text not null,
    tier_before text not null,
    tier text not null,
    created_at integer not null,
    taken_at integer not null
) strict, without rowid;
create index billing_events_by_time on billing_events (taken_at);
