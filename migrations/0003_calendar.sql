-- Days nobody works, and how long things may take (slice calendar). A law changes a row, never a constant.

create table holidays (
    day date constraint holidays_pk primary key,
    name_vi text not null,
    name_en text not null,
    legal_basis text not null
);

create table deadlines (
    kind text not null,
    effective_from date not null,
    effective_to date,
    minutes integer,
    hours integer,
    working_days integer,
    legal_basis text not null,
    constraint deadlines_pk primary key (kind, effective_from),
    constraint deadlines_one_unit check (num_nonnulls(minutes, hours, working_days) = 1),
    constraint deadlines_positive check (coalesce(minutes, hours, working_days) > 0),
    constraint deadlines_order check (effective_to is null or effective_to > effective_from)
);

-- 2026 as announced (Labour Code 45/2019/QH14 art. 112); Tết and the days in lieu change every year.
insert into holidays (day, name_vi, name_en, legal_basis)
values ('2026-01-01', 'Tết Dương lịch', 'New Year', 'Bộ luật Lao động 2019, Điều 112'),
       ('2026-02-16', 'Tết Nguyên đán', 'Lunar New Year', 'Bộ luật Lao động 2019, Điều 112'),
       ('2026-02-17', 'Tết Nguyên đán', 'Lunar New Year', 'Bộ luật Lao động 2019, Điều 112'),
       ('2026-02-18', 'Tết Nguyên đán', 'Lunar New Year', 'Bộ luật Lao động 2019, Điều 112'),
       ('2026-02-19', 'Tết Nguyên đán', 'Lunar New Year', 'Bộ luật Lao động 2019, Điều 112'),
       ('2026-02-20', 'Tết Nguyên đán', 'Lunar New Year', 'Bộ luật Lao động 2019, Điều 112'),
       ('2026-04-27', 'Giỗ Tổ Hùng Vương (nghỉ bù)', 'Hung Kings'' Commemoration (in lieu)', 'Bộ luật Lao động 2019, Điều 112'),
       ('2026-04-30', 'Ngày Chiến thắng', 'Reunification Day', 'Bộ luật Lao động 2019, Điều 112'),
       ('2026-05-01', 'Quốc tế Lao động', 'Labour Day', 'Bộ luật Lao động 2019, Điều 112'),
       ('2026-09-01', 'Quốc khánh', 'National Day', 'Bộ luật Lao động 2019, Điều 112'),
       ('2026-09-02', 'Quốc khánh', 'National Day', 'Bộ luật Lao động 2019, Điều 112'),
       ('2027-01-01', 'Tết Dương lịch', 'New Year', 'Bộ luật Lao động 2019, Điều 112'),
       ('2027-02-05', 'Tết Nguyên đán', 'Lunar New Year', 'Bộ luật Lao động 2019, Điều 112 (dự kiến, chờ thông báo)'),
       ('2027-02-08', 'Tết Nguyên đán', 'Lunar New Year', 'Bộ luật Lao động 2019, Điều 112 (dự kiến, chờ thông báo)'),
       ('2027-02-09', 'Tết Nguyên đán', 'Lunar New Year', 'Bộ luật Lao động 2019, Điều 112 (dự kiến, chờ thông báo)'),
       ('2027-02-10', 'Tết Nguyên đán', 'Lunar New Year', 'Bộ luật Lao động 2019, Điều 112 (dự kiến, chờ thông báo)'),
       ('2027-02-11', 'Tết Nguyên đán', 'Lunar New Year', 'Bộ luật Lao động 2019, Điều 112 (dự kiến, chờ thông báo)'),
       ('2027-04-16', 'Giỗ Tổ Hùng Vương', 'Hung Kings'' Commemoration', 'Bộ luật Lao động 2019, Điều 112 (dự kiến, chờ thông báo)'),
       ('2027-04-30', 'Ngày Chiến thắng', 'Reunification Day', 'Bộ luật Lao động 2019, Điều 112'),
       ('2027-05-03', 'Quốc tế Lao động (nghỉ bù)', 'Labour Day (in lieu)', 'Bộ luật Lao động 2019, Điều 111 và 112'),
       ('2027-09-02', 'Quốc khánh', 'National Day', 'Bộ luật Lao động 2019, Điều 112'),
       ('2027-09-03', 'Quốc khánh', 'National Day', 'Bộ luật Lao động 2019, Điều 112 (dự kiến, chờ thông báo)');

insert into deadlines (kind, effective_from, hours, working_days, legal_basis)
values ('case.seller_application', '2026-07-01', null, 3, 'Quy chế sàn (thời hạn tự công bố; Nghị định 248/2026/NĐ-CP)'),
       ('case.certificate_claim', '2026-07-01', null, 5, 'Quy chế sàn (thời hạn tự công bố)'),
       ('case.listing_revision', '2026-07-01', null, 2, 'Quy chế sàn (thời hạn tự công bố; Luật 122/2025/QH15, Điều 17)'),
       ('case.spot_check', '2026-07-01', null, 10, 'Quy chế sàn (hậu kiểm; thời hạn tự công bố)'),
       ('case.certificate_renewal', '2026-07-01', null, 5, 'Quy chế sàn (thời hạn tự công bố; Quyết định 26/2026/QĐ-TTg, Điều 7.6)'),
       ('case.certificate_revocation', '2026-07-01', 24, null, 'Quy chế sàn (thời hạn tự công bố; Quyết định 26/2026/QĐ-TTg, Điều 8)'),
       ('case.complaint', '2026-07-01', null, 7, 'Quy chế sàn (thời hạn tự công bố; Nghị định 248/2026/NĐ-CP, Điều 7)'),
       ('case.reported_review', '2026-07-01', null, 3, 'Quy chế sàn (thời hạn tự công bố)'),
       ('case.takedown_order', '2026-07-01', 24, null, 'Nghị định 248/2026/NĐ-CP, Điều 17'),
       ('case.information_request', '2026-07-01', 24, null, 'Nghị định 248/2026/NĐ-CP, Điều 18'),
       ('case.appeal', '2026-07-01', null, 7, 'Quy chế sàn (thời hạn tự công bố)'),
       ('appeal.filing', '2026-07-01', null, 15, 'Quy chế sàn (thời hạn tự công bố)'),
       ('case.lease', '2026-07-01', 4, null, 'Quy chế sàn (cán bộ giữ hồ sơ trong một buổi làm việc)'),
       ('order.acceptance', '2026-07-01', 48, null, 'Quy chế sàn (thời hạn tự công bố)'),
       ('order.completion', '2026-07-01', 72, null, 'Quy chế sàn (thời hạn tự công bố)'),
       ('order.shipment', '2026-07-01', 120, null, 'Quy chế sàn (thời hạn tự công bố)'),
       ('order.receipt', '2026-07-01', null, 10, 'Quy chế sàn (thời hạn gian hàng xác nhận đã nhận lại hàng bị từ chối)'),
       ('order.arrival', '2026-07-01', 240, null, 'Quy chế sàn (hỏi hai bên khi đơn đã gửi mà chưa ai báo đã giao)'),
       ('order.reminder', '2026-07-01', 24, null, 'Quy chế sàn (nhắc gian hàng trước khi hết hạn)'),
       ('payment.vietqr', '2026-07-01', 4, null, 'Quy chế sàn (thời gian giữ hàng chờ chuyển khoản)'),
       ('payment.vietqr_claimed', '2026-07-01', 24, null, 'Quy chế sàn (giữ hàng thêm khi người mua báo đã chuyển khoản)'),
       ('refund.by_seller', '2026-07-01', null, 3, 'Quy chế sàn (thời hạn tự công bố)'),
       ('return.request', '2026-07-01', 168, null, 'Quy chế sàn (thời hạn tự công bố; Luật Bảo vệ quyền lợi người tiêu dùng 19/2023/QH15)'),
       ('return.answer', '2026-07-01', null, 2, 'Quy chế sàn (thời hạn tự công bố)'),
       ('return.escalation', '2026-07-01', null, 5, 'Quy chế sàn (thời hạn tự công bố)'),
       ('case.refund_dispute', '2026-07-01', null, 5, 'Quy chế sàn (thời hạn tự công bố; Nghị định 248/2026/NĐ-CP, Điều 7)'),
       ('payout.after_completion', '2026-07-01', null, 2, 'Quy chế sàn (đối soát với đơn vị trung gian thanh toán)'),
       ('checkout.quote', '2026-07-01', 1, null, 'Quy chế sàn');

insert into deadlines (kind, effective_from, minutes, legal_basis)
values ('payment.gateway', '2026-07-01', 15, 'Quy chế sàn (thời gian giữ hàng chờ cổng thanh toán)'),
       ('payment.query', '2026-07-01', 5, 'Quy chế sàn (hỏi lại cổng thanh toán khi chưa rõ kết quả)'),
       ('webhook.stale', '2026-07-01', 15, 'Quy chế sàn (thông báo cũ hơn không được nhận)');

insert into deadlines (kind, effective_from, hours, legal_basis)
values ('webhook.unbelieved', '2026-07-01', 720, 'Quy chế sàn (lưu thông báo không đúng chữ ký để điều tra)');
