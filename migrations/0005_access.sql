-- Who may do what: officers by department and province, members by shop (slice access), and the record of it (slice audit).

create table departments (
    id uuid constraint departments_pk primary key,
    slug text not null constraint departments_slug_key unique,
    name_vi text not null,
    name_en text not null,
    kind text not null constraint departments_kind check (kind in ('industry_and_trade', 'agriculture', 'national')),
    created_at timestamptz not null
);

-- A department's provinces, dated: mergers and decrees move them.
create table department_provinces (
    department_id uuid not null constraint department_provinces_department_fk references departments,
    province_code text not null constraint department_provinces_province_fk references provinces,
    valid_from date not null,
    valid_to date,
    constraint department_provinces_pk primary key (department_id, province_code, valid_from),
    constraint department_provinces_order check (valid_to is null or valid_to >= valid_from)
);

-- Whether the department is responsible for any province, on the day or later, and for none beyond `reach`.
create function department_within(department uuid, reach text[], day date) returns boolean
    language sql stable as $$
    select coalesce(bool_and(province_code = any(reach)), false)
      from department_provinces
     where department_id = department
       and coalesce(valid_to, 'infinity') >= day
$$;

create table grants (
    id uuid constraint grants_pk primary key,
    account_id uuid not null constraint grants_account_fk references accounts,
    department_id uuid not null constraint grants_department_fk references departments,
    role text not null constraint grants_role check (role in ('reviewer', 'supervisor', 'auditor', 'head', 'operator')),
    permissions text[] not null constraint grants_some_permission check (cardinality(permissions) > 0),
    valid_from date not null,
    -- Last day of validity; null = until further notice.
    valid_to date,
    created_at timestamptz not null,
    -- Ended before its last day: it counts for nothing from that instant on.
    ended_at timestamptz,
    constraint grants_order check (valid_to is null or valid_to >= valid_from)
);
create index grants_account on grants (account_id);

create table members (
    id uuid constraint members_pk primary key,
    seller_id uuid not null,
    account_id uuid not null constraint members_account_fk references accounts,
    role text not null constraint members_role check (role in ('owner', 'manager', 'accountant', 'packer')),
    created_at timestamptz not null,
    -- Null while the account is only invited: then it has no part in the shop.
    accepted_at timestamptz,
    -- The contact an invitation was addressed to, until it is accepted: all that the shop knows of whom it invited.
    invited_as text,
    constraint members_once unique (seller_id, account_id),
    constraint members_invited check ((accepted_at is null) = (invited_as is not null))
);
create index members_account on members (account_id);

-- Officers' acts and every read of ID data. Rows are only ever added; what a payload says of somebody can be erased.
create table audit_entries (
    id uuid constraint audit_entries_pk primary key,
    at timestamptz not null,
    account_id uuid not null constraint audit_entries_account_fk references accounts,
    operation text not null,
    permission text not null,
    provinces text[] not null,
    subject_id uuid not null,
    -- The payload; null once erased. The seal keeps its hash.
    facts jsonb,
    erased_at timestamptz,
    constraint audit_entries_erased check ((facts is null) = (erased_at is not null))
);
create index audit_entries_subject on audit_entries (subject_id, at);

-- Entries the sealer has not come to yet, written with the entry and taken away with its seal. A queue and not a mark
-- in time: transactions commit out of the order of their ids.
create table audit_unsealed (
    entry_id uuid constraint audit_unsealed_pk primary key
        constraint audit_unsealed_entry_fk references audit_entries
);

-- The chain: each seal's hash covers the one before it (people::audit::chain says how).
create table audit_seals (
    position bigint constraint audit_seals_pk primary key constraint audit_seals_from_one check (position > 0),
    entry_id uuid not null constraint audit_seals_entry_key unique
        constraint audit_seals_entry_fk references audit_entries,
    payload_hash bytea not null constraint audit_seals_payload_sha256 check (octet_length(payload_hash) = 32),
    hash bytea not null constraint audit_seals_sha256 check (octet_length(hash) = 32),
    sealed_at timestamptz not null
);

-- How long the chain was and how it ended, every day; the same is kept outside the database.
create table audit_heads (
    day date constraint audit_heads_pk primary key,
    position bigint not null,
    hash bytea not null,
    exported_at timestamptz not null
);

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% rows are append-only', tg_table_name using errcode = 'integrity_constraint_violation';
end
$$;
create trigger audit_entries_append_only
    before delete or truncate or update of id, at, account_id, operation, permission, provinces, subject_id
    on audit_entries
    for each statement execute function refuse_change();
create trigger audit_entries_erased_once before update of facts, erased_at on audit_entries
    for each row
    when (old.facts is null or old.erased_at is not null or new.facts is not null or new.erased_at is null)
    execute function refuse_change();
create trigger audit_seals_append_only before update or delete or truncate on audit_seals
    for each statement execute function refuse_change();
create trigger audit_heads_append_only before update or delete or truncate on audit_heads
    for each statement execute function refuse_change();
