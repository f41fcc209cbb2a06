-- What officers do to what is already on the marketplace (slice measures): authorities' orders and requests, suspensions.
-- A withdrawal is a decided case and stands on the listing.

create table authority_orders (
    id uuid constraint authority_orders_pk primary key,
    kind text not null constraint authority_orders_kind check (kind in ('takedown', 'information')),
    status text not null default 'open' constraint authority_orders_status
        check (status in ('open', 'done', 'refused', 'lifted')),
    authority text not null,
    document_number text not null,
    legal_basis text not null,
    -- Where the document is kept, or what came with it.
    evidence text,
    received_at timestamptz not null,
    due_at timestamptz not null,
    seller_id uuid not null constraint authority_orders_seller_fk references sellers,
    -- The shop's: whose officers deal with it.
    province_code text not null constraint authority_orders_province_fk references provinces,
    -- Of a takedown: what is to go, and whether its running orders go with it.
    listing_id uuid constraint authority_orders_listing_fk references listings,
    stop_orders boolean not null default false,
    -- Of a request: what the authority wants to know.
    asked text,
    case_id uuid not null constraint authority_orders_case_key unique constraint authority_orders_case_fk references cases,
    recorded_by uuid not null constraint authority_orders_recorded_by_fk references accounts,
    recorded_at timestamptz not null,
    -- When and by whom it was carried out, and what they noted as evidence of it.
    done_at timestamptz,
    done_by uuid constraint authority_orders_done_by_fk references accounts,
    done_words text,
    lifted_at timestamptz,
    lifted_by uuid constraint authority_orders_lifted_by_fk references accounts,
    -- The authority's document that ends its order.
    lifting_document text,
    constraint authority_orders_matter check (
        (kind = 'takedown') = (listing_id is not null) and (kind = 'information') = (asked is not null)
        and (kind = 'takedown' or not stop_orders)),
    constraint authority_orders_done check (
        (status in ('done', 'lifted')) = (done_at is not null) and (done_at is null) = (done_by is null)),
    constraint authority_orders_lifted check (
        (status = 'lifted') = (lifted_at is not null) and (lifted_at is null) = (lifted_by is null)
        and (lifted_at is null) = (lifting_document is null) and (kind = 'takedown' or lifted_at is null)),
    constraint authority_orders_due check (due_at > received_at and received_at <= recorded_at)
);
-- One document says the same thing about the same thing once.
create unique index authority_orders_once on authority_orders (kind, document_number, authority, seller_id, listing_id)
    nulls not distinct where status in ('open', 'done');
create index authority_orders_desk on authority_orders (province_code, kind, id);
create index authority_orders_listing on authority_orders (listing_id) where status = 'done';

create table suspensions (
    id uuid constraint suspensions_pk primary key,
    seller_id uuid not null constraint suspensions_seller_fk references sellers,
    basis text not null constraint suspensions_basis check (basis in ('order', 'breach')),
    authority text,
    document_number text,
    reason_codes text[] not null,
    words text not null,
    case_id uuid not null constraint suspensions_case_key unique constraint suspensions_case_fk references cases,
    recorded_by uuid not null constraint suspensions_recorded_by_fk references accounts,
    recorded_at timestamptz not null,
    -- The instant it takes hold, notice included.
    effective_at timestamptz not null,
    -- Last day of it; null until further notice.
    until date,
    -- When the shop was in fact closed: never, if it was called off before.
    began_at timestamptz,
    ended_at timestamptz,
    -- Null where it ran out by itself.
    ended_by uuid constraint suspensions_ended_by_fk references accounts,
    end_words text,
    constraint suspensions_order_basis check (
        (basis = 'order') = (authority is not null) and (basis = 'order') = (document_number is not null)),
    constraint suspensions_reasons check (cardinality(reason_codes) > 0),
    constraint suspensions_times check (effective_at >= recorded_at and began_at >= effective_at and ended_at >= recorded_at)
);
create unique index suspensions_one on suspensions (seller_id) where ended_at is null;
create index suspensions_seller on suspensions (seller_id, id);

insert into deadlines (kind, effective_from, hours, working_days, legal_basis)
values ('suspension.notice', '2026-07-01', 120, null, 'Nghị định 248/2026/NĐ-CP, Điều 18 (báo trước ít nhất 5 ngày)');

insert into verdict_reasons (code, kind, text_vi, text_en, effective_from)
values ('withdrawal.forbidden_goods', 'listing_withdrawal', 'Hàng hóa bị cấm hoặc chưa đủ điều kiện kinh doanh', 'Forbidden goods, or conditions for selling not met', '2026-07-01'),
       ('withdrawal.misleading', 'listing_withdrawal', 'Nội dung gây hiểu lầm hoặc không có căn cứ', 'Misleading or unfounded content', '2026-07-01'),
       ('withdrawal.unsafe', 'listing_withdrawal', 'Có dấu hiệu không bảo đảm an toàn', 'Signs that the product is not safe', '2026-07-01'),
       ('withdrawal.certificate', 'listing_withdrawal', 'Giấy tờ, chứng nhận không còn hiệu lực', 'A paper or certificate is no longer valid', '2026-07-01'),
       ('withdrawal.rights', 'listing_withdrawal', 'Xâm phạm quyền của người khác', 'It violates somebody else''s rights', '2026-07-01'),
       ('suspension.order', 'suspension', 'Theo yêu cầu của cơ quan có thẩm quyền', 'At the request of a competent authority', '2026-07-01'),
       ('suspension.repeated_breach', 'suspension', 'Vi phạm quy chế sàn nhiều lần', 'Repeated breaches of the operating rules', '2026-07-01'),
       ('suspension.fraud', 'suspension', 'Có dấu hiệu gian lận, lừa dối người mua', 'Signs of fraud against buyers', '2026-07-01'),
       ('suspension.identity', 'suspension', 'Thông tin định danh không đúng hoặc hết hiệu lực', 'Identity is wrong or no longer valid', '2026-07-01'),
       ('suspension.complaints', 'suspension', 'Không giải quyết khiếu nại của người mua', 'Complaints of buyers are left unanswered', '2026-07-01'),
       ('takedown.not_competent', 'takedown_order', 'Cơ quan yêu cầu không có thẩm quyền', 'The authority is not competent', '2026-07-01'),
       ('takedown.no_document', 'takedown_order', 'Thiếu văn bản hoặc căn cứ pháp lý', 'No document or legal basis', '2026-07-01'),
       ('takedown.wrong_listing', 'takedown_order', 'Không xác định được sản phẩm theo yêu cầu', 'The order does not fit this listing', '2026-07-01'),
       ('information.not_competent', 'information_request', 'Cơ quan yêu cầu không có thẩm quyền', 'The authority is not competent', '2026-07-01'),
       ('information.no_basis', 'information_request', 'Thiếu văn bản hoặc căn cứ pháp lý', 'No document or legal basis', '2026-07-01'),
       ('information.too_wide', 'information_request', 'Yêu cầu vượt quá phạm vi được cung cấp', 'It asks for more than may be given', '2026-07-01');
