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

-- Recognition decisions as officers uploaded them: a preview that publishes nothing until its rows are accepted.
create table certificate_imports (
    id uuid constraint certificate_imports_pk primary key,
    imported_by uuid not null constraint certificate_imports_by_fk references accounts,
    -- Where the importer could act then: only who holds all of them still sees it.
    province_codes text[] not null constraint certificate_imports_provinces check (cardinality(province_codes) > 0),
    -- Columns nobody asked for, as a list of platform::sheets::CellError in JSON.
    unknown_columns jsonb not null,
    created_at timestamptz not null
);

-- No national certificate number exists: decision number + date + authority + product + stars is the identity.
-- What holds today is derived from the dates at read time, never stored.
create table certificates (
    id uuid constraint certificates_pk primary key,
    -- Null while the owner has no shop here: then the row is the register's alone.
    seller_id uuid constraint certificates_seller_fk references sellers,
    -- Whose product it is: in the decision's words, or the shop's name when it claimed.
    owner_name text not null,
    -- The name folded: what tells two products of one name in one decision apart.
    owner_key text not null,
    -- As the decision's list has it; never a personal ID.
    owner_tax_code text constraint certificates_owner_tax_code check (owner_tax_code ~ '^[0-9]{10}(-[0-9]{3})?$'),
    -- The import that brought it; null for a claim nobody imported.
    import_id uuid constraint certificates_import_fk references certificate_imports,
    status text not null default 'claimed' constraint certificates_status
        check (status in ('claimed', 'verified', 'refused')),
    product_name text not null constraint certificates_product_length check (char_length(product_name) between 3 and 200),
    -- The name in lower case, by the app: the database's own lower() knows only ASCII here.
    product_key text not null,
    -- Product and owner folded, for finding them without accents.
    search_text text not null,
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
    constraint certificates_scan check (demo or scan_id is not null or import_id is not null),
    constraint certificates_ownerless check (seller_id is not null or (status = 'verified' and import_id is not null))
);
create index certificates_seller on certificates (seller_id, claimed_at);
create index certificates_decision on certificates (decision_number, decision_date);
create index certificates_product on certificates (product_key);
create index certificates_falling_due on certificates (expires_on, id);
-- A decision is imported once, however often its list is sent.
create unique index certificates_imported_once
    on certificates (decision_number, decision_date, province_code, product_key, owner_key) where import_id is not null;
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

-- What a certificate is worth on a day, for filters and counts; `certification::state` is the same rule, and the same test
-- compares both.
create function certificate_state(
    status text, expires_on date, filed_on date, revoked_on date, superseded_by uuid, today date)
returns text
language sql immutable parallel safe
return case
    when status <> 'verified' then status
    when revoked_on <= today then 'revoked'
    when superseded_by is not null then 'superseded'
    when expires_on - today > 180 then 'valid'
    when today <= expires_on and filed_on <= expires_on then 'valid'
    when expires_on - today >= 120 then 'renewal_window'
    when today <= expires_on then 'renewal_overdue'
    when filed_on <= expires_on and today <= expires_on + 180 then 'grace'
    else 'expired'
end;

create table certificate_import_rows (
    import_id uuid not null constraint certificate_import_rows_import_fk references certificate_imports,
    -- The row's number in the sheet, as the person who made it sees it.
    row_number integer not null constraint certificate_import_rows_number check (row_number > 0),
    -- certification::imports::Reading and a list of certification::imports::CellError, as JSON.
    reading jsonb not null,
    errors jsonb not null,
    outcome text constraint certificate_import_rows_outcome check (outcome in ('written', 'already_there')),
    -- The certificate it became, or the one that was there already.
    certificate_id uuid constraint certificate_import_rows_certificate_fk references certificates,
    constraint certificate_import_rows_pk primary key (import_id, row_number),
    constraint certificate_import_rows_done check ((outcome is null) = (certificate_id is null)),
    constraint certificate_import_rows_faultless check (outcome is null or errors = '[]'::jsonb)
);
create index certificate_import_rows_certificate on certificate_import_rows (certificate_id);

-- Files for re-rating, as their shops recorded them (Decision 26/2026/QĐ-TTg, art. 7.6).
create table certificate_renewals (
    id uuid constraint certificate_renewals_pk primary key,
    certificate_id uuid not null constraint certificate_renewals_certificate_fk references certificates,
    status text not null default 'submitted' constraint certificate_renewals_status
        check (status in ('submitted', 'accepted', 'refused', 'withdrawn')),
    -- The day the commune or council took the file in, and the number of its receipt.
    filed_on date not null,
    receipt_number text not null,
    scan_id uuid not null constraint certificate_renewals_scan_fk references media,
    submitted_by uuid not null constraint certificate_renewals_by_fk references accounts,
    submitted_at timestamptz not null,
    decided_at timestamptz,
    constraint certificate_renewals_decided check ((status in ('accepted', 'refused')) = (decided_at is not null))
);
-- One filing counts: the one that waits, or the one that was accepted.
create unique index certificate_renewals_one on certificate_renewals (certificate_id)
    where status in ('submitted', 'accepted');
create index certificate_renewals_certificate on certificate_renewals (certificate_id, submitted_at);

-- Revocations decided by the chair of a provincial People's Committee or the Minister (art. 8), recorded by one officer and
-- confirmed by a second.
create table certificate_revocations (
    id uuid constraint certificate_revocations_pk primary key,
    certificate_id uuid not null constraint certificate_revocations_certificate_fk references certificates,
    status text not null default 'recorded' constraint certificate_revocations_status
        check (status in ('recorded', 'confirmed', 'void')),
    decision_number text not null,
    decision_date date not null,
    authority text not null,
    ground text not null constraint certificate_revocations_ground check (ground in ('a', 'b', 'c', 'd', 'đ', 'e')),
    -- The first day without stars.
    effective_on date not null,
    words text not null,
    -- Whether the second officer finds it as a case in the queue: only where a shop is concerned.
    in_queue boolean not null,
    recorded_by uuid not null constraint certificate_revocations_by_fk references accounts,
    recorded_at timestamptz not null,
    decided_by uuid constraint certificate_revocations_decided_by_fk references accounts,
    decided_at timestamptz,
    constraint certificate_revocations_dates check (decision_date <= effective_on),
    constraint certificate_revocations_decided check (
        (status = 'recorded') = (decided_by is null) and (decided_by is null) = (decided_at is null)),
    constraint certificate_revocations_four_eyes check (decided_by <> recorded_by)
);
create unique index certificate_revocations_one on certificate_revocations (certificate_id)
    where status in ('recorded', 'confirmed');

-- When shops are reminded. Days before the last day of validity; -1 is the day after it.
create table certificate_notice_rules (
    days_before smallint not null,
    effective_from date not null,
    effective_to date,
    -- {product}, {decision}, {last_day} and {days} (days left) are filled in.
    text_vi text not null,
    text_en text not null,
    legal_basis text not null,
    constraint certificate_notice_rules_pk primary key (days_before, effective_from),
    constraint certificate_notice_rules_order check (effective_to is null or effective_to > effective_from)
);

-- Each notice once per certificate.
create table certificate_notices (
    certificate_id uuid not null constraint certificate_notices_certificate_fk references certificates,
    days_before smallint not null,
    sent_at timestamptz not null,
    constraint certificate_notices_pk primary key (certificate_id, days_before)
);

insert into certificate_notice_rules (days_before, effective_from, text_vi, text_en, legal_basis)
values (180, '2026-07-01',
        'Giấy chứng nhận OCOP “{product}” ({decision}) hết hạn ngày {last_day}, còn {days} ngày. Từ nay có thể nộp hồ sơ đánh giá lại; hạn nộp là 120 ngày trước khi hết hạn.',
        'The OCOP certificate “{product}” ({decision}) expires on {last_day}, in {days} days. The file for re-rating can be submitted from now on, until 120 days before expiry.',
        'Quyết định 26/2026/QĐ-TTg, Điều 7.6'),
       (120, '2026-07-01',
        'Giấy chứng nhận OCOP “{product}” ({decision}) hết hạn ngày {last_day}, còn {days} ngày. Đã đến hạn nộp hồ sơ đánh giá lại.',
        'The OCOP certificate “{product}” ({decision}) expires on {last_day}, in {days} days. The file for re-rating is due now.',
        'Quyết định 26/2026/QĐ-TTg, Điều 7.6'),
       (60, '2026-07-01',
        'Giấy chứng nhận OCOP “{product}” ({decision}) hết hạn ngày {last_day}, còn {days} ngày. Nếu đã nộp hồ sơ đánh giá lại, xin ghi nhận trong gian hàng để giữ sao trong khi chờ kết quả.',
        'The OCOP certificate “{product}” ({decision}) expires on {last_day}, in {days} days. If the file for re-rating was submitted, please record it in the shop, so that the stars stay until its result.',
        'Quyết định 26/2026/QĐ-TTg, Điều 7.6 và 12.3'),
       (30, '2026-07-01',
        'Giấy chứng nhận OCOP “{product}” ({decision}) hết hạn ngày {last_day}, còn {days} ngày. Sau ngày này sản phẩm không còn hiển thị sao, trừ khi hồ sơ đánh giá lại đã được ghi nhận.',
        'The OCOP certificate “{product}” ({decision}) expires on {last_day}, in {days} days. After that day the product shows no stars, unless a file for re-rating was recorded.',
        'Quyết định 26/2026/QĐ-TTg, Điều 4 và 12.3'),
       (-1, '2026-07-01',
        'Giấy chứng nhận OCOP “{product}” ({decision}) đã hết hạn ngày {last_day}. Sản phẩm không còn hiển thị sao.',
        'The OCOP certificate “{product}” ({decision}) expired on {last_day}. The product shows no stars any more.',
        'Quyết định 26/2026/QĐ-TTg, Điều 4');

insert into verdict_reasons (code, kind, text_vi, text_en, effective_from)
values ('renewal.no_receipt', 'certificate_renewal', 'Cơ quan tiếp nhận không có hồ sơ này', 'The receiving office has no such file', '2026-07-01'),
       ('renewal.wrong_date', 'certificate_renewal', 'Ngày nộp không khớp phiếu tiếp nhận', 'The day of filing does not match the receipt', '2026-07-01'),
       ('renewal.unreadable', 'certificate_renewal', 'Bản quét phiếu tiếp nhận không đọc được', 'The scan of the receipt cannot be read', '2026-07-01'),
       ('revocation.no_such_decision', 'certificate_revocation', 'Không tìm thấy quyết định thu hồi', 'No such decision to revoke', '2026-07-01'),
       ('revocation.other_certificate', 'certificate_revocation', 'Quyết định thu hồi giấy chứng nhận khác', 'The decision revokes another certificate', '2026-07-01'),
       ('revocation.wrong_data', 'certificate_revocation', 'Thông tin ghi nhận sai so với quyết định', 'What was recorded does not match the decision', '2026-07-01');
