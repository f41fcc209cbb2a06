-- Vouchers (slice vouchers): discounts, who bears them, how often and how far they go, and what was taken off with them.

create table vouchers (
    id uuid constraint vouchers_pk primary key,
    -- As printed, and as compared: without case, tones and what stands between letters and digits.
    code text not null,
    code_key text not null constraint vouchers_code_key unique
        constraint vouchers_code_shape check (code_key ~ '^[a-z0-9]{3,30}$'),
    title_vi text not null,
    title_en text,
    -- Who promises it: the marketplace, a province with a programme, or a shop.
    issuer text not null constraint vouchers_issuer check (issuer in ('platform', 'province', 'shop')),
    province_code text constraint vouchers_province_fk references provinces,
    seller_id uuid constraint vouchers_seller_fk references sellers,
    -- Who bears it, in basis points; the shop is whoever sells the goods.
    platform_bps integer not null,
    province_bps integer not null,
    seller_bps integer not null,
    -- A share of the goods and no more than the cap, or an amount.
    rate_bps integer constraint vouchers_rate check (rate_bps between 1 and 10000),
    cap_vnd bigint constraint vouchers_cap check (cap_vnd > 0),
    amount_vnd bigint constraint vouchers_amount check (amount_vnd > 0),
    -- The goods it applies to must cost this much before any discount.
    minimum_vnd bigint not null constraint vouchers_minimum check (minimum_vnd >= 0),
    -- Only to goods of these shops, sets, provinces; empty: of any.
    for_sellers uuid[] not null,
    for_sets smallint[] not null,
    for_provinces text[] not null,
    -- Inclusive days in Viet Nam.
    valid_from date not null,
    valid_to date not null,
    -- Checkouts in all, of one buyer, with goods of one shop; what the issuer spends in all.
    limit_total integer constraint vouchers_limit_total check (limit_total > 0),
    limit_per_buyer integer constraint vouchers_limit_per_buyer check (limit_per_buyer > 0),
    limit_per_shop integer constraint vouchers_limit_per_shop check (limit_per_shop > 0),
    budget_vnd bigint constraint vouchers_budget_positive check (budget_vnd > 0),
    uses integer not null default 0,
    spent_vnd bigint not null default 0,
    created_by uuid not null constraint vouchers_created_by_fk references accounts,
    created_at timestamptz not null,
    ended_at timestamptz,
    constraint vouchers_whose check ((issuer = 'province') = (province_code is not null)
                                     and (issuer = 'shop') = (seller_id is not null)),
    constraint vouchers_bearers check (least(platform_bps, province_bps, seller_bps) >= 0
                                       and platform_bps + province_bps + seller_bps = 10000
                                       and (issuer <> 'shop' or seller_bps = 10000)
                                       and (issuer <> 'platform' or (platform_bps > 0 and province_bps = 0))
                                       and (issuer <> 'province' or province_bps > 0)),
    constraint vouchers_kind check ((rate_bps is null) = (cap_vnd is null) and (rate_bps is null) <> (amount_vnd is null)),
    constraint vouchers_days check (valid_to >= valid_from),
    constraint vouchers_programme_budget check (issuer <> 'province' or budget_vnd is not null),
    -- What no race can pass.
    constraint vouchers_within_total check (uses >= 0 and uses <= limit_total),
    constraint vouchers_within_budget check (spent_vnd >= 0 and spent_vnd <= budget_vnd)
);
create index vouchers_shop on vouchers (seller_id, id desc) where seller_id is not null;
create index vouchers_province on vouchers (province_code, id desc) where province_code is not null;
-- A promise is not changed: it is counted, and ended.
create trigger vouchers_promise_kept
    before update of id, code, code_key, issuer, province_code, seller_id, platform_bps, province_bps, seller_bps,
                     rate_bps, cap_vnd, amount_vnd, minimum_vnd, for_sellers, for_sets, for_provinces, valid_from,
                     valid_to, limit_total, limit_per_buyer, limit_per_shop, budget_vnd
    on vouchers
    for each statement execute function refuse_change();

-- The shops that agreed to bear their share of somebody else's voucher; it applies to no other shop's goods.
create table voucher_participants (
    voucher_id uuid not null constraint voucher_participants_voucher_fk references vouchers,
    seller_id uuid not null constraint voucher_participants_seller_fk references sellers,
    account_id uuid not null constraint voucher_participants_account_fk references accounts,
    agreed_at timestamptz not null,
    constraint voucher_participants_pk primary key (voucher_id, seller_id)
);

-- How often one buyer used it, and how often it took something off one shop's goods. Limits never change, so each row
-- carries its own.
create table voucher_buyers (
    voucher_id uuid not null constraint voucher_buyers_voucher_fk references vouchers,
    account_id uuid not null constraint voucher_buyers_account_fk references accounts,
    uses integer not null,
    most integer,
    constraint voucher_buyers_pk primary key (voucher_id, account_id),
    constraint voucher_buyers_within check (uses >= 0 and uses <= most)
);
create table voucher_shops (
    voucher_id uuid not null constraint voucher_shops_voucher_fk references vouchers,
    seller_id uuid not null constraint voucher_shops_seller_fk references sellers,
    uses integer not null,
    most integer,
    constraint voucher_shops_pk primary key (voucher_id, seller_id),
    constraint voucher_shops_within check (uses >= 0 and uses <= most)
);

-- One checkout is one use.
create table voucher_redemptions (
    id uuid constraint voucher_redemptions_pk primary key,
    voucher_id uuid not null constraint voucher_redemptions_voucher_fk references vouchers,
    checkout_id uuid not null constraint voucher_redemptions_checkout_fk references checkouts,
    account_id uuid not null constraint voucher_redemptions_account_fk references accounts,
    at timestamptz not null,
    -- Every order it took something off was cancelled before it was paid: the use is given back.
    released_at timestamptz,
    constraint voucher_redemptions_once unique (voucher_id, checkout_id)
);
-- What it took off each order of the checkout, and what of that is the issuer's money.
create table voucher_redemption_parts (
    redemption_id uuid not null constraint voucher_redemption_parts_redemption_fk references voucher_redemptions,
    order_id uuid not null constraint voucher_redemption_parts_order_fk references orders,
    seller_id uuid not null constraint voucher_redemption_parts_seller_fk references sellers,
    discount_vnd bigint not null constraint voucher_redemption_parts_discount check (discount_vnd > 0),
    spent_vnd bigint not null,
    released_at timestamptz,
    constraint voucher_redemption_parts_pk primary key (redemption_id, order_id),
    constraint voucher_redemption_parts_spent check (spent_vnd between 0 and discount_vnd)
);
create index voucher_redemption_parts_order on voucher_redemption_parts (order_id);

-- What a quote took off its lines, by voucher (slice checkouts).
create table checkout_discounts (
    checkout_id uuid not null,
    variant_id uuid not null,
    voucher_id uuid not null constraint checkout_discounts_voucher_fk references vouchers,
    by_platform_vnd bigint not null,
    by_province_vnd bigint not null,
    by_seller_vnd bigint not null,
    constraint checkout_discounts_pk primary key (checkout_id, variant_id, voucher_id),
    constraint checkout_discounts_line_fk foreign key (checkout_id, variant_id) references checkout_lines on delete cascade,
    constraint checkout_discounts_parts check (least(by_platform_vnd, by_province_vnd, by_seller_vnd) >= 0
                                               and by_platform_vnd + by_province_vnd + by_seller_vnd > 0)
);

alter table checkouts
    add column discount_vnd bigint not null default 0,
    drop constraint checkouts_total,
    add constraint checkouts_total check (total_vnd = goods_vnd - discount_vnd + shipping_vnd and goods_vnd >= 0
                                          and shipping_vnd >= 0 and discount_vnd between 0 and goods_vnd);
