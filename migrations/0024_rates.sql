-- Commission and withheld taxes (slice rates): dated rows with what they rest on; what a line was charged stands frozen
-- on the line. `status`: confirmed (the text says so) or provisional (what is applied until the text is clear).

-- What a sale is in the eyes of the tax law, by the set of its listing; one without a set is of unknown kind.
create table tax_kinds (
    set_no smallint not null constraint tax_kinds_set check (set_no between 1 and 26),
    kind text not null constraint tax_kinds_kind check (kind in ('goods', 'services', 'transport')),
    effective_from date not null,
    effective_to date,
    legal_basis text not null,
    constraint tax_kinds_pk primary key (set_no, effective_from),
    constraint tax_kinds_order check (effective_to is null or effective_to > effective_from)
);
insert into tax_kinds (set_no, kind, effective_from, legal_basis)
select set_no, 'goods', date '2025-07-01', 'Quyết định 26/2026/QĐ-TTg, Phụ lục (bộ sản phẩm là hàng hóa)'
  from generate_series(1, 25) as set_no;
insert into tax_kinds (set_no, kind, effective_from, legal_basis)
values (26, 'services', '2025-07-01', 'Quyết định 26/2026/QĐ-TTg, Phụ lục (dịch vụ du lịch)');

-- Shares of what the seller is to receive, in basis points. A sale of unknown kind bears the highest.
create table tax_rates (
    kind text not null constraint tax_rates_kind check (kind in ('goods', 'services', 'transport', 'unknown')),
    residency text not null constraint tax_rates_residency check (residency in ('resident', 'non_resident')),
    vat_bps integer not null constraint tax_rates_vat check (vat_bps between 0 and 10000),
    pit_bps integer not null constraint tax_rates_pit check (pit_bps between 0 and 10000),
    effective_from date not null,
    effective_to date,
    legal_basis text not null,
    status text not null constraint tax_rates_status check (status in ('confirmed', 'provisional')),
    constraint tax_rates_pk primary key (kind, residency, effective_from),
    constraint tax_rates_order check (effective_to is null or effective_to > effective_from)
);
insert into tax_rates (kind, residency, vat_bps, pit_bps, effective_from, effective_to, legal_basis, status)
select kind, residency, vat_bps, pit_bps, date '2025-07-01', date '2026-07-01', 'Nghị định 117/2025/NĐ-CP', 'confirmed'
  from (values ('goods', 'resident', 100, 50),
               ('services', 'resident', 500, 200),
               ('transport', 'resident', 300, 150),
               ('unknown', 'resident', 500, 200),
               ('goods', 'non_resident', 100, 100),
               ('services', 'non_resident', 500, 500),
               ('transport', 'non_resident', 300, 200),
               ('unknown', 'non_resident', 500, 500)) as rate (kind, residency, vat_bps, pit_bps);
-- The decree in force refers to the rates of the tax laws instead of listing its own: the old ones go on until that is clear.
insert into tax_rates (kind, residency, vat_bps, pit_bps, effective_from, legal_basis, status)
select kind, residency, vat_bps, pit_bps, date '2026-07-01',
       'Nghị định 252/2026/NĐ-CP, Điều 44 (tạm áp dụng mức của Nghị định 117/2025/NĐ-CP)', 'provisional'
  from tax_rates;

-- From whom tax is withheld. A farm (trang trại) is by Circular 02/2020/TT-BNNPTNT run by a person or the head of a
-- household, without a legal person of its own; one that is a company or a cooperative is registered as such. It is
-- taxed like a household. Cooperatives and companies declare their own taxes.
create table tax_subjects (
    seller_kind text not null constraint tax_subjects_kind
        check (seller_kind in ('cooperative', 'cooperative_group', 'household', 'enterprise', 'farm')),
    withheld boolean not null,
    effective_from date not null,
    effective_to date,
    legal_basis text not null,
    status text not null constraint tax_subjects_status check (status in ('confirmed', 'provisional')),
    constraint tax_subjects_pk primary key (seller_kind, effective_from),
    constraint tax_subjects_order check (effective_to is null or effective_to > effective_from)
);
insert into tax_subjects (seller_kind, withheld, effective_from, effective_to, legal_basis, status)
values ('household', true, '2025-07-01', '2026-07-01', 'Nghị định 117/2025/NĐ-CP', 'confirmed'),
       ('household', true, '2026-07-01', null, 'Nghị định 252/2026/NĐ-CP, Điều 44', 'confirmed'),
       ('farm', true, '2025-07-01', null, 'Thông tư 02/2020/TT-BNNPTNT (chủ trang trại là cá nhân, hộ gia đình)', 'provisional'),
       ('cooperative_group', false, '2025-07-01', null, 'Tổ hợp tác đăng ký thuế như tổ chức, tự kê khai', 'provisional'),
       ('cooperative', false, '2025-07-01', null, 'Hợp tác xã tự kê khai', 'confirmed'),
       ('enterprise', false, '2025-07-01', null, 'Doanh nghiệp tự kê khai', 'confirmed');

-- Whether tax is withheld, by how the buyer pays and by which side of the yearly threshold the seller stands on.
create table tax_withholding_rules (
    method text not null constraint tax_withholding_rules_method check (method in ('cod', 'vietqr', 'vnpay', 'momo')),
    below_threshold boolean not null,
    withheld boolean not null,
    effective_from date not null,
    effective_to date,
    legal_basis text not null,
    status text not null constraint tax_withholding_rules_status check (status in ('confirmed', 'provisional')),
    constraint tax_withholding_rules_pk primary key (method, below_threshold, effective_from),
    constraint tax_withholding_rules_order check (effective_to is null or effective_to > effective_from)
);
insert into tax_withholding_rules (method, below_threshold, withheld, effective_from, effective_to, legal_basis, status)
select method, below_threshold, true, rule.effective_from, rule.effective_to, rule.legal_basis, rule.status
  from (values (date '2025-07-01', date '2026-07-01',
                'Nghị định 117/2025/NĐ-CP, Điều 3.1 (gồm cả chuyển khoản tích hợp và thu hộ), Điều 10 (hoàn khi dưới ngưỡng)',
                'confirmed'),
               (date '2026-07-01', null,
                'Nghị định 252/2026/NĐ-CP, Điều 3 và 44 (tạm áp dụng, chờ hướng dẫn)',
                'provisional')) as rule (effective_from, effective_to, legal_basis, status)
 cross join unnest(array['cod', 'vietqr', 'vnpay', 'momo']) as method
 cross join unnest(array[false, true]) as below_threshold;

-- The yearly revenue up to which households and individuals owe neither tax.
create table tax_thresholds (
    effective_from date constraint tax_thresholds_pk primary key,
    effective_to date,
    yearly_vnd bigint not null constraint tax_thresholds_amount check (yearly_vnd > 0),
    legal_basis text not null,
    status text not null constraint tax_thresholds_status check (status in ('confirmed', 'provisional')),
    constraint tax_thresholds_order check (effective_to is null or effective_to > effective_from)
);
insert into tax_thresholds (effective_from, yearly_vnd, legal_basis, status)
values ('2026-01-01', 1000000000, 'Nghị định 68/2026/NĐ-CP, sửa đổi bởi Nghị định 141/2026/NĐ-CP', 'confirmed');

-- What the marketplace charges. The first rule that fits, by priority, decides; a null fits everything. Of several
-- that fit and are of one priority the one that began last does.
create table commission_rules (
    id uuid constraint commission_rules_pk primary key,
    priority smallint not null constraint commission_rules_priority check (priority between 1 and 1000),
    set_no smallint constraint commission_rules_set check (set_no between 1 and 26),
    seller_id uuid constraint commission_rules_seller_fk references sellers,
    province_code text constraint commission_rules_province_fk references provinces,
    rate_bps integer not null constraint commission_rules_rate check (rate_bps between 0 and 10000),
    effective_from date not null,
    -- Equal to the first day: taken back before it began.
    effective_to date,
    legal_basis text not null,
    added_at timestamptz not null,
    -- Null: came with the marketplace.
    added_by uuid constraint commission_rules_added_by_fk references accounts,
    constraint commission_rules_place unique (priority, effective_from),
    constraint commission_rules_order check (effective_to is null or effective_to >= effective_from)
);
insert into commission_rules (id, priority, rate_bps, effective_from, legal_basis, added_at)
values ('0197f1e8-8400-7000-8000-000000000101', 1000, 0, '2026-07-01', 'Biểu phí của sàn', '2026-06-30T17:00:00Z');

-- A tax returned monthly is due on this day of the next month, or on the next working day.
create table tax_return_days (
    effective_from date constraint tax_return_days_pk primary key,
    effective_to date,
    day_of_month smallint not null constraint tax_return_days_day check (day_of_month between 1 and 28),
    legal_basis text not null,
    constraint tax_return_days_order check (effective_to is null or effective_to > effective_from)
);
insert into tax_return_days (effective_from, day_of_month, legal_basis)
values ('2025-07-01', 20, 'Luật Quản lý thuế 108/2025/QH15; Nghị định 252/2026/NĐ-CP, Điều 10 và 45');

-- What was withheld, entry by entry, with the revenue it was withheld on: negative where goods came back. Revenue is what
-- the shop was to receive for the goods, from the buyer or from whoever bears a discount; shipping names no line.
create view tax_entries as
select entries.at,
       seller.id as seller_id,
       coalesce(orders.province_code, seller.province_code) as province_code,
       case
           when lines.tax_basis is null or transfers.kind not in ('sale', 'reversal') then 0
           when entries.debit = 'buyer_funds' or starts_with(entries.debit, 'voucher_expense:') then entries.amount_vnd
           when entries.credit = 'buyer_funds' or starts_with(entries.credit, 'voucher_expense:') then -entries.amount_vnd
           else 0
       end as revenue_vnd,
       case
           when starts_with(entries.credit, 'vat_withheld:') then entries.amount_vnd
           when starts_with(entries.debit, 'vat_withheld:') then -entries.amount_vnd
           else 0
       end as vat_vnd,
       case
           when starts_with(entries.credit, 'pit_withheld:') then entries.amount_vnd
           when starts_with(entries.debit, 'pit_withheld:') then -entries.amount_vnd
           else 0
       end as pit_vnd
  from ledger_entries as entries
  join ledger_transfers as transfers on transfers.id = entries.transfer_id
  left join order_lines as lines on lines.id = entries.order_line_id
  left join orders on orders.id = entries.order_id
  join sellers as seller on seller.id = coalesce(
       orders.seller_id,
       substring(entries.credit from '^(?:vat|pit)_withheld:(.*)$')::uuid,
       substring(entries.debit from '^(?:vat|pit)_withheld:(.*)$')::uuid)
 where lines.tax_basis is not null
    or entries.credit ~ '^(vat|pit)_withheld:'
    or entries.debit ~ '^(vat|pit)_withheld:';
