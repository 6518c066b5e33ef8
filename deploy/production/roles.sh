#!/bin/bash
# Run once by the entry point of the database, on an empty volume: the roles. `context` owns the tables and changes
# them; `context_app`, as which requests are served, only reads and writes their rows.
set -euo pipefail
psql -v ON_ERROR_STOP=1 -q -U "$POSTGRES_USER" -d "$POSTGRES_DB" \
    -v owner="$(cat /run/secrets/owner_password)" -v app="$(cat /run/secrets/app_password)" <<'SQL'
create role context login password :'owner';
create role context_app login password :'app';
revoke all on database context from public;
grant connect on database context to context_app;
alter database context owner to context;
create extension if not exists vector;
SQL
