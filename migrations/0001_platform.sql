-- Rules of the house: lower case, named constraints, timestamptz, money in whole đồng (bigint), ids made by the app.

-- Work to do later (platform::jobs).
create table jobs (
    id uuid constraint jobs_pk primary key,
    kind text not null,
    payload jsonb not null,
    run_at timestamptz not null,
    attempts integer not null default 0,
    last_error text,
    died_at timestamptz,
    -- At most one waiting job with this key.
    key text constraint jobs_key_key unique
);
create index jobs_due on jobs (run_at, id) where died_at is null;

-- Answers to repeat instead of repeating the work (platform::idempotency).
create table idempotency_keys (
    identity bytea constraint idempotency_keys_pk primary key,
    fingerprint bytea not null,
    status smallint not null,
    body jsonb not null,
    forget_at timestamptz not null
);
create index idempotency_keys_forget on idempotency_keys (forget_at);
