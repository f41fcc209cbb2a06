-- What providers send us unasked, as it came and whoever sent it (slice trade::webhooks).
create table webhooks (
    id uuid constraint webhooks_pk primary key,
    source text not null constraint webhooks_source check (source in ('vnpay', 'momo', 'bank', 'ghn')),
    -- Of what is not believed only the beginning. A bank's names people, and is sealed.
    raw bytea not null,
    -- The same bytes again are the same message.
    digest bytea not null,
    verified boolean not null,
    -- Null while nobody has judged it.
    outcome text constraint webhooks_outcome
        check (outcome in ('applied', 'duplicate', 'held', 'failed', 'pending', 'forged', 'malformed', 'stale', 'unknown')),
    received_at timestamptz not null,
    -- How often it came.
    times integer not null default 1,
    -- Signed again is another message: what was forged first does not stand for what is genuine.
    constraint webhooks_once unique (source, digest, verified),
    constraint webhooks_raw check (verified or octet_length(raw) <= 8192)
);
create index webhooks_unbelieved on webhooks (received_at) where not verified;
create index webhooks_unheard on webhooks (received_at) where verified and (outcome is null or outcome = 'malformed');

insert into deadlines (kind, effective_from, hours, legal_basis)
values ('webhook.carrier_stale', '2026-07-01', 24, 'Quy chế sàn (thông báo cũ hơn của đơn vị vận chuyển được hỏi lại)');
