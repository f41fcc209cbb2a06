-- What is for sale (slice catalogue): a published version and at most one revision under way.

create table listings (
    id uuid constraint listings_pk primary key,
    seller_id uuid not null constraint listings_seller_fk references sellers,
    slug text not null constraint listing_slug_key unique,
    status text not null default 'draft' constraint listings_status
        check (status in ('draft', 'published', 'paused', 'archived', 'withdrawn', 'taken_down')),
    -- While it is withdrawn or taken down: where it stands otherwise.
    held_status text constraint listings_held_status check (held_status in ('published', 'paused', 'archived')),
    -- The decided case it is withdrawn by, and since when. What was withdrawn may also be taken down.
    withdrawn_by uuid constraint listings_withdrawn_by_fk references cases,
    withdrawn_at timestamptz,
    created_at timestamptz not null,
    published_at timestamptz,
    -- The published content, copied from the approved revision; null until then.
    published_revision uuid,
    set_no smallint constraint listings_set_fk references product_sets,
    title_vi text,
    title_en text,
    summary_vi text,
    summary_en text,
    province_code text constraint listings_province_fk references provinces,
    commune_code text constraint listings_commune_fk references communes,
    legacy_province_code text constraint listings_legacy_province_fk references legacy_provinces,
    certificate_id uuid constraint listings_certificate_fk references certificates,
    -- First picture.
    image_id uuid constraint listings_image_fk references media,
    -- Folded words of title, summary, seller, place and set, kept by the app for searching without accents.
    search_text text,
    -- Lowest price and whether anything is on the shelf, kept by the app in the transaction that changes them.
    price_vnd bigint,
    in_stock boolean not null default false,
    rating_sum bigint not null default 0,
    rating_count integer not null default 0,
    demo boolean not null default false,
    -- Counts the changes of content and status; the `ETag` of the shop's own view.
    version bigint not null default 1,
    constraint listings_published check (
        published_revision is null
        or (set_no is not null and title_vi is not null and summary_vi is not null and province_code is not null
            and commune_code is not null and legacy_province_code is not null and search_text is not null
            and published_at is not null)),
    constraint listings_status_published check (status in ('draft', 'archived') or published_revision is not null),
    constraint listings_held check ((held_status is not null) = (status in ('withdrawn', 'taken_down'))),
    constraint listings_withdrawn check (
        (withdrawn_by is null) = (withdrawn_at is null)
        and (status <> 'withdrawn' or withdrawn_by is not null)
        and (withdrawn_by is null or held_status is not null))
);
create index listings_seller on listings (seller_id, created_at);
create index listings_shelf on listings (published_at desc, id desc) where status = 'published';
create index listings_shelf_set on listings (set_no) where status = 'published';
create index listings_shelf_province on listings (province_code, published_at desc, id desc) where status = 'published';

create table listing_revisions (
    id uuid constraint listing_revisions_pk primary key,
    listing_id uuid not null constraint listing_revisions_listing_fk references listings,
    number integer not null,
    status text not null default 'draft' constraint listing_revisions_status
        check (status in ('draft', 'submitted', 'approved', 'changes_requested', 'rejected')),
    -- catalogue::Content as JSON: titles, summaries, stories, set, commune, label, pictures, certificate.
    content jsonb not null,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    submitted_at timestamptz,
    decided_at timestamptz,
    -- What was published until this one was; null before it was published, and of a first publication.
    published_over uuid constraint listing_revisions_published_over_fk references listing_revisions,
    -- How an edit came onto the shelf before any officer saw it: the shop is trusted.
    unseen text constraint listing_revisions_unseen check (unseen in ('not_sampled', 'to_check', 'checked')),
    constraint listing_revisions_number unique (listing_id, number)
);
create unique index listing_revisions_one_open on listing_revisions (listing_id)
    where status in ('draft', 'submitted', 'changes_requested');
alter table listings add constraint listings_published_revision_fk
    foreign key (published_revision) references listing_revisions;

create table variants (
    id uuid constraint variants_pk primary key,
    listing_id uuid not null constraint variants_listing_fk references listings,
    sku text not null,
    name_vi text not null,
    name_en text,
    price_vnd bigint not null constraint variants_price check (price_vnd between 0 and 100000000000),
    -- A parcel's size; a service has none.
    grams integer constraint variants_grams check (grams between 1 and 100000),
    length_mm integer constraint variants_length check (length_mm between 1 and 5000),
    width_mm integer constraint variants_width check (width_mm between 1 and 5000),
    height_mm integer constraint variants_height check (height_mm between 1 and 5000),
    position smallint not null,
    active boolean not null default true,
    -- Its sku and names were approved with a revision; until then the public does not see it. Both are fixed from then on.
    approved boolean not null default false,
    -- With which revision; null before that, and where it is not known.
    approved_with uuid constraint variants_approved_with_fk references listing_revisions,
    created_at timestamptz not null,
    constraint variants_sku unique (listing_id, sku)
);
create index variants_listing on variants (listing_id, position, id);

-- How a set may be sold: the row of the set decides, else the one without a set. No foreign key: the sets are loaded
-- from the embedded list after the migrations.
create table sale_rules (
    id integer constraint sale_rules_pk primary key,
    set_no smallint constraint sale_rules_set check (set_no between 1 and 26),
    orderable boolean not null,
    cash_allowed boolean not null,
    minimum_age smallint,
    papers_any_of text[] not null default '{}',
    effective_from date not null,
    effective_to date,
    legal_basis text not null
);

insert into sale_rules (id, set_no, orderable, cash_allowed, minimum_age, papers_any_of, effective_from, legal_basis)
values (1, null, true, true, null, '{}', '2026-07-01', 'Luật 122/2025/QH15'),
       (2, 14, true, false, 18, '{alcohol_licence}', '2026-07-01', 'Luật Phòng, chống tác hại của rượu, bia 2019 (44/2019/QH14), Điều 16'),
       (3, 15, true, false, 18, '{alcohol_licence}', '2026-07-01', 'Luật Phòng, chống tác hại của rượu, bia 2019 (44/2019/QH14), Điều 16'),
       (4, 26, false, false, null, '{}', '2026-07-01', 'Quy chế sàn: dịch vụ du lịch nhận liên hệ, chưa nhận đặt chỗ');
