-- The queue: something an officer must decide, in one province, with a deadline (slice cases).

create table cases (
    id uuid constraint cases_pk primary key,
    kind text not null constraint cases_kind
        check (kind in ('seller_application', 'certificate_claim', 'listing_revision', 'spot_check', 'certificate_renewal',
                        'certificate_revocation', 'complaint', 'refund_dispute', 'reported_review', 'takedown_order',
                        'information_request', 'listing_withdrawal', 'suspension', 'appeal')),
    -- What is to be decided on: see cases::CaseKind.
    subject_id uuid not null,
    -- The subject, or of an appeal the matter of the case appealed against: one open case about it at a time.
    matter_id uuid not null,
    seller_id uuid not null,
    province_code text not null constraint cases_province_fk references provinces,
    commune_code text not null constraint cases_commune_fk references communes,
    legacy_province_code text constraint cases_legacy_province_fk references legacy_provinces,
    -- What an officer reads in the list.
    title text not null,
    -- The title folded, kept by the app for searching without accents.
    search_text text not null,
    status text not null default 'open' constraint cases_status check (status in ('open', 'decided', 'withdrawn')),
    opened_by uuid not null constraint cases_opened_by_fk references accounts,
    opened_at timestamptz not null,
    due_at timestamptz not null,
    -- When the supervisors were told that it is late.
    late_told_at timestamptz,
    -- The officer who works on it, and until when nobody else may; it runs out by itself.
    leased_by uuid constraint cases_leased_by_fk references accounts,
    leased_until timestamptz,
    -- An appeal nobody in the province may decide on: the national department's.
    national boolean not null default false,
    verdict text constraint cases_verdict check (verdict in ('approve', 'request_changes', 'reject')),
    reason_codes text[] not null default '{}',
    words text,
    decided_by uuid constraint cases_decided_by_fk references accounts,
    decided_at timestamptz,
    -- The first instant that is too late for an appeal; null where the decision cannot be appealed against.
    appeal_until timestamptz,
    constraint cases_lease check (
        (leased_by is null) = (leased_until is null)
        and (leased_by is null or status = 'open')),
    constraint cases_national check (kind = 'appeal' or not national),
    constraint cases_appealable check (appeal_until is null or (kind <> 'appeal' and verdict <> 'approve')),
    constraint cases_decision check (
        (status = 'decided') = (verdict is not null)
        and (verdict is null) = (decided_by is null)
        and (verdict is null) = (decided_at is null)),
    constraint cases_reasons check (verdict is null or verdict = 'approve' or cardinality(reason_codes) > 0)
);
create unique index cases_one_open on cases (matter_id) where status = 'open';
create unique index cases_one_appeal on cases (subject_id) where kind = 'appeal';
create index cases_subject on cases (subject_id, kind);
create index cases_matter on cases (matter_id, opened_at);
-- The queue of a province, whatever its status, in the order it is read in.
create index cases_queue on cases (province_code, status, due_at, id);
create index cases_appeals on cases (opened_at) where kind = 'appeal' and status = 'open';
create index cases_seller on cases (seller_id, opened_at);

-- What is said about a case: among officers, to the shop, by the shop.
create table case_notes (
    id uuid constraint case_notes_pk primary key,
    case_id uuid not null constraint case_notes_case_fk references cases,
    voice text not null constraint case_notes_voice check (voice in ('internal', 'to_seller', 'from_seller')),
    author uuid not null constraint case_notes_author_fk references accounts,
    words text not null constraint case_notes_length check (char_length(words) between 1 and 4000),
    at timestamptz not null
);
create index case_notes_case on case_notes (case_id, id);

-- Why a verdict is not an approval: rows, so that a province's practice changes no code.
create table verdict_reasons (
    code text constraint verdict_reasons_pk primary key,
    kind text not null,
    text_vi text not null,
    text_en text not null,
    effective_from date not null,
    effective_to date
);

insert into verdict_reasons (code, kind, text_vi, text_en, effective_from)
values ('seller.identity_mismatch', 'seller_application', 'Thông tin định danh không khớp giấy tờ', 'Identity does not match the papers', '2026-07-01'),
       ('seller.paper_missing', 'seller_application', 'Thiếu giấy tờ bắt buộc', 'A required paper is missing', '2026-07-01'),
       ('seller.paper_expired', 'seller_application', 'Giấy tờ đã hết hạn', 'A paper has expired', '2026-07-01'),
       ('seller.paper_unreadable', 'seller_application', 'Giấy tờ không đọc được', 'A paper cannot be read', '2026-07-01'),
       ('seller.outside_programme', 'seller_application', 'Không thuộc đối tượng tham gia chương trình OCOP', 'Not eligible for the OCOP programme', '2026-07-01'),
       ('certificate.not_found', 'certificate_claim', 'Không tìm thấy quyết định hoặc sản phẩm trong quyết định', 'No such decision, or the product is not in it', '2026-07-01'),
       ('certificate.other_owner', 'certificate_claim', 'Giấy chứng nhận cấp cho chủ thể khác', 'The certificate belongs to somebody else', '2026-07-01'),
       ('certificate.expired', 'certificate_claim', 'Giấy chứng nhận đã hết hạn hoặc bị thu hồi', 'The certificate has expired or was revoked', '2026-07-01'),
       ('certificate.unreadable', 'certificate_claim', 'Bản quét không đọc được', 'The scan cannot be read', '2026-07-01'),
       ('listing.label_missing', 'listing_revision', 'Thiếu thông tin nhãn bắt buộc (Nghị định 37/2026/NĐ-CP)', 'Required label data is missing (Decree 37/2026/NĐ-CP)', '2026-07-01'),
       ('listing.misleading', 'listing_revision', 'Nội dung gây hiểu lầm hoặc không có căn cứ', 'Misleading or unfounded content', '2026-07-01'),
       ('listing.forbidden_goods', 'listing_revision', 'Hàng hóa bị cấm hoặc chưa đủ điều kiện kinh doanh', 'Forbidden goods, or conditions for selling not met', '2026-07-01'),
       ('listing.poor_picture', 'listing_revision', 'Hình ảnh không rõ hoặc không đúng sản phẩm', 'Pictures unclear or not of the product', '2026-07-01'),
       ('listing.wrong_set', 'listing_revision', 'Sai bộ sản phẩm OCOP', 'Wrong OCOP product set', '2026-07-01'),
       ('appeal.decision_stands', 'appeal', 'Quyết định ban đầu đúng quy định', 'The original decision was right', '2026-07-01'),
       ('appeal.nothing_new', 'appeal', 'Khiếu nại không có tình tiết, tài liệu mới', 'The appeal brings nothing new', '2026-07-01'),
       ('appeal.correct_instead', 'appeal', 'Nội dung cần được sửa và gửi lại, không thuộc diện khiếu nại', 'To be corrected and handed in again rather than appealed against', '2026-07-01');
