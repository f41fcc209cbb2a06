//! The tables of places.

pub mod candidates;
pub mod load;
pub mod locations;
pub mod search;

use sqlx::PgConnection;
use sqlx::types::Json;

use super::model::{Commune, CommuneKind, LegacyProvince, Predecessor, Province, ProvinceKind, ProvinceRef, Region};
use crate::platform::error::Result;

/// The regions with their provinces, in their official order.
pub async fn list_regions(conn: &mut PgConnection) -> Result<Vec<Region>> {
    let rows = sqlx::query!(
        r#"select r.slug, r.name_vi, r.name_en,
                  json_agg(json_build_object('code', p.code, 'slug', p.slug, 'name', p.name_vi) order by p.code)
                      as "provinces!: Json<Vec<ProvinceRef>>"
             from regions r
             join provinces p on p.region = r.slug
            group by r.slug
            order by r.position"#,
    )
    .fetch_all(conn)
    .await?;
    let region = |slug, name_vi, name_en, provinces: Json<_>| Region { slug, name_vi, name_en, provinces: provinces.0 };
    Ok(rows.into_iter().map(|row| region(row.slug, row.name_vi, row.name_en, row.provinces)).collect())
}

/// The provinces with these codes or slugs; all of them for `None`. In the order of the codes.
pub async fn list_provinces(conn: &mut PgConnection, only: Option<&[String]>) -> Result<Vec<Province>> {
    let provinces = sqlx::query_as!(
        Province,
        r#"select p.code, p.slug, p.name_vi, p.full_name_vi, p.name_en, p.region, p.kind as "kind: ProvinceKind",
                  array(select l.name_vi
                          from legacy_provinces l
                         where l.successor_code = p.code
                           and l.name_vi <> p.name_vi
                         order by l.code) as "legacy_names!"
             from provinces p
            where $1::text[] is null
               or p.code = any($1)
               or p.slug = any($1)
            order by p.code"#,
        only,
    )
    .fetch_all(conn)
    .await?;
    Ok(provinces)
}

/// The legacy provinces with these codes or slugs; all of them for `None`. In the order of the codes.
pub async fn list_legacy_provinces(conn: &mut PgConnection, only: Option<&[String]>) -> Result<Vec<LegacyProvince>> {
    let provinces = sqlx::query_as!(
        LegacyProvince,
        r#"select code, slug, name_vi, kind as "kind: ProvinceKind", successor_code
             from legacy_provinces
            where $1::text[] is null
               or code = any($1)
               or slug = any($1)
            order by code"#,
        only,
    )
    .fetch_all(conn)
    .await?;
    Ok(provinces)
}

/// The provinces a commune lay in on 30 June 2025; predecessors that ended before are guesses and do not count.
pub async fn legacy_provinces_of(conn: &mut PgConnection, commune: &str) -> Result<Vec<LegacyProvince>> {
    let provinces = sqlx::query_as!(
        LegacyProvince,
        r#"select l.code, l.slug, l.name_vi, l.kind as "kind: ProvinceKind", l.successor_code
             from legacy_provinces l
            where l.code in (
                  select d.legacy_province_code
                    from commune_successions s
                    join legacy_communes u on u.id = s.legacy_commune_id
                    join legacy_districts d on d.id = u.district_id
                   where s.commune_code = $1
                     and u.stage <> 'earlier')
            order by l.code"#,
        commune,
    )
    .fetch_all(conn)
    .await?;
    Ok(provinces)
}

/// A commune, in force or abolished.
pub async fn find_commune(conn: &mut PgConnection, code: &str) -> Result<Option<Commune>> {
    let commune = sqlx::query_as!(
        Commune,
        r#"select code, name_vi, full_name_vi, slug, kind as "kind: CommuneKind", province_code, abolished_on
             from communes
            where code = $1"#,
        code,
    )
    .fetch_optional(conn)
    .await?;
    Ok(commune)
}

/// What went into a commune, in the order of the old names.
pub async fn list_predecessors(conn: &mut PgConnection, commune: &str) -> Result<Vec<Predecessor>> {
    let rows = sqlx::query!(
        r#"select u.code, u.full_name_vi, d.full_name_vi as district_vi, u.split, u.stage,
                  l.code as legacy_code, l.slug as legacy_slug, l.name_vi as legacy_name
             from commune_successions s
             join legacy_communes u on u.id = s.legacy_commune_id
             join legacy_districts d on d.id = u.district_id
             join legacy_provinces l on l.code = d.legacy_province_code
            where s.commune_code = $1
            order by u.stage = 'earlier', u.full_name_vi, u.id"#,
        commune,
    )
    .fetch_all(conn)
    .await?;
    let predecessors = rows.into_iter().map(|row| Predecessor {
        code: row.code,
        full_name_vi: row.full_name_vi,
        district_vi: row.district_vi,
        legacy_province: ProvinceRef { code: row.legacy_code, slug: row.legacy_slug, name: row.legacy_name },
        split: row.split,
        stage: row.stage,
    });
    Ok(predecessors.collect())
}

/// Which communes of today to list; a criterion that is not there lets every commune through.
#[derive(Debug, Default)]
pub struct CommuneFilter {
    /// Code of a current province.
    pub province: Option<String>,
    /// Code of a legacy province, some of which went into the commune.
    pub legacy_province: Option<String>,
    /// The folded beginning of a name.
    pub beginning: Option<String>,
}

/// Communes in force by slug, then code, after the one at `after`.
pub async fn page_communes(
    conn: &mut PgConnection,
    filter: &CommuneFilter,
    after: Option<&(String, String)>,
    fetch: i64,
) -> Result<Vec<Commune>> {
    let communes = sqlx::query_as!(
        Commune,
        r#"select c.code, c.name_vi, c.full_name_vi, c.slug, c.kind as "kind: CommuneKind", c.province_code,
                  c.abolished_on
             from communes c
            where c.abolished_on is null
              and ($1::text is null or c.province_code = $1)
              and ($2::text is null
                   or exists (select
                                from commune_successions s
                                join legacy_communes u on u.id = s.legacy_commune_id
                                join legacy_districts d on d.id = u.district_id
                               where s.commune_code = c.code
                                 and d.legacy_province_code = $2
                                 and u.stage <> 'earlier'))
              and ($3::text is null
                   or c.code in (select n.key
                                   from place_names n
                                  where n.kind = 'commune'
                                    and n.folded >= $3
                                    and n.folded < $3 || chr(1114111)))
              and ($4::text is null or (c.slug, c.code) > ($4, $5))
            order by c.slug, c.code
            limit $6"#,
        filter.province,
        filter.legacy_province,
        filter.beginning,
        after.map(|(slug, _)| slug),
        after.map(|(_, code)| code),
        fetch,
    )
    .fetch_all(conn)
    .await?;
    Ok(communes)
}
