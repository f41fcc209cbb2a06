-- Bank transfers straight to the shop (slice payments::transfers): banks, the shops' own accounts, what banks report, what
-- fits nothing by itself, and the refunds a shop sends back.

-- Who can receive a VietQR transfer, by the bank identification number of NAPAS' list.
create table banks (
    bin text constraint banks_pk primary key constraint banks_bin check (bin ~ '^[0-9]{6}$'),
    code text not null constraint banks_code_key unique,
    short_name text not null,
    name_vi text not null,
    swift text,
    -- Since when it takes no transfers any more: merged or closed. Accounts of before keep pointing here.
    closed_on date
);
insert into banks (bin, code, short_name, name_vi, swift)
values ('422589', 'CIMB', 'CIMB Bank', 'Ngân hàng TNHH MTV CIMB Việt Nam', 'CIBBVNVN'),
       ('458761', 'HSBC', 'HSBC Vietnam', 'Ngân hàng TNHH MTV HSBC (Việt Nam)', 'HSBCVNVX'),
       ('546034', 'CAKE', 'CAKE by VPBank', 'Ngân hàng số CAKE by VPBank - Ngân hàng TMCP Việt Nam Thịnh Vượng', null),
       ('546035', 'UBANK', 'Ubank by VPBank', 'Ngân hàng số Ubank by VPBank - Ngân hàng TMCP Việt Nam Thịnh Vượng', null),
       ('668888', 'KBANK', 'Kasikornbank', 'Ngân hàng Đại chúng TNHH KASIKORNBANK - CN TP. Hồ Chí Minh', 'KASIVNVX'),
       ('796500', 'DBS', 'DBS Bank', 'NH TNHH MTV Phát triển Singapore - Chi nhánh TP. Hồ Chí Minh', 'DBSSVNVX'),
       ('801011', 'NONGHYUP', 'Nonghyup Bank', 'Ngân hàng Nonghyup - Chi nhánh Hà Nội', null),
       ('963369', 'LIOBANK', 'Liobank', 'Ngân hàng số Liobank - Ngân hàng TMCP Phương Đông', null),
       ('963388', 'TIMO', 'Timo', 'Ngân hàng số Timo by Bản Việt Bank', null),
       ('970400', 'SGB', 'SaigonBank', 'Ngân hàng TMCP Sài Gòn Công Thương', 'SBITVNVX'),
       ('970403', 'STB', 'Sacombank', 'Ngân hàng TMCP Sài Gòn Thương Tín', 'SGTTVNVX'),
       ('970405', 'AGRIBANK', 'Agribank', 'Ngân hàng Nông nghiệp và Phát triển Nông thôn Việt Nam', 'VBAAVNVX'),
       ('970406', 'VIKKI', 'Vikki Bank', 'Ngân hàng TNHH MTV Số Vikki', 'EACBVNVX'),
       ('970407', 'TCB', 'Techcombank', 'Ngân hàng TMCP Kỹ thương Việt Nam', 'VTCBVNVX'),
       ('970408', 'GPBANK', 'GPBank', 'Ngân hàng Thương mại TNHH MTV Dầu Khí Toàn Cầu', 'GBNKVNVX'),
       ('970409', 'BAB', 'BacA Bank', 'Ngân hàng TMCP Bắc Á', 'NASCVNVX'),
       ('970410', 'SC', 'Standard Chartered Vietnam', 'Ngân hàng TNHH MTV Standard Chartered Bank Việt Nam', 'SCBLVNVX'),
       ('970412', 'PVCOMBANK', 'PVcomBank', 'Ngân hàng TMCP Đại Chúng Việt Nam', 'WBVNVNVX'),
       ('970414', 'MBV', 'MBV', 'Ngân hàng TNHH MTV Việt Nam Hiện Đại', 'OCBKUS3M'),
       ('970415', 'CTG', 'VietinBank', 'Ngân hàng TMCP Công thương Việt Nam', 'ICBVVNVX'),
       ('970416', 'ACB', 'ACB', 'Ngân hàng TMCP Á Châu', 'ASCBVNVX'),
       ('970418', 'BID', 'BIDV', 'Ngân hàng TMCP Đầu tư và Phát triển Việt Nam', 'BIDVVNVX'),
       ('970419', 'NVB', 'NCB Bank', 'Ngân hàng TMCP Quốc Dân', 'NVBAVNVX'),
       ('970421', 'VRB', 'VietNgaBank', 'Ngân hàng Liên doanh Việt - Nga', null),
       ('970422', 'MBB', 'MB Bank', 'Ngân hàng TMCP Quân đội', 'MSCBVNVX'),
       ('970423', 'TPB', 'TPBank', 'Ngân hàng TMCP Tiên Phong', 'TPBVVNVX'),
       ('970424', 'SVB', 'Shinhan Bank', 'Ngân hàng TNHH MTV Shinhan Việt Nam', 'SHBKVNVX'),
       ('970425', 'ABB', 'AB Bank', 'Ngân hàng TMCP An Bình', 'ABBKVNVX'),
       ('970426', 'MSB', 'MSB', 'Ngân hàng TMCP Hàng Hải', 'MCOBVNVX'),
       ('970427', 'VAB', 'VietABank', 'Ngân hàng TMCP Việt Á', 'VNACVNVX'),
       ('970428', 'NAB', 'Nam A Bank', 'Ngân hàng TMCP Nam Á', 'NAMAVNVX'),
       ('970429', 'SCB', 'SCB', 'Ngân hàng TMCP Sài Gòn', 'SACLVNVX'),
       ('970430', 'PGB', 'PG Bank', 'Ngân hàng TMCP Xăng dầu Petrolimex', 'PGBLVNVX'),
       ('970431', 'EIB', 'Eximbank', 'Ngân hàng TMCP Xuất Nhập khẩu Việt Nam', 'EBVIVNVX'),
       ('970432', 'VPB', 'VPBank', 'Ngân hàng TMCP Việt Nam Thịnh Vượng', 'VPBKVNVX'),
       ('970433', 'VBB', 'VietBank', 'Ngân hàng TMCP Việt Nam Thương Tín', 'VNTTVNVX'),
       ('970434', 'IVB', 'Indovina Bank', 'Ngân hàng TNHH Indovina', null),
       ('970436', 'VCB', 'Vietcombank', 'Ngân hàng TMCP Ngoại Thương Việt Nam', 'BFTVVNVX'),
       ('970437', 'HDB', 'HDBank', 'Ngân hàng TMCP Phát triển TP. Hồ Chí Minh', 'HDBCVNVX'),
       ('970438', 'BAOVIETBANK', 'BaoViet Bank', 'Ngân hàng TMCP Bảo Việt', 'BVBVVNVX'),
       ('970439', 'PBVN', 'Public Bank Vietnam', 'Ngân hàng TNHH MTV Public Việt Nam', 'VIDPVNVX'),
       ('970440', 'SSB', 'SeABank', 'Ngân hàng TMCP Đông Nam Á', 'SEAVVNVX'),
       ('970441', 'VIB', 'VIB', 'Ngân hàng TMCP Quốc tế Việt Nam', 'VNIBVNVX'),
       ('970442', 'HLB', 'HongLeong Bank', 'Ngân hàng TNHH MTV Hong Leong Việt Nam', 'HLBBVNVX'),
       ('970443', 'SHB', 'SHB', 'Ngân hàng TMCP Sài Gòn - Hà Nội', 'SHBAVNVX'),
       ('970444', 'VNCB', 'CB Bank', 'Ngân hàng Thương mại TNHH MTV Xây dựng Việt Nam', 'GTBAVNVX'),
       ('970446', 'COOPBANK', 'Co-op Bank', 'Ngân hàng Hợp tác xã Việt Nam', null),
       ('970448', 'OCB', 'OCB Bank', 'Ngân hàng TMCP Phương Đông', 'ORCOVNVX'),
       ('970449', 'LPB', 'LPBank', 'Ngân hàng TMCP Lộc Phát Việt Nam', 'LVBKVNVX'),
       ('970452', 'KLB', 'KienlongBank', 'Ngân hàng TMCP Kiên Long', 'KLBKVNVX'),
       ('970454', 'BVB', 'BVBank', 'Ngân hàng TMCP Bản Việt', 'VCBCVNVX'),
       ('970455', 'IBKHN', 'IBK HN', 'Ngân hàng Công nghiệp Hàn Quốc - Chi nhánh Hà Nội', null),
       ('970456', 'IBKHCM', 'IBK HCM', 'Ngân hàng Công nghiệp Hàn Quốc - Chi nhánh TP. Hồ Chí Minh', null),
       ('970457', 'WRB', 'Woori Bank', 'Ngân hàng TNHH MTV Woori Việt Nam', null),
       ('970458', 'UOB', 'United Overseas Bank Vietnam', 'Ngân hàng United Overseas Bank Việt Nam', null),
       ('970462', 'KBHN', 'Kookmin Bank HN', 'Ngân hàng Kookmin - Chi nhánh Hà Nội', null),
       ('970463', 'KBHCM', 'Kookmin Bank HCM', 'Ngân hàng Kookmin - Chi nhánh TP. Hồ Chí Minh', null),
       ('971025', 'MOMO', 'MoMo', 'CTCP Dịch Vụ Di Động Trực Tuyến', null);

-- To which account buyers pay. Never changed: another account is another row.
create table bank_accounts (
    id uuid constraint bank_accounts_pk primary key,
    seller_id uuid not null constraint bank_accounts_seller_fk references sellers,
    bin text not null constraint bank_accounts_bank_fk references banks,
    number_sealed bytea not null,
    number_last text not null constraint bank_accounts_last check (char_length(number_last) = 4),
    -- Of bank and number, with our key: finds the shop a bank's notice is about.
    digest bytea not null constraint bank_accounts_digest check (octet_length(digest) = 32),
    holder text not null,
    set_by uuid not null constraint bank_accounts_set_by_fk references accounts,
    set_at timestamptz not null,
    -- A changed account waits, so that whoever steals a session cannot redirect money before the shop has noticed.
    effective_from timestamptz not null,
    constraint bank_accounts_order check (effective_from >= set_at)
);
create index bank_accounts_seller on bank_accounts (seller_id, effective_from);
create index bank_accounts_by_digest on bank_accounts (digest);
create trigger bank_accounts_append_only before update or delete on bank_accounts
    for each statement execute function refuse_change();

-- Changes that were taken back, or replaced by another, before they took effect.
create table bank_account_withdrawals (
    bank_account_id uuid constraint bank_account_withdrawals_pk primary key
        constraint bank_account_withdrawals_account_fk references bank_accounts,
    by uuid not null constraint bank_account_withdrawals_by_fk references accounts,
    at timestamptz not null
);
create trigger bank_account_withdrawals_append_only before update or delete on bank_account_withdrawals
    for each statement execute function refuse_change();

insert into deadlines (kind, effective_from, hours, legal_basis)
values ('bank_account.change', '2026-07-01', 24, 'Quy chế sàn (tài khoản nhận tiền mới có hiệu lực sau một ngày)');

-- How one order is paid by transfer: the account is frozen at placement.
create table bank_transfers (
    order_id uuid constraint bank_transfers_pk primary key constraint bank_transfers_order_fk references orders,
    payment_id uuid not null constraint bank_transfers_payment_key unique
        constraint bank_transfers_payment_fk references payments,
    bank_account_id uuid not null constraint bank_transfers_account_fk references bank_accounts,
    -- When the buyer said to have paid: once.
    claimed_at timestamptz,
    -- When money came that does not fit, for which the order waits longer: once.
    misfit_at timestamptz
);
create index bank_transfers_account on bank_transfers (bank_account_id);

-- What banks report, and what it meant; as it came it stands in webhooks.
create table bank_notices (
    id uuid constraint bank_notices_pk primary key,
    account_digest bytea not null,
    transaction_id text not null,
    -- None: no shop has such an account.
    seller_id uuid constraint bank_notices_seller_fk references sellers,
    -- The order whose reference stands in the words.
    order_id uuid constraint bank_notices_order_fk references orders,
    amount_vnd bigint not null constraint bank_notices_amount check (amount_vnd > 0),
    booked_at timestamptz not null,
    webhook_id uuid not null constraint bank_notices_webhook_fk references webhooks,
    -- captured: it paid the order; confirmed: the shop had said so before; review: a person must look; stray: no shop's.
    outcome text not null constraint bank_notices_outcome check (outcome in ('captured', 'confirmed', 'review', 'stray')),
    received_at timestamptz not null,
    constraint bank_notices_once unique (account_digest, transaction_id),
    constraint bank_notices_stray check ((outcome = 'stray') = (seller_id is null)),
    constraint bank_notices_of_order check (outcome not in ('captured', 'confirmed') or order_id is not null)
);
create index bank_notices_order on bank_notices (order_id);
-- Messages nobody signed are deleted every night, and looked for here.
create index bank_notices_webhook on bank_notices (webhook_id);
create trigger bank_notices_append_only before update or delete on bank_notices
    for each statement execute function refuse_change();

-- That the shop has an order's money: by a notice, by its own word, or put together from its review list.
create table transfer_receipts (
    order_id uuid constraint transfer_receipts_pk primary key
        constraint transfer_receipts_order_fk references bank_transfers,
    source text not null constraint transfer_receipts_source check (source in ('notice', 'shop', 'review')),
    amount_vnd bigint not null constraint transfer_receipts_amount check (amount_vnd > 0),
    bank_reference text not null constraint transfer_receipts_reference_length
        check (char_length(bank_reference) between 1 and 100),
    by uuid constraint transfer_receipts_by_fk references accounts,
    at timestamptz not null,
    constraint transfer_receipts_by check ((source = 'notice') = (by is null))
);
create index transfer_receipts_reference on transfer_receipts (bank_reference);
create trigger transfer_receipts_append_only before update or delete on transfer_receipts
    for each statement execute function refuse_change();

-- Money a shop received that fits no order by itself, until a person says what becomes of it.
create table transfer_exceptions (
    id uuid constraint transfer_exceptions_pk primary key,
    seller_id uuid not null constraint transfer_exceptions_seller_fk references sellers,
    -- over, under: not what was to be paid; late: nothing was to be paid any more; again: it was paid before;
    -- unknown: no reference; excess: what an assignment left over.
    kind text not null constraint transfer_exceptions_kind
        check (kind in ('over', 'under', 'late', 'again', 'unknown', 'excess')),
    amount_vnd bigint not null constraint transfer_exceptions_amount check (amount_vnd > 0),
    bank_reference text not null constraint transfer_exceptions_reference_length
        check (char_length(bank_reference) between 1 and 100),
    -- The bank's words; none where the shop reported it.
    content text,
    -- The order it names, and what was to be paid for it.
    order_id uuid constraint transfer_exceptions_order_fk references orders,
    notice_id uuid constraint transfer_exceptions_notice_key unique
        constraint transfer_exceptions_notice_fk references bank_notices,
    reported_by uuid constraint transfer_exceptions_reported_by_fk references accounts,
    excess_of uuid constraint transfer_exceptions_excess_key unique
        constraint transfer_exceptions_excess_fk references transfer_exceptions,
    opened_at timestamptz not null,
    resolution text constraint transfer_exceptions_resolution 
        check (resolution in ('assigned', 'returned', 'other', 'superseded')),
    assigned_to uuid constraint transfer_exceptions_assigned_fk references orders,
    returned_reference text,
    returned_on date,
    proof_id uuid constraint transfer_exceptions_proof_fk references media,
    words text constraint transfer_exceptions_words_length check (char_length(words) between 1 and 1000),
    resolved_by uuid constraint transfer_exceptions_resolved_by_fk references accounts,
    resolved_at timestamptz,
    constraint transfer_exceptions_source check (num_nonnulls(notice_id, reported_by, excess_of) = 1),
    constraint transfer_exceptions_excess check ((kind = 'excess') = (excess_of is not null)),
    constraint transfer_exceptions_resolved check (
        (resolution is null) = (resolved_at is null)
        -- What the bank knows better nobody has decided.
        and (coalesce(resolution, 'superseded') = 'superseded') = (resolved_by is null)),
    constraint transfer_exceptions_assigned check ((resolution is not distinct from 'assigned') = (assigned_to is not null)),
    constraint transfer_exceptions_returned check (
        (resolution is not distinct from 'returned') = (returned_reference is not null)
        and (returned_reference is null) = (returned_on is null)),
    constraint transfer_exceptions_other check (resolution is distinct from 'other' or words is not null)
);
-- A shop reports one transaction for an order once.
create unique index transfer_exceptions_reported on transfer_exceptions (seller_id, order_id, bank_reference)
    where reported_by is not null;
-- Whether a transaction waits already, whoever reported it.
create index transfer_exceptions_reference on transfer_exceptions (seller_id, bank_reference);
create index transfer_exceptions_list on transfer_exceptions (seller_id, id desc);

-- Where a buyer wants money back to; read in full only by the shop that has to send some.
create table refund_accounts (
    order_id uuid constraint refund_accounts_pk primary key constraint refund_accounts_order_fk references orders,
    bin text not null constraint refund_accounts_bank_fk references banks,
    number_sealed bytea not null,
    number_last text not null constraint refund_accounts_last check (char_length(number_last) = 4),
    holder text not null,
    set_at timestamptz not null
);

-- How a shop shows that it sent a refund.
create table refund_proofs (
    refund_id uuid constraint refund_proofs_pk primary key constraint refund_proofs_refund_fk references refunds,
    bank_reference text not null constraint refund_proofs_reference_length
        check (char_length(bank_reference) between 1 and 100),
    sent_on date not null,
    proof_id uuid constraint refund_proofs_proof_fk references media,
    by uuid not null constraint refund_proofs_by_fk references accounts,
    at timestamptz not null
);
create trigger refund_proofs_append_only before update or delete on refund_proofs
    for each statement execute function refuse_change();
