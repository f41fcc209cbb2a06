-- Shops and who stands behind them (slice sellers).

create table sellers (
    id uuid constraint sellers_pk primary key,
    slug text not null constraint sellers_slug_key unique,
    kind text not null constraint sellers_kind
        check (kind in ('cooperative', 'cooperative_group', 'household', 'enterprise', 'farm')),
    status text not null default 'draft' constraint sellers_status
        check (status in ('draft', 'submitted', 'approved', 'changes_requested', 'rejected', 'suspended', 'closed')),
    -- The shop's name, and the name in the register.
    name text not null constraint sellers_name_length check (char_length(name) between 3 and 120),
    legal_name text,
    representative text,
    -- Organisations: tax code = business code. Households and individuals: 12-digit ID, sealed, with its last digits.
    tax_code text constraint sellers_tax_code check (tax_code ~ '^[0-9]{10}(-[0-9]{3})?$'),
    personal_id_sealed bytea,
    personal_id_last text,
    phone text,
    email text,
    -- Whether phone and e-mail stand on the public page; a household's only if it says so.
    public_contact boolean not null,
    province_code text not null constraint sellers_province_fk references provinces,
    commune_code text not null,
    legacy_province_code text not null constraint sellers_legacy_province_fk references legacy_provinces,
    street text,
    about_vi text,
    about_en text,
    -- Folded name and legal name, kept by the app for searching without accents.
    search_text text not null,
    -- Season or Tết: visible, not buyable; inclusive days.
    closed_from date,
    closed_to date,
    demo boolean not null default false,
    version bigint not null default 1,
    -- The version the last verdict left behind: a later one was changed since.
    decided_version bigint,
    created_at timestamptz not null,
    submitted_at timestamptz,
    approved_at timestamptz,
    constraint sellers_commune_fk foreign key (commune_code, province_code) references communes (code, province_code),
    constraint sellers_personal_id check (
        (personal_id_sealed is null) = (personal_id_last is null)
        and (kind = 'household' or personal_id_sealed is null)),
    constraint sellers_household_identifier check (kind <> 'household' or (tax_code is null and representative is null)),
    constraint sellers_closed_order check (closed_to is null or (closed_from is not null and closed_to >= closed_from)),
    constraint sellers_approved check (status not in ('approved', 'suspended') or approved_at is not null)
);
create index sellers_public on sellers (slug) where status = 'approved';
-- Imports of decisions find their shops by it.
create index sellers_by_tax_code on sellers (tax_code) where tax_code is not null;
create index sellers_public_place on sellers (province_code, slug) where status = 'approved';
create index sellers_desk on sellers (province_code, id);
alter table members add constraint members_seller_fk foreign key (seller_id) references sellers;
alter table media add constraint media_seller_fk foreign key (seller_id) references sellers;
alter table cases add constraint cases_seller_fk foreign key (seller_id) references sellers;

create table seller_papers (
    id uuid constraint seller_papers_pk primary key,
    seller_id uuid not null constraint seller_papers_seller_fk references sellers,
    kind text not null constraint seller_papers_kind
        check (kind in ('business_registration', 'personal_id', 'food_safety_certificate', 'food_safety_commitment',
                        'alcohol_licence', 'growing_area_code', 'gi_right', 'organic_certificate',
                        'product_declaration', 'other')),
    -- A personal ID card has the number kept sealed in sellers; it is not written here a second time.
    number text,
    issued_by text not null,
    issued_on date not null,
    expires_on date,
    media_id uuid not null constraint seller_papers_media_fk references media,
    created_at timestamptz not null,
    constraint seller_papers_number check ((kind = 'personal_id') = (number is null)),
    constraint seller_papers_order check (expires_on is null or expires_on >= issued_on)
);
create index seller_papers_seller on seller_papers (seller_id, kind);

-- Which papers a kind of seller must show before it can open; any one of `any_of` satisfies the rule.
create table paper_rules (
    id integer constraint paper_rules_pk primary key,
    seller_kind text not null,
    any_of text[] not null,
    effective_from date not null,
    effective_to date,
    legal_basis text not null
);

insert into paper_rules (id, seller_kind, any_of, effective_from, legal_basis)
values (1, 'cooperative', '{business_registration}', '2026-07-01', 'Nghị định 248/2026/NĐ-CP, Điều 18; Quyết định 26/2026/QĐ-TTg, Điều 1'),
       (2, 'cooperative_group', '{business_registration}', '2026-07-01', 'Nghị định 248/2026/NĐ-CP, Điều 18; Quyết định 26/2026/QĐ-TTg, Điều 1'),
       (3, 'enterprise', '{business_registration}', '2026-07-01', 'Nghị định 248/2026/NĐ-CP, Điều 18; Quyết định 26/2026/QĐ-TTg, Điều 1'),
       (4, 'farm', '{business_registration}', '2026-07-01', 'Nghị định 248/2026/NĐ-CP, Điều 18; Quyết định 26/2026/QĐ-TTg, Điều 1'),
       (5, 'household', '{business_registration}', '2026-07-01', 'Quyết định 26/2026/QĐ-TTg, Điều 1 (hộ có đăng ký kinh doanh)'),
       (6, 'household', '{personal_id}', '2026-07-01', 'Nghị định 248/2026/NĐ-CP, Điều 18');

-- From which day on nobody sells without something on record: a law adds a row.
create table selling_rules (
    kind text not null constraint selling_rules_kind check (kind in ('e_authentication')),
    effective_from date not null,
    effective_to date,
    -- So many days before it binds, a shop that lacks it is written to.
    notice_days smallint[] not null,
    legal_basis text not null,
    constraint selling_rules_pk primary key (kind, effective_from),
    constraint selling_rules_order check (effective_to is null or effective_to > effective_from)
);

insert into selling_rules (kind, effective_from, notice_days, legal_basis)
values ('e_authentication', '2027-01-01', '{60,30,7}',
        'Luật 122/2025/QH15, Điều 17; Nghị định 248/2026/NĐ-CP, Điều 52');

-- How the person or organisation behind a shop proved who they are; the last row counts.
create table seller_authentications (
    seller_id uuid not null constraint seller_authentications_seller_fk references sellers,
    method text not null constraint seller_authentications_method
        check (method in ('vneid', 'national_id_in_person', 'business_register')),
    -- What the proof is found by at whoever keeps it.
    reference text not null,
    authenticated_at timestamptz not null,
    recorded_at timestamptz not null,
    recorded_by uuid not null constraint seller_authentications_recorded_by_fk references accounts,
    constraint seller_authentications_pk primary key (seller_id, recorded_at),
    constraint seller_authentications_order check (authenticated_at <= recorded_at)
);

-- Who was written to before a rule of the kind e_authentication bound them: once for each of its notice_days.
create table seller_authentication_notices (
    seller_id uuid not null constraint seller_authentication_notices_seller_fk references sellers,
    effective_from date not null,
    days_before smallint not null,
    written_at timestamptz not null,
    constraint seller_authentication_notices_pk primary key (seller_id, effective_from, days_before)
);

-- The shops that the law's demand for e-authentication lets sell on the day. The one definition of it; a set, so that
-- the planner sees into it.
create function authenticated_sellers(today date) returns setof uuid
language sql stable parallel safe
begin atomic
    select sellers.id
      from sellers
     where not exists (
               select 1
                 from selling_rules
                where kind = 'e_authentication'
                  and effective_from <= today
                  and (effective_to is null or today < effective_to))
        or exists (select 1 from seller_authentications where seller_id = sellers.id);
end;
