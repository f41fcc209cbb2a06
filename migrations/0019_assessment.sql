-- Score sheets, self-assessments (slice assessment), and the evidence the marketplace issues (slice orders).

-- The criteria and their sheets change together, by decision of the Prime Minister.
create table score_sheets (
    version text constraint score_sheets_pk primary key,
    effective_from date not null,
    effective_to date,
    legal_basis text not null
);
insert into score_sheets (version, effective_from, legal_basis)
values ('26/2026/QĐ-TTg', '2026-05-22', 'Quyết định 26/2026/QĐ-TTg ngày 22/5/2026, Phụ lục II');

-- So many stars for at least so many of the 100 points.
create table score_bands (
    sheet_version text not null constraint score_bands_sheet_fk references score_sheets,
    stars smallint not null constraint score_bands_stars check (stars between 1 and 5),
    at_least smallint not null constraint score_bands_at_least check (at_least between 0 and 100),
    legal_basis text not null,
    constraint score_bands_pk primary key (sheet_version, stars)
);
insert into score_bands (sheet_version, stars, at_least, legal_basis)
values ('26/2026/QĐ-TTg', 5, 90, 'Quyết định 26/2026/QĐ-TTg, Điều 3'),
       ('26/2026/QĐ-TTg', 4, 70, 'Quyết định 26/2026/QĐ-TTg, Điều 3'),
       ('26/2026/QĐ-TTg', 3, 50, 'Quyết định 26/2026/QĐ-TTg, Điều 3'),
       ('26/2026/QĐ-TTg', 2, 30, 'Quyết định 26/2026/QĐ-TTg, Điều 3'),
       ('26/2026/QĐ-TTg', 1, 0, 'Quyết định 26/2026/QĐ-TTg, Điều 3');

-- The sheets line by line, as printed; filled from the list embedded in the program.
create table sheet_lines (
    sheet_version text not null constraint sheet_lines_sheet_fk references score_sheets,
    set_no smallint not null constraint sheet_lines_set_fk references product_sets,
    -- Order over all sheets of the version.
    seq integer not null,
    kind text not null constraint sheet_lines_kind check (kind in ('part', 'section', 'criterion', 'option', 'note')),
    code text,
    parent text,
    label_vi text not null,
    points smallint constraint sheet_lines_points check (points between 0 and 100),
    -- An option that is the least to be reached for so many stars.
    gate_stars smallint constraint sheet_lines_gate check (gate_stars between 3 and 5),
    -- Where a sheet offers two alternative cases.
    variant text constraint sheet_lines_variant check (variant in ('a', 'b')),
    constraint sheet_lines_pk primary key (sheet_version, set_no, seq),
    constraint sheet_lines_code unique (sheet_version, set_no, code),
    constraint sheet_lines_note check ((kind = 'note') = (code is null) and (kind = 'note') = (points is null)),
    constraint sheet_lines_gate_of_option check (gate_stars is null or kind = 'option')
);

-- Which options the marketplace can itself give evidence for.
create table criterion_evidence (
    sheet_version text not null constraint criterion_evidence_sheet_fk references score_sheets,
    set_no smallint not null,
    criterion text not null,
    option text not null,
    kind text not null constraint criterion_evidence_kind check (kind in ('shop_link', 'sales_certificate')),
    legal_basis text not null,
    constraint criterion_evidence_pk primary key (sheet_version, set_no, criterion, option, kind)
);
-- Sets 1 to 23 ask in 4.1/4 for modern channels, e-commerce among them, with proof of sales and the link of the shop.
insert into criterion_evidence (sheet_version, set_no, criterion, option, kind, legal_basis)
select '26/2026/QĐ-TTg', set_no, '4.1', '4.1/4', kind, 'Quyết định 26/2026/QĐ-TTg, Phụ lục II, tiêu chí 4.1'
  from generate_series(1, 23) as set_no
 cross join unnest(array['shop_link', 'sales_certificate']) as kind;

create table assessments (
    id uuid constraint assessments_pk primary key,
    seller_id uuid not null constraint assessments_seller_fk references sellers,
    created_at timestamptz not null
);
create index assessments_seller on assessments (seller_id, id desc);

-- What a shop said of its product at a time. Points and stars are what the sheet of that time gave.
create table assessment_versions (
    assessment_id uuid not null constraint assessment_versions_assessment_fk references assessments,
    version integer not null constraint assessment_versions_version check (version >= 1),
    sheet_version text not null constraint assessment_versions_sheet_fk references score_sheets,
    set_no smallint not null constraint assessment_versions_set_fk references product_sets,
    variant text constraint assessment_versions_variant check (variant in ('a', 'b')),
    product_name text not null,
    answers jsonb not null,
    points smallint not null constraint assessment_versions_points check (points between 0 and 100),
    stars smallint not null constraint assessment_versions_stars check (stars between 1 and 5),
    saved_by uuid not null constraint assessment_versions_saved_by_fk references accounts,
    saved_at timestamptz not null,
    constraint assessment_versions_pk primary key (assessment_id, version)
);
create trigger assessment_versions_append_only before update or delete on assessment_versions
    for each statement execute function refuse_change();

-- Sales of a shop over a period, as the marketplace stated them at an instant.
create table sales_certificates (
    id uuid constraint sales_certificates_pk primary key,
    seller_id uuid not null constraint sales_certificates_seller_fk references sellers,
    -- The very text the digest was made over, hence no jsonb.
    statement text not null,
    digest bytea not null constraint sales_certificates_digest check (octet_length(digest) = 32),
    issued_by uuid not null constraint sales_certificates_issued_by_fk references accounts,
    issued_at timestamptz not null
);
create index sales_certificates_seller on sales_certificates (seller_id, id desc);
create index orders_delivered on orders (seller_id, delivered_at) where status in ('delivered', 'completed');
create trigger sales_certificates_append_only before update or delete on sales_certificates
    for each statement execute function refuse_change();
