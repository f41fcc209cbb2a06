-- What is wrong with what was said or sold: reports of reviews (slice reviews), complaints of buyers (slice complaints).

-- Why a review may be reported. That it is negative is no reason.
create table review_report_reasons (
    code text constraint review_report_reasons_pk primary key,
    text_vi text not null,
    text_en text not null,
    effective_from date not null,
    effective_to date
);

create table review_reports (
    id uuid constraint review_reports_pk primary key,
    review_id uuid not null constraint review_reports_review_fk references reviews,
    account_id uuid not null constraint review_reports_account_fk references accounts,
    reason text not null constraint review_reports_reason_fk references review_report_reasons,
    words text constraint review_reports_words_length check (char_length(words) between 1 and 1000),
    -- Whether the reporter belonged to the shop whose goods the review is about.
    from_shop boolean not null,
    status text not null default 'open' constraint review_reports_status
        check (status in ('open', 'justified', 'dismissed')),
    created_at timestamptz not null,
    constraint review_reports_once unique (review_id, account_id)
);
create index review_reports_open on review_reports (account_id) where status = 'open';

insert into review_report_reasons (code, text_vi, text_en, effective_from)
values ('insult', 'Xúc phạm, đe dọa hoặc kỳ thị', 'Insulting, threatening or discriminating', '2026-07-01'),
       ('personal_data', 'Tiết lộ dữ liệu cá nhân', 'Discloses personal data', '2026-07-01'),
       ('advertising', 'Quảng cáo hoặc mời chào nơi khác', 'Advertising, or luring buyers elsewhere', '2026-07-01'),
       ('off_topic', 'Không nói về sản phẩm hoặc việc giao hàng', 'Not about the product or its delivery', '2026-07-01'),
       ('unlawful', 'Nội dung trái pháp luật', 'Unlawful content', '2026-07-01');

-- What can be complained about; how long the decision takes is the calendar's row `complaint.<code>`.
create table complaint_kinds (
    code text constraint complaint_kinds_pk primary key,
    position smallint not null,
    text_vi text not null,
    text_en text not null,
    targets text[] not null constraint complaint_kinds_targets
        check (cardinality(targets) > 0 and targets <@ '{listing,seller,order}'),
    effective_from date not null,
    effective_to date
);

create table complaints (
    id uuid constraint complaints_pk primary key,
    account_id uuid not null constraint complaints_account_fk references accounts,
    kind text not null constraint complaints_kind_fk references complaint_kinds,
    -- Whom it concerns; against the shop itself if it names neither listing nor order.
    seller_id uuid not null constraint complaints_seller_fk references sellers,
    seller_name text not null,
    listing_id uuid constraint complaints_listing_fk references listings,
    order_id uuid constraint complaints_order_fk references orders,
    -- The listing's title, the shop's name or the order's number; like the shop's name, as of the day it was made.
    about text not null,
    words text not null constraint complaints_words_length check (char_length(words) between 1 and 4000),
    status text not null default 'open' constraint complaints_status
        check (status in ('open', 'upheld', 'not_upheld', 'withdrawn')),
    opened_at timestamptz not null,
    -- Until when it is to be decided and answered: promised when it was made.
    due_at timestamptz not null,
    answer_due_at timestamptz not null,
    answer text constraint complaints_answer_length check (char_length(answer) between 1 and 4000),
    answered_by uuid constraint complaints_answered_by_fk references accounts,
    answered_at timestamptz,
    -- The officer's written result and, unless it was upheld, the codes of the reasons.
    result text,
    reason_codes text[] not null default '{}',
    closed_at timestamptz,
    constraint complaints_one_target check (num_nonnulls(listing_id, order_id) <= 1),
    constraint complaints_answer check (
        (answer is null) = (answered_at is null) and (answer is null) = (answered_by is null)),
    constraint complaints_result check ((status in ('upheld', 'not_upheld')) = (result is not null)),
    constraint complaints_closed check ((status = 'open') = (closed_at is null))
);
create unique index complaints_one_open on complaints (account_id, kind, seller_id, listing_id, order_id)
    nulls not distinct where status = 'open';
create index complaints_account on complaints (account_id, id desc);
create index complaints_seller on complaints (seller_id, id desc);

insert into complaint_kinds (code, position, text_vi, text_en, targets, effective_from)
values ('not_delivered', 1, 'Không nhận được hàng', 'The goods did not arrive', '{order}', '2026-07-01'),
       ('damaged', 2, 'Hàng bị hỏng, vỡ hoặc thiếu', 'The goods arrived damaged or incomplete', '{order}', '2026-07-01'),
       ('not_as_described', 3, 'Hàng không đúng mô tả', 'The goods are not as described', '{listing,order}', '2026-07-01'),
       ('unsafe_food', 4, 'Thực phẩm không an toàn', 'The food is not safe', '{listing,order}', '2026-07-01'),
       ('counterfeit_or_false_stars', 5, 'Hàng giả, hoặc sao OCOP không đúng', 'Counterfeit goods, or OCOP stars that are not true', '{listing,seller,order}', '2026-07-01'),
       ('unfair_conduct', 6, 'Người bán cư xử không đúng', 'Unfair conduct of the seller', '{seller,order}', '2026-07-01'),
       ('personal_data', 7, 'Dữ liệu cá nhân bị sử dụng sai', 'Personal data was misused', '{listing,seller,order}', '2026-07-01'),
       ('refund_overdue', 8, 'Chưa được hoàn tiền', 'The refund has not come', '{order}', '2026-07-01'),
       ('other', 9, 'Việc khác', 'Something else', '{listing,seller,order}', '2026-07-01');

insert into deadlines (kind, effective_from, hours, working_days, legal_basis)
values ('complaint.not_delivered', '2026-07-01', null, 5, 'Quy chế sàn (thời hạn tự công bố theo Nghị định 248/2026/NĐ-CP, Điều 7)'),
       ('complaint.damaged', '2026-07-01', null, 5, 'Quy chế sàn (thời hạn tự công bố theo Nghị định 248/2026/NĐ-CP, Điều 7)'),
       ('complaint.not_as_described', '2026-07-01', null, 7, 'Quy chế sàn (thời hạn tự công bố theo Nghị định 248/2026/NĐ-CP, Điều 7; Luật 122/2025/QH15, Điều 17.2)'),
       ('complaint.unsafe_food', '2026-07-01', 48, null, 'Quy chế sàn (thời hạn tự công bố theo Nghị định 248/2026/NĐ-CP, Điều 7)'),
       ('complaint.counterfeit_or_false_stars', '2026-07-01', null, 7, 'Quy chế sàn (thời hạn tự công bố theo Nghị định 248/2026/NĐ-CP, Điều 7)'),
       ('complaint.unfair_conduct', '2026-07-01', null, 10, 'Quy chế sàn (thời hạn tự công bố theo Nghị định 248/2026/NĐ-CP, Điều 7)'),
       ('complaint.personal_data', '2026-07-01', 72, null, 'Quy chế sàn (thời hạn tự công bố theo Nghị định 248/2026/NĐ-CP, Điều 7; Luật 91/2025/QH15, Điều 23)'),
       ('complaint.refund_overdue', '2026-07-01', null, 5, 'Quy chế sàn (thời hạn tự công bố theo Nghị định 248/2026/NĐ-CP, Điều 7)'),
       ('complaint.other', '2026-07-01', null, 10, 'Quy chế sàn (thời hạn tự công bố theo Nghị định 248/2026/NĐ-CP, Điều 7)'),
       ('complaint.answer', '2026-07-01', 24, null, 'Quy chế sàn (thời hạn người bán trả lời, tự công bố)');

insert into verdict_reasons (code, kind, text_vi, text_en, effective_from)
values ('complaint.unfounded', 'complaint', 'Không có căn cứ', 'Unfounded', '2026-07-01'),
       ('complaint.not_shown', 'complaint', 'Chưa đủ thông tin để chứng minh', 'Not enough shown to prove it', '2026-07-01'),
       ('complaint.settled', 'complaint', 'Hai bên đã giải quyết xong', 'The parties have settled it', '2026-07-01'),
       ('complaint.outside_platform', 'complaint', 'Việc không diễn ra trên sàn', 'It did not happen on this marketplace', '2026-07-01'),
       ('complaint.abusive', 'complaint', 'Lạm dụng quyền khiếu nại', 'An abuse of the right to complain', '2026-07-01'),
       ('review.opinion', 'reported_review', 'Là ý kiến về sản phẩm, dù không hài lòng', 'An opinion about the product, even a negative one', '2026-07-01'),
       ('review.no_breach', 'reported_review', 'Không vi phạm điều bị báo cáo', 'It does not do what it was reported for', '2026-07-01');
