-- What buyers give back, or want back, after delivery (slice returns).

-- Whether goods of a product set can come back without being at fault: rows, like the rules of sale.
create table return_rules (
    id integer constraint return_rules_pk primary key,
    -- Null: every set without a row of its own.
    set_no smallint constraint return_rules_set check (set_no between 1 and 26),
    changed_mind boolean not null,
    effective_from date not null,
    effective_to date,
    legal_basis text not null
);
insert into return_rules (id, set_no, changed_mind, effective_from, legal_basis)
values (1, null, true, '2026-07-01', 'Quy chế sàn: theo chính sách đổi trả của từng cửa hàng'),
       (2, 1, false, '2026-07-01', 'Quy chế sàn: rau, củ, quả, hạt tươi dễ hỏng'),
       (3, 2, false, '2026-07-01', 'Quy chế sàn: thịt, thủy sản, trứng, sữa tươi dễ hỏng');

-- What a shop takes back from a buyer who has changed their mind. An order follows the version of the day it was placed.
create table shop_return_policies (
    seller_id uuid not null constraint shop_return_policies_seller_fk references sellers,
    since timestamptz not null,
    -- Days from delivery; none: it takes nothing back for that reason.
    changed_mind_days smallint not null constraint shop_return_policies_days check (changed_mind_days between 0 and 60),
    words text constraint shop_return_policies_words_length check (char_length(words) between 1 and 2000),
    set_by uuid not null constraint shop_return_policies_set_by_fk references accounts,
    constraint shop_return_policies_pk primary key (seller_id, since)
);

-- Units of an order's line that were refunded: never more than were bought. Counted under the order's lock, and apart from
-- the line, which is frozen.
create table returned_units (
    order_line_id uuid constraint returned_units_pk primary key
        constraint returned_units_line_fk references order_lines,
    bought integer not null,
    returned integer not null constraint returned_units_returned check (returned between 0 and bought)
);

create table returns (
    id uuid constraint returns_pk primary key,
    order_id uuid not null constraint returns_order_fk references orders,
    seller_id uuid not null constraint returns_seller_fk references sellers,
    account_id uuid not null constraint returns_account_fk references accounts,
    reason text not null constraint returns_reason
        check (reason in ('not_as_described', 'damaged', 'wrong_item', 'missing', 'spoiled', 'changed_mind')),
    words text not null constraint returns_words_length check (char_length(words) between 1 and 4000),
    status text not null default 'requested' constraint returns_status
        check (status in ('requested', 'offered', 'refused', 'awaiting_goods', 'goods_sent', 'disputed', 'recommended',
                          'unheeded', 'refunded', 'not_upheld', 'withdrawn', 'lapsed')),
    opened_at timestamptz not null,
    -- The first instant that is too late for the next act; null where none is awaited, or its lateness was dealt with.
    due_at timestamptz,
    -- Whether what is granted is refunded only once the goods are back; null until something is granted.
    goods_back boolean,
    answer text constraint returns_answer check (answer in ('accept', 'offer', 'refuse')),
    answer_words text constraint returns_answer_words_length check (char_length(answer_words) between 1 and 4000),
    answered_by uuid constraint returns_answered_by_fk references accounts,
    answered_at timestamptz,
    carrier text,
    tracking_code text,
    -- What the buyer paid to send goods back; the shop's to repay where the goods were at fault.
    postage_vnd bigint constraint returns_postage check (postage_vnd between 0 and 100000000000),
    sent_at timestamptz,
    received_at timestamptz,
    -- Who put it before the desk last: the buyer, the shop, or the shop's silence.
    disputed_by text constraint returns_disputed_by check (disputed_by in ('buyer', 'seller', 'system')),
    dispute_words text constraint returns_dispute_words_length check (char_length(dispute_words) between 1 and 4000),
    disputed_at timestamptz,
    -- The officer's written result and, unless it was upheld, the codes of the reasons.
    result text,
    reason_codes text[] not null default '{}',
    refund_id uuid constraint returns_refund_key unique,
    refunded_vnd bigint constraint returns_refunded_amount check (refunded_vnd >= 0),
    closed_at timestamptz,
    constraint returns_answered check (
        (answer is null) = (answered_at is null) and (answer is null) = (answered_by is null)),
    constraint returns_sent check (
        (sent_at is null) = (carrier is null) and (sent_at is null) = (tracking_code is null)
        and (postage_vnd is null or sent_at is not null)),
    constraint returns_disputed check ((disputed_by is null) = (disputed_at is null)),
    constraint returns_refunded check (
        (status = 'refunded') = (refund_id is not null) and (refund_id is null) = (refunded_vnd is null)),
    constraint returns_closed check (
        (status in ('refunded', 'not_upheld', 'withdrawn', 'lapsed')) = (closed_at is not null))
);
create index returns_account on returns (account_id, id desc);
create index returns_seller on returns (seller_id, id desc);
-- What keeps an order's money where it is, and what a further return of the order must leave.
create index returns_order on returns (order_id);

create table return_lines (
    return_id uuid not null constraint return_lines_return_fk references returns,
    order_line_id uuid not null constraint return_lines_line_fk references order_lines,
    asked integer not null constraint return_lines_asked check (asked > 0),
    -- What the shop accepts or offers, or an officer finds right.
    granted integer constraint return_lines_granted check (granted between 0 and asked),
    -- Whether what came back is for sale again; null until it came back.
    restocked boolean,
    constraint return_lines_pk primary key (return_id, order_line_id)
);
create index return_lines_line on return_lines (order_line_id);

insert into deadlines (kind, effective_from, hours, working_days, legal_basis)
values ('return.shipment', '2026-07-01', null, 5, 'Quy chế sàn (thời hạn người mua gửi trả hàng, tự công bố)'),
       ('return.receipt', '2026-07-01', null, 7, 'Quy chế sàn (thời hạn người bán xác nhận nhận lại hàng, tự công bố)');

insert into verdict_reasons (code, kind, text_vi, text_en, effective_from)
values ('refund.unfounded', 'refund_dispute', 'Yêu cầu hoàn tiền không có căn cứ', 'The request for a refund is unfounded', '2026-07-01'),
       ('refund.not_shown', 'refund_dispute', 'Chưa đủ hình ảnh, thông tin để chứng minh', 'Not enough was shown to prove it', '2026-07-01'),
       ('refund.outside_policy', 'refund_dispute', 'Ngoài phạm vi chính sách đổi trả đã công bố', 'Outside the published policy of returns', '2026-07-01'),
       ('refund.goods_not_back', 'refund_dispute', 'Hàng gửi trả không đúng hoặc không còn nguyên trạng', 'What was sent back is not what was sold, or not as it was', '2026-07-01'),
       ('refund.settled', 'refund_dispute', 'Hai bên đã giải quyết xong', 'The parties have settled it', '2026-07-01');
