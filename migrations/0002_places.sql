-- Regions, provinces, communes and what they were before 1 July 2025 (slice places). The rows come from the lists
-- embedded in the binary and are loaded by `migrate`; a code is never stored without knowing which list it is from:
-- 15, 24, 44, 52, 80, 82 and 91 name other provinces in the legacy list.

create table place_lists (
    list text constraint place_lists_pk primary key,
    -- State of the administrative map, e.g. 2026-04-30.
    version text not null,
    checksum bytea not null,
    legal_basis text not null,
    loaded_at timestamptz not null
);

create table regions (
    slug text constraint regions_pk primary key,
    name_vi text not null,
    name_en text not null,
    position smallint not null
);

create table provinces (
    code text constraint provinces_pk primary key constraint provinces_code check (code ~ '^[0-9]{2}$'),
    name_vi text not null,
    full_name_vi text not null,
    name_en text not null,
    slug text not null constraint provinces_slug_key unique,
    kind text not null constraint provinces_kind check (kind in ('municipality', 'province')),
    region text not null constraint provinces_region_fk references regions,
    aliases text[] not null,
    lat double precision not null,
    lon double precision not null,
    area_km2 double precision not null
);

-- The 63 provinces of before 1 July 2025.
create table legacy_provinces (
    code text constraint legacy_provinces_pk primary key constraint legacy_provinces_code check (code ~ '^[0-9]{2}$'),
    name_vi text not null,
    slug text not null constraint legacy_provinces_slug_key unique,
    successor_code text not null constraint legacy_provinces_successor_fk references provinces,
    kind text not null,
    aliases text[] not null
);
create index legacy_provinces_successor on legacy_provinces (successor_code);

create table communes (
    code text constraint communes_pk primary key constraint communes_code check (code ~ '^[0-9]{5}$'),
    province_code text not null constraint communes_province_fk references provinces,
    name_vi text not null,
    full_name_vi text not null,
    name_en text not null,
    slug text not null,
    kind text not null constraint communes_kind check (kind in ('xa', 'phuong', 'dac_khu')),
    lat double precision,
    lon double precision,
    -- Last day of a commune a later list no longer has; rows that point to it stay true.
    abolished_on date,
    constraint communes_code_in_province unique (code, province_code)
);
create index communes_province on communes (province_code, slug);

-- Old commune → new commune, one row per pair.
create table legacy_communes (
    id integer constraint legacy_communes_pk primary key,
    code text,
    full_name_vi text not null,
    district_vi text not null,
    legacy_province_code text not null constraint legacy_communes_province_fk references legacy_provinces,
    commune_code text constraint legacy_communes_commune_fk references communes,
    is_default boolean not null,
    split boolean not null,
    stage text not null
);
create index legacy_communes_commune on legacy_communes (commune_code);

-- Every name a place goes by, folded (no tones, đ = d, lower case, without "tỉnh", "thành phố", "xã" …), for resolving.
create table place_names (
    folded text not null,
    kind text not null constraint place_names_kind
        check (kind in ('region', 'province', 'legacy_province', 'commune', 'legacy_commune')),
    -- regions.slug, provinces.code, legacy_provinces.code, communes.code, legacy_communes.id
    key text not null,
    constraint place_names_pk primary key (folded, kind, key)
);
create index place_names_prefix on place_names (folded text_pattern_ops);
