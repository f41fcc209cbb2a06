-- Shipping: what it costs and how long it takes, parcels on their way, and the cash carriers bring back.

-- Flat rates by how far the parcel goes and what it weighs; the lightest row that bears the weight decides.
create table shipping_rates (
    id integer constraint shipping_rates_pk primary key,
    scope text not null constraint shipping_rates_scope check (scope in ('same_province', 'same_region', 'other_region')),
    up_to_grams integer not null,
    price_vnd bigint not null constraint shipping_rates_price check (price_vnd >= 0),
    days_min smallint not null,
    days_max smallint not null,
    effective_from date not null,
    effective_to date,
    legal_basis text not null
);
insert into shipping_rates (id, scope, up_to_grams, price_vnd, days_min, days_max, effective_from, legal_basis)
values (1, 'same_province', 2000, 20000, 1, 3, '2026-07-01', 'Biểu phí của sàn'),
       (2, 'same_province', 10000, 35000, 1, 3, '2026-07-01', 'Biểu phí của sàn'),
       (3, 'same_province', 50000, 90000, 1, 4, '2026-07-01', 'Biểu phí của sàn'),
       (4, 'same_region', 2000, 28000, 2, 4, '2026-07-01', 'Biểu phí của sàn'),
       (5, 'same_region', 10000, 48000, 2, 4, '2026-07-01', 'Biểu phí của sàn'),
       (6, 'same_region', 50000, 130000, 2, 5, '2026-07-01', 'Biểu phí của sàn'),
       (7, 'other_region', 2000, 35000, 3, 6, '2026-07-01', 'Biểu phí của sàn'),
       (8, 'other_region', 10000, 65000, 3, 6, '2026-07-01', 'Biểu phí của sàn'),
       (9, 'other_region', 50000, 190000, 3, 8, '2026-07-01', 'Biểu phí của sàn');

-- What a carrier takes. `tariff` stands for the rates above, whichever carrier the shop will choose.
create table carrier_rules (
    id integer constraint carrier_rules_pk primary key,
    carrier text not null constraint carrier_rules_carrier check (carrier in ('tariff', 'ghn')),
    -- Cubic centimetres that count as a kilogram; numerically, cubic millimetres that count as a gram.
    divisor integer not null constraint carrier_rules_divisor check (divisor > 0),
    most_grams integer not null constraint carrier_rules_grams check (most_grams > 0),
    most_side_mm integer not null constraint carrier_rules_side check (most_side_mm > 0),
    -- Parcels one order may go in; 1 where the carrier lets none be split.
    most_parcels smallint not null constraint carrier_rules_parcels check (most_parcels > 0),
    -- Cash it collects with one parcel, and what it insures one for.
    most_cod_vnd bigint not null,
    most_insured_vnd bigint not null,
    effective_from date not null,
    effective_to date,
    legal_basis text not null
);
insert into carrier_rules (id, carrier, divisor, most_grams, most_side_mm, most_parcels, most_cod_vnd, most_insured_vnd,
                           effective_from, legal_basis)
values (1, 'tariff', 6000, 50000, 2000, 10, 50000000, 5000000, '2026-07-01', 'Biểu phí của sàn'),
       (2, 'ghn', 6000, 50000, 2000, 10, 50000000, 5000000, '2026-07-01', 'Điều kiện vận chuyển của GHN (tạm tính)');

-- Communes that are hard to reach. The platform's own list, provisional: the thirteen special zones (all islands), and
-- communes of former districts far up in the mountains. The codes have no foreign key: communes are loaded after the
-- migrations, and one a later list abolishes stays in the rows of its time.
create table remote_communes (
    commune_code text not null constraint remote_communes_code check (commune_code ~ '^[0-9]{5}$'),
    kind text not null constraint remote_communes_kind check (kind in ('island', 'highland')),
    effective_from date not null,
    effective_to date,
    legal_basis text not null,
    constraint remote_communes_pk primary key (commune_code, effective_from)
);
-- What each parcel to one of them costs more, and how much longer it takes.
create table remote_surcharges (
    id integer constraint remote_surcharges_pk primary key,
    kind text not null constraint remote_surcharges_kind check (kind in ('island', 'highland')),
    price_vnd bigint not null constraint remote_surcharges_price check (price_vnd >= 0),
    extra_days smallint not null constraint remote_surcharges_days check (extra_days >= 0),
    effective_from date not null,
    effective_to date,
    legal_basis text not null
);
insert into remote_surcharges (id, kind, price_vnd, extra_days, effective_from, legal_basis)
values (1, 'island', 25000, 3, '2026-07-01', 'Biểu phí của sàn (tạm tính)'),
       (2, 'highland', 12000, 2, '2026-07-01', 'Biểu phí của sàn (tạm tính)');
insert into remote_communes (commune_code, kind, effective_from, legal_basis)
select code, 'island', '2026-07-01', 'Biểu phí của sàn (13 đặc khu)'
  from unnest(array[
               '06994', '07192', '11914', '11948', '19742', '20333', '21548', '22736', '23272', '26732', '31078',
               '31105', '31108']) as code;
insert into remote_communes (commune_code, kind, effective_from, legal_basis)
select code, 'highland', '2026-07-01', 'Biểu phí của sàn (tạm tính: huyện Mường Tè (Lai Châu) cũ)'
  from unnest(array[
               '03433', '03439', '03442', '03445', '03451', '03460', '03463', '03466']) as code;
insert into remote_communes (commune_code, kind, effective_from, legal_basis)
select code, 'highland', '2026-07-01', 'Biểu phí của sàn (tạm tính: huyện Nậm Nhùn (Lai Châu) cũ)'
  from unnest(array[
               '03434', '03472', '03487', '03503']) as code;
insert into remote_communes (commune_code, kind, effective_from, legal_basis)
select code, 'highland', '2026-07-01', 'Biểu phí của sàn (tạm tính: huyện Mường Nhé (Điện Biên) cũ)'
  from unnest(array[
               '03158', '03160', '03162', '03163', '03164']) as code;
insert into remote_communes (commune_code, kind, effective_from, legal_basis)
select code, 'highland', '2026-07-01', 'Biểu phí của sàn (tạm tính: huyện Nậm Pồ (Điện Biên) cũ)'
  from unnest(array[
               '03166', '03169', '03175', '03176', '03199']) as code;
insert into remote_communes (commune_code, kind, effective_from, legal_basis)
select code, 'highland', '2026-07-01', 'Biểu phí của sàn (tạm tính: huyện Đồng Văn (Hà Giang) cũ)'
  from unnest(array[
               '00715', '00721', '00733', '00745', '00763']) as code;
insert into remote_communes (commune_code, kind, effective_from, legal_basis)
select code, 'highland', '2026-07-01', 'Biểu phí của sàn (tạm tính: huyện Mèo Vạc (Hà Giang) cũ)'
  from unnest(array[
               '00769', '00778', '00787', '00802', '00808', '00817']) as code;
insert into remote_communes (commune_code, kind, effective_from, legal_basis)
select code, 'highland', '2026-07-01', 'Biểu phí của sàn (tạm tính: huyện Bảo Lạc (Cao Bằng) cũ)'
  from unnest(array[
               '01321', '01324', '01327', '01336', '01339', '01351', '01354', '01360']) as code;
insert into remote_communes (commune_code, kind, effective_from, legal_basis)
select code, 'highland', '2026-07-01', 'Biểu phí của sàn (tạm tính: huyện Mường Lát (Thanh Hóa) cũ)'
  from unnest(array[
               '14845', '14848', '14854', '14857', '14860', '14863', '14864', '14866']) as code;
insert into remote_communes (commune_code, kind, effective_from, legal_basis)
select code, 'highland', '2026-07-01', 'Biểu phí của sàn (tạm tính: huyện Kỳ Sơn (Nghệ An) cũ)'
  from unnest(array[
               '16813', '16816', '16819', '16822', '16828', '16831', '16834', '16837', '16849', '16855', '16858',
               '16870']) as code;
insert into remote_communes (commune_code, kind, effective_from, legal_basis)
select code, 'highland', '2026-07-01', 'Biểu phí của sàn (tạm tính: huyện Nam Trà My (Quảng Nam) cũ)'
  from unnest(array[
               '20938', '20941', '20944', '20950', '20959']) as code;
insert into remote_communes (commune_code, kind, effective_from, legal_basis)
select code, 'highland', '2026-07-01', 'Biểu phí của sàn (tạm tính: huyện Tây Giang (Quảng Nam) cũ)'
  from unnest(array[
               '20443', '20455', '20458']) as code;
insert into remote_communes (commune_code, kind, effective_from, legal_basis)
select code, 'highland', '2026-07-01', 'Biểu phí của sàn (tạm tính: huyện Tu Mơ Rông (Kon Tum) cũ)'
  from unnest(array[
               '23416', '23419', '23425', '23446']) as code;

-- What a shop promises.
create table shipping_terms (
    seller_id uuid constraint shipping_terms_pk primary key constraint shipping_terms_seller_fk references sellers,
    -- From goods of this worth on the shop bears the shipping; never, if null.
    free_from_vnd bigint constraint shipping_terms_free check (free_from_vnd >= 0),
    handling_days smallint not null constraint shipping_terms_handling check (handling_days between 0 and 15),
    changed_at timestamptz not null
);

-- An order goes in one parcel or several. A row of GHN's is written before GHN is asked: its id is the key there, so that
-- asking again after a crash makes no second parcel.
create table parcels (
    id uuid constraint parcels_pk primary key,
    order_id uuid not null constraint parcels_order_fk references orders,
    seller_id uuid not null constraint parcels_seller_fk references sellers,
    service text not null constraint parcels_service check (service in ('manual', 'ghn')),
    carrier text not null,
    -- The same in plain letters, as the books know it.
    carrier_slug text not null constraint parcels_carrier_slug check (carrier_slug ~ '^[a-z0-9]+$'),
    tracking_code text,
    status text not null constraint parcels_status
        check (status in ('booking', 'booked', 'in_transit', 'delivered', 'returning', 'returned', 'lost', 'damaged',
                          'cancelled')),
    grams integer constraint parcels_grams check (grams > 0),
    length_mm integer,
    width_mm integer,
    height_mm integer,
    -- What the carrier collects; 0 where the order is paid otherwise, or with another parcel.
    cod_vnd bigint not null default 0 constraint parcels_cod check (cod_vnd >= 0),
    -- What the buyer may do before they pay.
    inspection text constraint parcels_inspection check (inspection in ('none', 'look', 'try')),
    expected_at timestamptz,
    -- Why the carrier did not take it, in its own words.
    refusal text,
    created_at timestamptz not null,
    shipped_at timestamptz,
    delivered_at timestamptz,
    -- When it came to an end that is no delivery.
    ended_at timestamptz,
    -- When the shop asked it back before the carrier had fetched it.
    recalled_at timestamptz,
    -- Lost or broken: since when the shop has a claim against the carrier.
    claim_since timestamptz,
    -- When both sides were told that it came back while the rest of its order did not.
    told_back_at timestamptz,
    -- When its carrier took the order's cash: of an order's parcels, one.
    collected_at timestamptz,
    remitted_at timestamptz,
    constraint parcels_named check (tracking_code is not null or status in ('booking', 'cancelled')),
    constraint parcels_measured check (service = 'manual' or num_nonnulls(grams, length_mm, width_mm, height_mm) = 4),
    constraint parcels_delivered check ((status = 'delivered') = (delivered_at is not null)),
    constraint parcels_collected check (collected_at is null or cod_vnd > 0),
    constraint parcels_remitted check (remitted_at is null or collected_at is not null)
);
-- A code is one shop's own: nobody takes another's away, or learns that it is in use.
create unique index parcels_tracking on parcels (seller_id, carrier_slug, tracking_code);
create index parcels_order on parcels (order_id);
create unique index parcels_collecting on parcels (order_id) where collected_at is not null;
create index parcels_under_way on parcels (service) where status in ('booked', 'in_transit', 'returning');
create index parcels_ghn on parcels (tracking_code) where service = 'ghn';

-- What a carrier has to bring.
create index parcels_cash on parcels (seller_id, id) where collected_at is not null and remitted_at is null;

create table parcel_lines (
    parcel_id uuid not null constraint parcel_lines_parcel_fk references parcels,
    order_line_id uuid not null constraint parcel_lines_line_fk references order_lines,
    quantity integer not null constraint parcel_lines_quantity check (quantity > 0),
    constraint parcel_lines_pk primary key (parcel_id, order_line_id)
);
create index parcel_lines_line on parcel_lines (order_line_id);

-- Where a parcel has been, in the order we learnt of it; `at` is the carrier's own time.
create table parcel_events (
    parcel_id uuid not null constraint parcel_events_parcel_fk references parcels,
    seq integer not null,
    -- The carrier's word, or ours where people record it.
    said text not null,
    -- What it made of the parcel; null where it came too late to change anything, or changes nothing.
    status text,
    note text,
    at timestamptz not null,
    message_id uuid constraint parcel_events_message_fk references webhooks,
    heard_at timestamptz not null,
    constraint parcel_events_pk primary key (parcel_id, seq)
);
-- Messages nobody signed are deleted every night, and looked for here.
create index parcel_events_message on parcel_events (message_id) where message_id is not null;

insert into deadlines (kind, effective_from, hours, legal_basis)
values ('parcel.silence', '2026-07-01', 24, 'Quy chế sàn (hỏi lại đơn vị vận chuyển khi không có tin)');

-- A carrier's list of collected cash it has paid out to the shop.
create table remittances (
    id uuid constraint remittances_pk primary key,
    seller_id uuid not null constraint remittances_seller_fk references sellers,
    carrier text not null,
    paid_on date not null,
    digest bytea not null,
    account_id uuid not null constraint remittances_account_fk references accounts,
    created_at timestamptz not null,
    constraint remittances_file unique (seller_id, digest)
);
create table remittance_rows (
    -- What a fee is posted under.
    id uuid not null constraint remittance_rows_key unique,
    remittance_id uuid not null constraint remittance_rows_remittance_fk references remittances,
    row_number integer not null,
    -- Addresses of the two cells that can differ.
    code_at text not null,
    amount_at text not null,
    tracking_code text not null,
    amount_vnd bigint not null constraint remittance_rows_amount check (amount_vnd >= 0),
    fee_vnd bigint constraint remittance_rows_fee check (fee_vnd >= 0),
    outcome text not null constraint remittance_rows_outcome
        check (outcome in ('remitted', 'unknown_code', 'amount_differs', 'not_delivered', 'order_under_way',
                           'remitted_before', 'no_cash', 'fee_only', 'fee_before', 'settled')),
    -- What the parcel was to bring, where it is known.
    expected_vnd bigint,
    parcel_id uuid constraint remittance_rows_parcel_fk references parcels,
    constraint remittance_rows_pk primary key (remittance_id, row_number)
);
-- A parcel's cash comes once.
create unique index remittance_rows_once on remittance_rows (parcel_id) where outcome = 'remitted';
create index remittance_rows_parcel on remittance_rows (parcel_id);
create index remittances_seller on remittances (seller_id, id desc);

-- What the shop got of a parcel's cash, where no list says it: from a driver, or less than was collected.
-- What was said last counts.
create table cash_receipts (
    id uuid constraint cash_receipts_pk primary key,
    parcel_id uuid not null constraint cash_receipts_parcel_fk references parcels,
    seq integer not null,
    received_vnd bigint not null constraint cash_receipts_received check (received_vnd >= 0),
    fee_vnd bigint not null constraint cash_receipts_fee check (fee_vnd >= 0),
    -- Why the two are not what was collected.
    words text constraint cash_receipts_words_length check (char_length(words) between 3 and 1000),
    by uuid not null constraint cash_receipts_by_fk references accounts,
    at timestamptz not null,
    constraint cash_receipts_order unique (parcel_id, seq)
);
create trigger cash_receipts_append_only before update or delete on cash_receipts
    for each statement execute function refuse_change();
