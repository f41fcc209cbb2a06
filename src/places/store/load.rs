//! Writing the lists.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use crate::places::lists::{District, LegacyCommune, Lists, Row};
use crate::places::names::NameRow;
use crate::places::rows::{CommuneRow, LegacyProvinceRow, ProvinceRow, RegionRow};
use crate::platform::error::Result;

/// Keeps a second load waiting until this transaction ends.
pub async fn lock(conn: &mut PgConnection) -> Result<()> {
    sqlx::query!("lock table place_lists in exclusive mode").execute(conn).await?;
    Ok(())
}

/// The latest state of the map that has been loaded.
pub async fn latest_version(conn: &mut PgConnection) -> Result<Option<NaiveDate>> {
    Ok(sqlx::query_scalar!("select max(version) from place_lists").fetch_one(conn).await?)
}

/// The checksum of each list as loaded.
pub async fn checksums(conn: &mut PgConnection) -> Result<HashMap<String, Vec<u8>>> {
    let rows = sqlx::query!("select list, checksum from place_lists").fetch_all(conn).await?;
    Ok(rows.into_iter().map(|row| (row.list, row.checksum)).collect())
}

/// Remembers that a list has been loaded.
pub async fn record(
    conn: &mut PgConnection,
    list: &str,
    version: NaiveDate,
    checksum: &[u8],
    legal_basis: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "insert into place_lists (list, version, checksum, legal_basis, loaded_at)
         values ($1, $2, $3, $4, $5)
         on conflict (list) do update
            set version = excluded.version,
                checksum = excluded.checksum,
                legal_basis = excluded.legal_basis,
                loaded_at = excluded.loaded_at",
        list,
        version,
        checksum,
        legal_basis,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A province of the database that the lists do not have.
pub async fn province_left_out(conn: &mut PgConnection, lists: &Lists) -> Result<Option<String>> {
    let codes = strings(&lists.provinces, |province| province.code.as_ref());
    let left_out =
        sqlx::query_scalar!("select code from provinces where code <> all($1) order by code limit 1", &codes)
            .fetch_optional(conn)
            .await?;
    Ok(left_out)
}

/// Deletes what is only derived from the lists and nobody refers to.
pub async fn clear_history(conn: &mut PgConnection) -> Result<()> {
    sqlx::query!("delete from place_names").execute(&mut *conn).await?;
    sqlx::query!("delete from commune_successions").execute(&mut *conn).await?;
    sqlx::query!("delete from legacy_communes").execute(&mut *conn).await?;
    sqlx::query!("delete from legacy_districts").execute(&mut *conn).await?;
    Ok(())
}

pub async fn write_regions(conn: &mut PgConnection, regions: &[Row<RegionRow>]) -> Result<()> {
    sqlx::query!(
        "insert into regions (slug, name_vi, name_en, position)
         select slug, name_vi, name_en, position
           from unnest($1::text[], $2::text[], $3::text[]) with ordinality as list (slug, name_vi, name_en, position)
         on conflict (slug) do update
            set name_vi = excluded.name_vi,
                name_en = excluded.name_en,
                position = excluded.position",
        &strings(regions, |region| &region.slug),
        &strings(regions, |region| &region.name_vi),
        &strings(regions, |region| &region.name_en),
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn write_provinces(conn: &mut PgConnection, provinces: &[Row<ProvinceRow>]) -> Result<()> {
    for province in provinces.iter().map(|row| &row.value) {
        sqlx::query!(
            "insert into provinces
                 (code, name_vi, full_name_vi, name_en, slug, kind, region, aliases, lat, lon, area_km2)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
             on conflict (code) do update
                set name_vi = excluded.name_vi,
                    full_name_vi = excluded.full_name_vi,
                    name_en = excluded.name_en,
                    slug = excluded.slug,
                    kind = excluded.kind,
                    region = excluded.region,
                    aliases = excluded.aliases,
                    lat = excluded.lat,
                    lon = excluded.lon,
                    area_km2 = excluded.area_km2",
            province.code.as_ref(),
            province.name_vi.as_str(),
            province.full_name_vi.as_str(),
            province.name_en.as_str(),
            province.slug.as_str(),
            province.kind as _,
            province.region.as_str(),
            &province.aliases,
            province.lat,
            province.lon,
            province.area_km2,
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

pub async fn write_legacy_provinces(conn: &mut PgConnection, provinces: &[Row<LegacyProvinceRow>]) -> Result<()> {
    for province in provinces.iter().map(|row| &row.value) {
        sqlx::query!(
            "insert into legacy_provinces (code, name_vi, slug, successor_code, kind, aliases)
             values ($1, $2, $3, $4, $5, $6)
             on conflict (code) do update
                set name_vi = excluded.name_vi,
                    slug = excluded.slug,
                    successor_code = excluded.successor_code,
                    kind = excluded.kind,
                    aliases = excluded.aliases",
            province.code.as_ref(),
            province.name_vi.as_str(),
            province.slug.as_str(),
            province.successor_code.as_ref(),
            province.kind as _,
            &province.aliases,
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

pub async fn write_communes(conn: &mut PgConnection, communes: &[Row<CommuneRow>]) -> Result<()> {
    let numbers = |number: fn(&CommuneRow) -> f64| communes.iter().map(|row| number(&row.value)).collect::<Vec<_>>();
    let kinds: Vec<_> = communes.iter().map(|row| row.value.kind).collect();
    sqlx::query!(
        "insert into communes (code, province_code, name_vi, full_name_vi, name_en, slug, kind, lat, lon)
         select *
           from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
                       $8::float8[], $9::float8[])
         on conflict (code) do update
            set province_code = excluded.province_code,
                name_vi = excluded.name_vi,
                full_name_vi = excluded.full_name_vi,
                name_en = excluded.name_en,
                slug = excluded.slug,
                kind = excluded.kind,
                lat = excluded.lat,
                lon = excluded.lon,
                abolished_on = null",
        &strings(communes, |commune| commune.code.as_ref()),
        &strings(communes, |commune| commune.province_code.as_ref()),
        &strings(communes, |commune| &commune.name_vi),
        &strings(communes, |commune| &commune.full_name_vi),
        &strings(communes, |commune| &commune.name_en),
        &strings(communes, |commune| &commune.slug),
        kinds as _,
        &numbers(|commune| commune.lat),
        &numbers(|commune| commune.lon),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends the communes that the list no longer has; how many.
pub async fn abolish_others(conn: &mut PgConnection, communes: &[Row<CommuneRow>], last_day: NaiveDate) -> Result<u64> {
    let done = sqlx::query!(
        "update communes
            set abolished_on = $2
          where abolished_on is null
            and not exists (select from unnest($1::text[]) as listed (code) where listed.code = communes.code)",
        &strings(communes, |commune| commune.code.as_ref()),
        last_day,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

pub async fn insert_districts(conn: &mut PgConnection, districts: &[District]) -> Result<()> {
    let provinces: Vec<_> = districts.iter().map(|district| district.legacy_province_code.clone()).collect();
    let names: Vec<_> = districts.iter().map(|district| district.full_name_vi.clone()).collect();
    sqlx::query!(
        "insert into legacy_districts (id, legacy_province_code, full_name_vi)
         select position - 1, province, name
           from unnest($1::text[], $2::text[]) with ordinality as list (province, name, position)",
        &provinces,
        &names,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn insert_legacy_communes(conn: &mut PgConnection, units: &[LegacyCommune]) -> Result<()> {
    let codes: Vec<_> = units.iter().map(|unit| unit.code.clone()).collect();
    let names: Vec<_> = units.iter().map(|unit| unit.full_name_vi.clone()).collect();
    let districts = units.iter().map(|unit| i32::try_from(unit.district)).collect::<Result<Vec<_>, _>>()?;
    let split: Vec<_> = units.iter().map(|unit| unit.split).collect();
    let stages: Vec<_> = units.iter().map(|unit| unit.stage.clone()).collect();
    sqlx::query!(
        "insert into legacy_communes (id, code, full_name_vi, district_id, split, stage)
         select position - 1, code, name, district, split, stage
           from unnest($1::text[], $2::text[], $3::int[], $4::bool[], $5::text[])
                with ordinality as list (code, name, district, split, stage, position)",
        codes as _,
        &names,
        &districts,
        &split,
        &stages,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn insert_successions(conn: &mut PgConnection, units: &[LegacyCommune]) -> Result<()> {
    let (mut olds, mut news, mut defaults) = (Vec::new(), Vec::new(), Vec::new());
    for (id, unit) in units.iter().enumerate() {
        for (commune, is_default) in &unit.successors {
            olds.push(i32::try_from(id)?);
            news.push(commune.clone());
            defaults.push(*is_default);
        }
    }
    sqlx::query!(
        "insert into commune_successions (legacy_commune_id, commune_code, is_default)
         select * from unnest($1::int[], $2::text[], $3::bool[])",
        &olds,
        &news,
        &defaults,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn insert_names(conn: &mut PgConnection, names: &BTreeSet<NameRow>) -> Result<()> {
    let folded: Vec<_> = names.iter().map(|(folded, ..)| folded.clone()).collect();
    let kinds: Vec<_> = names.iter().map(|(_, kind, _)| *kind).collect();
    let keys: Vec<_> = names.iter().map(|(.., key)| key.clone()).collect();
    sqlx::query!(
        "insert into place_names (folded, kind, key)
         select * from unnest($1::text[], $2::text[], $3::text[])",
        &folded,
        kinds as _,
        &keys,
    )
    .execute(conn)
    .await?;
    Ok(())
}

fn strings<T>(rows: &[Row<T>], column: impl Fn(&T) -> &str) -> Vec<String> {
    rows.iter().map(|row| column(&row.value).to_owned()).collect()
}
