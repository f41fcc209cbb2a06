-- The 26 product sets and the certificates issued for products in them (slice certification).

create table product_sets (
    set_no smallint constraint product_sets_pk primary key,
    name_vi text not null,
    "group" text not null constraint product_sets_group
        check ("group" in ('food', 'drink', 'herbal', 'handicraft', 'ornamental', 'tourism')),
    group_vi text not null,
    subgroup_vi text,
    managing_agency text not null,
    sample_required boolean not null,
    rejected_if text
);

-- No national certificate number exists: decision number + date + authority + product + stars is the identity.
-- What holds today is derived from the dates at read time, never stored.
create table certificates (
    id uuid constraint certificates_pk primary key,
    seller_id uuid not null constraint certificates_seller_fk references sellers,
    status text not null default 'claimed' constraint certificates_status
        check (status in ('claimed', 'verified', 'refused')),
    product_name text not null constraint certificates_product_length check (char_length(product_name) between 3 and 200),
    -- The name in lower case, by the app: the database's own lower() knows only ASCII here.
    product_key text not null,
    set_no smallint not null constraint certificates_set_fk references product_sets,
    stars smallint not null constraint certificates_stars check (stars between 3 and 5),
    decision_number text not null,
    decision_date date not null,
    authority text not null,
    issued_on date not null,
    -- Last day of validity: 36 months from issue (Decision 26/2026/QĐ-TTg, art. 4).
    expires_on date not null,
    province_code text not null constraint certificates_province_fk references provinces,
    legacy_province_code text not null constraint certificates_legacy_province_fk references legacy_provinces,
    scan_id uuid constraint certificates_scan_fk references media,
    demo boolean not null default false,
    claimed_at timestamptz not null,
    verified_at timestamptz,
    -- A renewal filed by the last day of validity lets the stars stay up to 180 days after it (art. 12.3).
    filed_on date,
    revoked_on date,
    superseded_by uuid constraint certificates_superseded_fk references certificates,
    constraint certificates_dates check (decision_date <= issued_on and issued_on < expires_on),
    constraint certificates_verified check ((status = 'verified') = (verified_at is not null)),
    constraint certificates_scan check (demo or scan_id is not null)
);
create index certificates_seller on certificates (seller_id, claimed_at);
-- The same product of the same decision is claimed once, unless the claim was refused.
create unique index certificates_once on certificates (seller_id, decision_number, decision_date, product_key)
    where status <> 'refused';

-- The stars a certificate carries on a day; null: none. The one definition for queries; `certification::stars_today` is
-- the same rule for a certificate in the hand, and a test compares both day by day.
create function certificate_stars(
    status text, stars smallint, expires_on date, filed_on date, revoked_on date, superseded_by uuid, today date)
returns smallint
language sql immutable parallel safe
return case
    when status <> 'verified' then null
    when revoked_on <= today then null
    when superseded_by is not null then null
    when today <= expires_on then stars
    when filed_on <= expires_on and today <= expires_on + 180 then stars
end;
