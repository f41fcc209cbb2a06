//! What there is to say about places that were found, by kind.

use std::collections::HashMap;

use sqlx::PgConnection;
use sqlx::types::Json;

use crate::places::model::{Candidate, PlaceKind, ProvinceKind, ProvinceRef, Successor};
use crate::places::names::plain_name;
use crate::platform::error::Result;

/// Candidates by key.
pub type ByKey = HashMap<String, Candidate>;

/// The candidates of a kind with these keys.
pub async fn find(conn: &mut PgConnection, kind: PlaceKind, keys: &[String]) -> Result<ByKey> {
    match kind {
        PlaceKind::Region => regions(conn, keys).await,
        PlaceKind::Province => provinces(conn, keys).await,
        PlaceKind::LegacyProvince => legacy_provinces(conn, keys).await,
        PlaceKind::Commune => communes(conn, keys).await,
        PlaceKind::LegacyDistrict => legacy_districts(conn, keys).await,
        PlaceKind::LegacyCommune => legacy_communes(conn, keys).await,
    }
}

fn candidate(kind: PlaceKind, name: String, full_name: String) -> Candidate {
    Candidate {
        kind,
        code: None,
        slug: None,
        name,
        full_name,
        district: None,
        legacy_province: None,
        province: None,
        became: Vec::new(),
        split: false,
    }
}

async fn regions(conn: &mut PgConnection, keys: &[String]) -> Result<ByKey> {
    let rows = sqlx::query!("select slug, name_vi from regions where slug = any($1)", keys).fetch_all(conn).await?;
    let candidates = rows.into_iter().map(|row| {
        let about = candidate(PlaceKind::Region, row.name_vi.clone(), row.name_vi);
        (row.slug.clone(), Candidate { slug: Some(row.slug), ..about })
    });
    Ok(candidates.collect())
}

async fn provinces(conn: &mut PgConnection, keys: &[String]) -> Result<ByKey> {
    let rows = sqlx::query!("select code, slug, name_vi, full_name_vi from provinces where code = any($1)", keys)
        .fetch_all(conn)
        .await?;
    let candidates = rows.into_iter().map(|row| {
        let about = candidate(PlaceKind::Province, row.name_vi.clone(), row.full_name_vi);
        let itself = ProvinceRef { code: row.code.clone(), slug: row.slug.clone(), name: row.name_vi };
        let code = row.code;
        (code.clone(), Candidate { code: Some(code), slug: Some(row.slug), province: Some(itself), ..about })
    });
    Ok(candidates.collect())
}

async fn legacy_provinces(conn: &mut PgConnection, keys: &[String]) -> Result<ByKey> {
    let rows = sqlx::query!(
        r#"select l.code, l.slug, l.name_vi, l.kind as "kind: ProvinceKind",
                  p.code as new_code, p.slug as new_slug, p.name_vi as new_name, p.full_name_vi as new_full_name
             from legacy_provinces l
             join provinces p on p.code = l.successor_code
            where l.code = any($1)"#,
        keys,
    )
    .fetch_all(conn)
    .await?;
    let candidates = rows.into_iter().map(|row| {
        let full_name = format!("{} {}", row.kind.prefix_vi(), row.name_vi);
        let successor = Successor {
            kind: PlaceKind::Province,
            code: row.new_code.clone(),
            name: row.new_name.clone(),
            full_name: row.new_full_name,
        };
        let about = Candidate {
            code: Some(row.code.clone()),
            slug: Some(row.slug.clone()),
            legacy_province: Some(ProvinceRef { code: row.code.clone(), slug: row.slug, name: row.name_vi.clone() }),
            province: Some(ProvinceRef { code: row.new_code, slug: row.new_slug, name: row.new_name }),
            became: vec![successor],
            ..candidate(PlaceKind::LegacyProvince, row.name_vi, full_name)
        };
        (row.code, about)
    });
    Ok(candidates.collect())
}

async fn communes(conn: &mut PgConnection, keys: &[String]) -> Result<ByKey> {
    let rows = sqlx::query!(
        "select c.code, c.slug, c.name_vi, c.full_name_vi,
                p.code as province_code, p.slug as province_slug, p.name_vi as province_name
           from communes c
           join provinces p on p.code = c.province_code
          where c.code = any($1)",
        keys,
    )
    .fetch_all(conn)
    .await?;
    let candidates = rows.into_iter().map(|row| {
        let province = ProvinceRef { code: row.province_code, slug: row.province_slug, name: row.province_name };
        let about = candidate(PlaceKind::Commune, row.name_vi, row.full_name_vi);
        let code = row.code;
        (code.clone(), Candidate { code: Some(code), slug: Some(row.slug), province: Some(province), ..about })
    });
    Ok(candidates.collect())
}

/// A legacy district or commune as the database tells it.
struct LegacyUnit {
    id: i32,
    code: Option<String>,
    full_name_vi: String,
    district_vi: Option<String>,
    split: bool,
    legacy_province: Json<ProvinceRef>,
    province: Json<ProvinceRef>,
    became: Json<Vec<(String, String, String)>>,
}

impl LegacyUnit {
    fn into_candidate(self, kind: PlaceKind) -> (String, Candidate) {
        let successor = |(code, name, full_name)| Successor { kind: PlaceKind::Commune, code, name, full_name };
        let name = plain_name(&self.full_name_vi).to_owned();
        let about = Candidate {
            code: self.code,
            district: self.district_vi,
            legacy_province: Some(self.legacy_province.0),
            province: Some(self.province.0),
            became: self.became.0.into_iter().map(successor).collect(),
            split: self.split,
            ..candidate(kind, name, self.full_name_vi)
        };
        (self.id.to_string(), about)
    }
}

/// A district became the communes its own communes went into; it is divided if they are several.
async fn legacy_districts(conn: &mut PgConnection, keys: &[String]) -> Result<ByKey> {
    let units = sqlx::query_as!(
        LegacyUnit,
        r#"select d.id, null as code, d.full_name_vi, null as district_vi, b.parts > 1 as "split!",
                  json_build_object('code', l.code, 'slug', l.slug, 'name', l.name_vi)
                      as "legacy_province!: Json<ProvinceRef>",
                  json_build_object('code', p.code, 'slug', p.slug, 'name', p.name_vi)
                      as "province!: Json<ProvinceRef>",
                  b.became as "became!: Json<Vec<(String, String, String)>>"
             from legacy_districts d
             join legacy_provinces l on l.code = d.legacy_province_code
             join provinces p on p.code = l.successor_code
            cross join lateral (
                  select count(*) as parts,
                         coalesce(json_agg(json_build_array(c.code, c.name_vi, c.full_name_vi) order by c.slug, c.code),
                                  '[]') as became
                    from communes c
                   where c.code in (select s.commune_code
                                      from legacy_communes u
                                      join commune_successions s on s.legacy_commune_id = u.id
                                     where u.district_id = d.id)) as b
            where d.id = any($1::text[]::int[])"#,
        keys,
    )
    .fetch_all(conn)
    .await?;
    Ok(units.into_iter().map(|unit| unit.into_candidate(PlaceKind::LegacyDistrict)).collect())
}

async fn legacy_communes(conn: &mut PgConnection, keys: &[String]) -> Result<ByKey> {
    let units = sqlx::query_as!(
        LegacyUnit,
        r#"select u.id, u.code, u.full_name_vi, d.full_name_vi as "district_vi?", u.split,
                  json_build_object('code', l.code, 'slug', l.slug, 'name', l.name_vi)
                      as "legacy_province!: Json<ProvinceRef>",
                  json_build_object('code', p.code, 'slug', p.slug, 'name', p.name_vi)
                      as "province!: Json<ProvinceRef>",
                  b.became as "became!: Json<Vec<(String, String, String)>>"
             from legacy_communes u
             join legacy_districts d on d.id = u.district_id
             join legacy_provinces l on l.code = d.legacy_province_code
             join provinces p on p.code = l.successor_code
            cross join lateral (
                  select coalesce(json_agg(json_build_array(c.code, c.name_vi, c.full_name_vi)
                                           order by s.is_default desc, c.slug, c.code), '[]') as became
                    from commune_successions s
                    join communes c on c.code = s.commune_code
                   where s.legacy_commune_id = u.id) as b
            where u.id = any($1::text[]::int[])"#,
        keys,
    )
    .fetch_all(conn)
    .await?;
    Ok(units.into_iter().map(|unit| unit.into_candidate(PlaceKind::LegacyCommune)).collect())
}
