-- Written from the migrations: psql $DATABASE_URL < schema.sql, then start the server. An empty database will do
-- as well: the server then makes the same by itself.

create table flyway_schema_history (
    installed_rank integer not null constraint flyway_schema_history_pk primary key,
    version varchar(50),
    description varchar(200) not null,
    type varchar(20) not null,
    script varchar(1000) not null,
    checksum integer,
    installed_by varchar(100) not null,
    installed_on timestamp not null default now(),
    execution_time integer not null,
    success boolean not null
);
create index flyway_schema_history_s_idx on flyway_schema_history (success);

-- PostgreSQL 16 or newer with pgvector 0.8.0 or newer. Every table of tenants leads with `account_id` in its primary key,
-- unique constraints and foreign keys, so that it can be distributed by account (Citus) as it is; accounts, api_keys,
-- models and settings are then reference tables. Times have whole milliseconds.

create extension if not exists vector;

create table settings (
    name text not null primary key,
    value text not null
);

create table accounts (
    id uuid not null primary key default gen_random_uuid(),
    email text not null,
    name text,
    tier text not null default 'free',
    created_at timestamptz not null default date_trunc('milliseconds', now())
);

-- A revoked key stays: versions name their key. `token_id` is null for a key made by hand, whose `key_hash` is the hex
-- SHA-256 of what follows `ctx_`.
create table api_keys (
    account_id uuid not null references accounts (id),
    id uuid not null default gen_random_uuid(),
    token_id text,
    key_hash text not null,
    key_prefix text not null,
    name text not null,
    scopes text[] not null default '{read,write,delete,admin}',
    namespaces text[] not null default '{}',
    rate_limit integer,
    last_used_at timestamptz,
    expires_at timestamptz,
    created_at timestamptz not null default date_trunc('milliseconds', now()),
    revoked_at timestamptz,
    primary key (account_id, id)
);
create unique index api_keys_by_id on api_keys (id);
create unique index api_keys_by_token on api_keys (token_id);
create unique index api_keys_by_hash on api_keys (lower(key_hash));

-- `month` is 'YYYY-MM' in UTC.
create table usage (
    account_id uuid not null references accounts (id),
    month text not null,
    requests bigint not null,
    primary key (account_id, month)
);

-- Its row is the lock of all writes of the account. `revision` counts all changes; `namespaces` and `entries` count what
-- is there: an entry that has expired counts until it is purged, and readers subtract it.
create table account_state (
    account_id uuid not null primary key references accounts (id),
    revision bigint not null default 0,
    namespaces bigint not null default 0,
    entries bigint not null default 0
) with (fillfactor = 50);

create table namespaces (
    account_id uuid not null references accounts (id),
    id uuid not null default gen_random_uuid(),
    slug text collate "C" not null,
    name text not null,
    description text,
    created_at timestamptz not null default date_trunc('milliseconds', now()),
    updated_at timestamptz not null default date_trunc('milliseconds', now()),
    entries bigint not null default 0,
    primary key (account_id, id),
    unique (account_id, slug)
) with (fillfactor = 70);

create table models (
    id integer generated always as identity primary key,
    name text not null,
    dimension integer not null,
    unique (name, dimension)
);

-- What each key is now: its current version, or the tombstone that keeps its version counter. `state`: live, deleted,
-- purged. `value` and `metadata` are JSON, character for character as they were checked. `checksum` covers all of the version.
--
-- `words` holds hashes of the account with each stem and each tag; `word_count` counts content stems, repeats included.
-- `embedding_state`: ready, pending, failed. `model_id` made the vectors, if there are any. `embedding` is the vector of
-- the first chunk where it has the dimension of this column; all others are in `entry_chunks`.
create table entries (
    account_id uuid not null,
    namespace_id uuid not null,
    key text collate "C" not null,
    id uuid not null default gen_random_uuid(),
    version bigint not null default 1,
    revision bigint not null,
    state text not null default 'live',
    value text not null,
    tags text[] not null default '{}',
    metadata text not null default '{}',
    importance double precision not null default 0.5,
    ttl_seconds bigint,
    expires_at timestamptz,
    created_at timestamptz not null default date_trunc('milliseconds', now()),
    updated_at timestamptz not null default date_trunc('milliseconds', now()),
    key_id uuid,
    request_id text,
    checksum bigint not null,
    words bigint[] not null default '{}',
    word_count integer not null default 0,
    embedding_state text not null default 'ready',
    model_id integer references models (id),
    embedding vector(1536),
    primary key (account_id, namespace_id, key),
    unique (account_id, id),
    foreign key (account_id, namespace_id) references namespaces (account_id, id)
);
create index entries_by_revision on entries (account_id, namespace_id, revision) where state = 'live';
create index entries_by_expiry on entries (expires_at) where state = 'live' and expires_at is not null;
create index entries_expiring on entries (account_id, namespace_id, expires_at)
    where state = 'live' and expires_at is not null;
create index entries_by_word on entries using gin (words) where state = 'live';

-- The versions before the current one, moved here as they were; a deletion is one too.
create table entry_versions (
    account_id uuid not null,
    namespace_id uuid not null,
    key text collate "C" not null,
    version bigint not null,
    revision bigint not null,
    id uuid not null,
    deleted boolean not null,
    value text not null,
    tags text[] not null,
    metadata text not null,
    importance double precision not null,
    ttl_seconds bigint,
    expires_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    key_id uuid,
    request_id text,
    checksum bigint not null,
    primary key (account_id, namespace_id, key, version),
    foreign key (account_id, namespace_id, key) references entries (account_id, namespace_id, key)
);

-- The change feed: one row for each version, and one for each namespace that was deleted.
create table events (
    account_id uuid not null,
    revision bigint not null,
    kind text not null,
    namespace_id uuid not null,
    slug text not null,
    key text,
    version bigint,
    at timestamptz not null,
    primary key (account_id, revision)
);

-- Vectors that `entries.embedding` does not hold.
create table entry_chunks (
    account_id uuid not null,
    entry_id uuid not null,
    chunk integer not null,
    model_id integer not null references models (id),
    embedding vector not null,
    primary key (account_id, entry_id, chunk),
    foreign key (account_id, entry_id) references entries (account_id, id)
);

-- Entries that wait for their vectors, and those that will never get them (`due_at` is null). An instance that works on
-- one has it to itself until `leased_until`.
create table embedding_jobs (
    account_id uuid not null,
    entry_id uuid not null,
    version bigint not null,
    attempts integer not null default 0,
    due_at timestamptz,
    leased_by uuid,
    leased_until timestamptz,
    primary key (account_id, entry_id),
    foreign key (account_id, entry_id) references entries (account_id, id)
);
create index embedding_jobs_by_due on embedding_jobs (due_at);
create index embedding_jobs_by_entry on embedding_jobs (entry_id);

insert into flyway_schema_history (installed_rank, version, description, type, script, checksum, installed_by,
    execution_time, success)
values (1, '1', 'first release', 'SQL', 'V1__first_release.sql', 353903969, current_user, 0, true);

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

insert into flyway_schema_history (installed_rank, version, description, type, script, checksum, installed_by,
    execution_time, success)
values (2, '2', 'billing', 'SQL', 'V2__billing.sql', 1750043874, current_user, 0, true);

-- An entry may have vectors of several models: while a store moves to another one, the next generation grows in
-- `entry_chunks` beside the one in force. `entries.model_id` made `entries.embedding`, or some of its chunks where that is
-- null; the other chunks have the number of their own model.
alter table entry_chunks drop constraint entry_chunks_pkey;
alter table entry_chunks add primary key (account_id, entry_id, model_id, chunk);

insert into flyway_schema_history (installed_rank, version, description, type, script, checksum, installed_by,
    execution_time, success)
values (3, '3', 'generations of vectors', 'SQL', 'V3__generations_of_vectors.sql', 970964756, current_user, 0, true);

-- A vector stays in the row that it belongs to as long as the row fits on a page: a scan then finds it there, and does
-- not look up each one beside the table. What was written before moves when it is written again.
alter table entries set (toast_tuple_target = 8160);
alter table entry_chunks set (toast_tuple_target = 8160);

insert into flyway_schema_history (installed_rank, version, description, type, script, checksum, installed_by,
    execution_time, success)
values (4, '4', 'vectors in their rows', 'SQL', 'V4__vectors_in_their_rows.sql', 1161562427, current_user, 0, true);
