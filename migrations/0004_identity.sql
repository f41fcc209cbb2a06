-- Accounts, how to reach them, how they prove who they are (slices notify and identity).

-- What was said to people outside the app: e-mails and text messages waiting for an adapter.
create table messages (
    id uuid constraint messages_pk primary key,
    channel text not null constraint messages_channel check (channel in ('email', 'sms')),
    recipient text not null,
    subject text not null,
    body text not null,
    created_at timestamptz not null,
    sent_at timestamptz
);
create index messages_recipient on messages (recipient, created_at);

create table accounts (
    id uuid constraint accounts_pk primary key,
    display_name text not null constraint accounts_display_name_length check (char_length(display_name) between 1 and 80),
    password_hash text not null,
    demo boolean not null default false,
    created_at timestamptz not null,
    closed_at timestamptz
);

create table contacts (
    value text constraint contacts_value_key primary key,
    kind text not null constraint contacts_kind check (kind in ('email', 'phone')),
    account_id uuid not null constraint contacts_account_fk references accounts on delete cascade,
    confirmed_at timestamptz,
    created_at timestamptz not null,
    constraint contacts_shape check ((kind = 'phone') = (value ~ '^\+84[35789][0-9]{8}$'))
);
create index contacts_account on contacts (account_id);

-- Six digits somebody must repeat; stored hashed, good once.
create table codes (
    contact text not null constraint codes_contact_fk references contacts on delete cascade,
    purpose text not null constraint codes_purpose check (purpose in ('confirm', 'recover')),
    code_hash bytea not null,
    tries integer not null default 0,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    constraint codes_pk primary key (contact, purpose)
);

create table sessions (
    id uuid constraint sessions_pk primary key,
    account_id uuid not null constraint sessions_account_fk references accounts on delete cascade,
    token_hash bytea not null constraint sessions_token_key unique,
    user_agent text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    -- Officers' functions may be used in it until then, by a code of the second factor shown in it …
    raised_until timestamptz,
    -- … and no longer than until then unless they are used meanwhile …
    idle_until timestamptz,
    -- … as they last were, to the minute.
    desk_used_at timestamptz,
    constraint sessions_raised check (num_nulls(raised_until, idle_until, desk_used_at) in (0, 3))
);
create index sessions_account on sessions (account_id);

-- What an account and its owner's authenticator app share (RFC 6238), sealed at rest.
create table second_factors (
    account_id uuid constraint second_factors_pk primary key
        constraint second_factors_account_fk references accounts on delete cascade,
    sealed_secret bytea not null,
    created_at timestamptz not null,
    -- Null until the owner has shown a code of it: only then does it count.
    confirmed_at timestamptz,
    -- The last thirty seconds whose code was accepted: no code counts twice.
    last_step bigint
);

insert into deadlines (kind, effective_from, hours, working_days, legal_basis)
values ('session.officer', '2026-07-01', 8, null, 'Quy chế sàn (an toàn thông tin: phiên làm việc của cán bộ)'),
       ('session.officer_idle', '2026-07-01', 1, null, 'Quy chế sàn (an toàn thông tin: phiên làm việc của cán bộ)');

-- What an account agrees to: one purpose, one text, one answer (Law 91/2025/QH15).
create table consent_texts (
    purpose text not null,
    version text not null,
    required boolean not null,
    text_vi text not null,
    text_en text not null,
    effective_from date not null,
    constraint consent_texts_pk primary key (purpose, version)
);

create table consents (
    account_id uuid not null constraint consents_account_fk references accounts on delete cascade,
    purpose text not null,
    version text not null,
    given_at timestamptz not null,
    withdrawn_at timestamptz,
    constraint consents_pk primary key (account_id, purpose, version),
    constraint consents_text_fk foreign key (purpose, version) references consent_texts
);

-- Attempts counted before any password is hashed: per name somebody claims and per network address.
create table attempts (
    subject text not null,
    since timestamptz not null,
    count integer not null,
    constraint attempts_pk primary key (subject)
);

insert into consent_texts (purpose, version, required, text_vi, text_en, effective_from)
values ('account', '2026-07', true,
        'Tôi đồng ý để sàn xử lý họ tên và thông tin liên hệ của tôi để tạo và bảo vệ tài khoản, thực hiện đơn hàng và thực hiện nghĩa vụ theo pháp luật thương mại điện tử.',
        'I agree that the marketplace processes my name and contact data to create and protect my account, carry out orders and meet its duties under e-commerce law.',
        '2026-07-01'),
       ('news', '2026-07', false,
        'Tôi đồng ý nhận tin về sản phẩm và chương trình OCOP. Tôi có thể rút lại bất cứ lúc nào.',
        'I agree to receive news about OCOP products and programmes. I can withdraw at any time.',
        '2026-07-01');
