-- What buyers say about what they received (slice reviews).

create table reviews (
    id uuid constraint reviews_pk primary key,
    order_line_id uuid not null constraint reviews_line_key unique constraint reviews_line_fk references order_lines,
    listing_id uuid not null constraint reviews_listing_fk references listings,
    seller_id uuid not null constraint reviews_seller_fk references sellers,
    account_id uuid not null constraint reviews_account_fk references accounts,
    stars smallint not null constraint reviews_stars check (stars between 1 and 5),
    text text not null constraint reviews_text_length check (char_length(text) between 1 and 2000),
    created_at timestamptz not null,
    reply text constraint reviews_reply_length check (char_length(reply) between 1 and 2000),
    replied_at timestamptz,
    demo boolean not null default false,
    -- Hidden after a justified report, and kept: the officer's words, and the codes of what was reported.
    status text not null default 'published' constraint reviews_status check (status in ('published', 'hidden')),
    hidden_because text,
    hidden_reasons text[] not null default '{}',
    hidden_at timestamptz,
    constraint reviews_reply check ((reply is null) = (replied_at is null)),
    constraint reviews_hidden check (
        (status = 'hidden') = (hidden_because is not null)
        and (status = 'hidden') = (hidden_at is not null)
        and (status = 'hidden') = (cardinality(hidden_reasons) > 0))
);
create index reviews_listing on reviews (listing_id, id desc) where status = 'published';
create index reviews_account on reviews (account_id, id desc);
