//! Looking names up.

use sqlx::PgConnection;

use crate::places::model::PlaceKind;
use crate::places::names::Typed;
use crate::platform::error::Result;

/// Where the places looked for must lie; an empty area is everywhere.
#[derive(Debug, Default, Clone)]
pub struct Area {
    /// Codes of legacy provinces, one of which it must be or have been in.
    pub legacy_provinces: Option<Vec<String>>,
    /// Ids of legacy districts, one of which it must be or have been in.
    pub districts: Option<Vec<i32>>,
}

/// A place with one of the names looked for.
#[derive(Debug, Clone)]
pub struct Hit {
    /// What sort of place.
    pub kind: PlaceKind,
    /// Its key in the table of its kind.
    pub key: String,
    /// 0: the name as typed; 1: but for the word for its kind; 2: a longer name that begins so.
    pub rank: i32,
}

/// The places of a name in an area: by rank, the larger kinds first, then by name.
pub async fn find(conn: &mut PgConnection, name: &Typed, area: &Area, limit: i64) -> Result<Vec<Hit>> {
    let hits = sqlx::query_as!(
        Hit,
        r#"select n.kind as "kind: PlaceKind", n.key,
                  min(case when n.folded = any($1) then 0 when n.folded = $2 then 1 else 2 end) as "rank!"
             from place_names n
            where (n.folded = any($1) or n.folded = $2 or (n.folded >= $3 and n.folded < $3 || chr(1114111)))
              and (($4::text[] is null and $5::int[] is null)
                   or case n.kind
                      when 'province' then
                          $5 is null
                          and exists (select
                                        from legacy_provinces l
                                       where l.successor_code = n.key
                                         and l.code = any($4))
                      when 'legacy_province' then $5 is null and n.key = any($4)
                      when 'commune' then
                          exists (select
                                    from commune_successions s
                                    join legacy_communes u on u.id = s.legacy_commune_id
                                    join legacy_districts d on d.id = u.district_id
                                   where s.commune_code = n.key
                                     and ($4 is null or d.legacy_province_code = any($4))
                                     and ($5 is null or d.id = any($5)))
                      when 'legacy_district' then
                          exists (select
                                    from legacy_districts d
                                   where d.id = n.key::int
                                     and ($4 is null or d.legacy_province_code = any($4))
                                     and ($5 is null or d.id = any($5)))
                      when 'legacy_commune' then
                          exists (select
                                    from legacy_communes u
                                    join legacy_districts d on d.id = u.district_id
                                   where u.id = n.key::int
                                     and ($4 is null or d.legacy_province_code = any($4))
                                     and ($5 is null or d.id = any($5)))
                      else false
                      end)
            group by n.kind, n.key
            order by 3,
                  array_position(array['province', 'legacy_province', 'region', 'commune', 'legacy_district'], n.kind),
                  min(n.folded), n.key
            limit $6"#,
        &name.exact,
        name.bare,
        name.beginning(),
        area.legacy_provinces.as_deref(),
        area.districts.as_deref(),
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(hits)
}

/// A province or district with exactly one of the names.
#[derive(Debug)]
pub struct Container {
    /// The name it was found by.
    pub folded: String,
    /// The legacy provinces it is, or was formed from.
    pub legacy_provinces: Vec<String>,
    /// Its id, if it is a district.
    pub district: Option<i32>,
}

/// The provinces, legacy provinces and districts with one of these names.
pub async fn containers(conn: &mut PgConnection, names: &[String]) -> Result<Vec<Container>> {
    let containers = sqlx::query_as!(
        Container,
        r#"select n.folded,
                  case n.kind
                  when 'province' then array(select l.code from legacy_provinces l where l.successor_code = n.key)
                  when 'legacy_province' then array[n.key]
                  else array[]::text[]
                  end as "legacy_provinces!",
                  case n.kind when 'legacy_district' then n.key::int end as district
             from place_names n
            where n.folded = any($1)
              and n.kind in ('province', 'legacy_province', 'legacy_district')"#,
        names,
    )
    .fetch_all(conn)
    .await?;
    Ok(containers)
}
