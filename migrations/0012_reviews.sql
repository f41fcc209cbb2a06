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
    constraint reviews_reply check ((reply is null) = (replied_at is null))
);
create index reviews_listing on reviews (listing_id, id desc);
