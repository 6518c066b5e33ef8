-- Times are milliseconds since 1970 (UTC). UUIDs are 16 bytes, big-endian: half the size of text in every index.
-- Numbers that stand for rows (`row_id`, `seq`) come from `sequence` and are never used twice.

create table sequence (
    only_row integer not null primary key check (only_row = 1),
    value integer not null
) strict;
insert into sequence (only_row, value) values (1, 0);

create table settings (
    name text not null primary key,
    value text not null
) strict, without rowid;

-- `revision` counts all changes of the account. `namespaces` and `entries` count what is there; an entry that has
-- expired counts until it is purged, and readers subtract it.
create table accounts (
    id blob not null primary key,
    email text not null,
    name text,
    tier text not null,
    created_at integer not null,
    revision integer not null default 0,
    namespaces integer not null default 0,
    entries integer not null default 0
) strict, without rowid;

-- `scopes` and `namespaces` are JSON arrays. A revoked key stays: versions name their key.
create table api_keys (
    account_id blob not null references accounts (id),
    id blob not null,
    token_id text unique,
    hash text not null collate nocase unique,
    prefix text not null,
    name text not null,
    scopes text not null,
    namespaces text not null,
    rate_limit integer,
    last_used_at integer,
    expires_at integer,
    created_at integer not null,
    revoked_at integer,
    primary key (account_id, id),
    unique (id)
) strict, without rowid;

-- `month` is 'YYYY-MM' in UTC.
create table usage (
    account_id blob not null references accounts (id),
    month text not null,
    requests integer not null,
    primary key (account_id, month)
) strict, without rowid;

create table namespaces (
    row_id integer not null primary key,
    account_id blob not null references accounts (id),
    slug text not null,
    id blob not null,
    name text not null,
    description text,
    created_at integer not null,
    updated_at integer not null,
    entries integer not null default 0,
    unique (account_id, slug)
) strict;

-- The search index learns from here which namespaces are gone; it forgets a row once that is durable there.
create table removed_namespaces (
    seq integer not null primary key,
    namespace_id integer not null
) strict;

create table models (
    id integer not null primary key,
    name text not null,
    dimension integer not null,
    unique (name, dimension)
) strict;

-- The head of each key: what it is now. `state`: 0 live, 1 deleted, 2 purged; the last two are tombstones that keep
-- the version counter. `embedding`: 0 ready, 1 pending, 2 failed. `model` made the row in `vectors`, if there is one.
-- `content` is the current row of `versions`, null when purged. `seq` grows with every change that the search index
-- must learn of. `checksum` covers all that is told of the entry: key, id, version, times, and the current content.
create table entries (
    row_id integer not null primary key,
    namespace_id integer not null references namespaces (row_id),
    key text not null,
    id blob not null,
    version integer not null,
    revision integer not null,
    state integer not null,
    embedding integer not null,
    model integer references models (id),
    seq integer not null,
    content integer,
    created_at integer not null,
    expires_at integer,
    checksum integer not null,
    unique (namespace_id, key),
    unique (id)
) strict;
create unique index entries_by_seq on entries (seq);
create index entries_by_revision on entries (namespace_id, revision) where state = 0;
create index entries_by_expiry on entries (expires_at) where state = 0 and expires_at is not null;
create index entries_expiring on entries (namespace_id, expires_at) where state = 0 and expires_at is not null;
create index entries_by_embedding on entries (embedding, expires_at) where state = 0 and embedding > 0;

-- Every state a key has had, the current one included; a deletion is a row too. `seq` is the entry's at that write.
-- `checksum` covers every other column but `seq` and `entry`. `tags` and `metadata` are JSON.
create table versions (
    seq integer not null primary key,
    entry integer not null references entries (row_id),
    version integer not null,
    revision integer not null,
    deleted integer not null,
    key_id blob,
    request_id text,
    importance real not null,
    ttl_seconds integer,
    expires_at integer,
    changed_at integer not null,
    checksum integer not null,
    tags text not null,
    metadata text not null,
    value text not null,
    unique (entry, version)
) strict;

-- The change feed: one row for each row of `versions`, and one for each removed namespace (`slug` is its name).
create table events (
    account_id blob not null references accounts (id),
    revision integer not null,
    kind text not null,
    namespace_id integer not null,
    entry integer,
    version integer,
    slug text,
    at integer not null,
    primary key (account_id, revision)
) strict, without rowid;

-- Tags of live entries, in the order of lists. A row counts only while its revision is still the entry's.
create table entry_tags (
    namespace_id integer not null,
    tag text not null,
    revision integer not null,
    entry integer not null,
    primary key (namespace_id, tag, revision)
) strict, without rowid;

-- All chunks of the current version in one value: little-endian float32, one chunk after the other.
create table vectors (
    entry integer not null primary key references entries (row_id),
    chunks blob not null
) strict;

create table embedding_jobs (
    entry integer not null primary key references entries (row_id),
    version integer not null,
    attempts integer not null,
    due_at integer not null
) strict;
create index embedding_jobs_by_due on embedding_jobs (due_at, entry);
