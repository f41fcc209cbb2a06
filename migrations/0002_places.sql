-- Regions, provinces, communes and what they were before 1 July 2025 (slice places). The rows come from the lists
-- embedded in the binary and are loaded by `migrate`; a code is never stored without knowing which list it is from:
-- 15, 24, 44, 52, 80, 82 and 91 name other provinces in the legacy list.

create table place_lists (
    list text constraint place_lists_pk primary key,
    -- The day since which the administrative map is as listed.
    version date not null,
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
    kind text not null constraint legacy_provinces_kind check (kind in ('municipality', 'province')),
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

-- Districts (huyện, quận, thị xã, thành phố thuộc tỉnh) of before 1 July 2025, when that level ended. Ids of this and the
-- next table are the order of the list; a newer list replaces the rows, so nothing outside this file may refer to them.
create table legacy_districts (
    id integer constraint legacy_districts_pk primary key,
    legacy_province_code text not null constraint legacy_districts_province_fk references legacy_provinces,
    full_name_vi text not null,
    constraint legacy_districts_once unique (legacy_province_code, full_name_vi)
);

create table legacy_communes (
    id integer constraint legacy_communes_pk primary key,
    -- Null for the five island districts that had no communes.
    code text constraint legacy_communes_code check (code ~ '^[0-9]{5}$'),
    full_name_vi text not null,
    district_id integer not null constraint legacy_communes_district_fk references legacy_districts,
    -- Divided between several communes, so that the person has to choose.
    split boolean not null,
    -- The last list that had it: 2025-06, or `earlier` for units abolished or renamed between 2023 and mid-2025, whose
    -- successors are good guesses.
    stage text not null
);
create index legacy_communes_district on legacy_communes (district_id);

-- Old commune → new commune, one row per pair.
create table commune_successions (
    legacy_commune_id integer not null
        constraint commune_successions_legacy_fk references legacy_communes on delete cascade,
    commune_code text not null constraint commune_successions_commune_fk references communes,
    -- The one to choose when an address says no more.
    is_default boolean not null,
    constraint commune_successions_pk primary key (legacy_commune_id, commune_code)
);
create index commune_successions_commune on commune_successions (commune_code);
create unique index commune_successions_one_default on commune_successions (legacy_commune_id) where is_default;

-- Every name a place goes by, folded (no tones, đ = d, lower case), with and without "tỉnh", "thành phố", "xã" …, for
-- resolving. Byte order, so that the primary key answers prefixes in every locale.
create table place_names (
    folded text collate "C" not null,
    kind text not null constraint place_names_kind
        check (kind in ('region', 'province', 'legacy_province', 'commune', 'legacy_district', 'legacy_commune')),
    -- regions.slug, provinces.code, legacy_provinces.code, communes.code, legacy_districts.id, legacy_communes.id
    key text not null,
    constraint place_names_pk primary key (folded, kind, key)
);
