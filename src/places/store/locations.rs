//! Places in words, for cards.

use sqlx::PgConnection;

use crate::places::model::{CommuneRef, FormerPlace, Location, ProvinceRef};
use crate::platform::error::Result;

pub async fn locate(conn: &mut PgConnection, pairs: &[(&str, &str)]) -> Result<Vec<Location>> {
    let (communes, legacy): (Vec<String>, Vec<String>) =
        pairs.iter().map(|(commune, legacy)| ((*commune).to_owned(), (*legacy).to_owned())).unzip();
    let rows = sqlx::query!(
        r#"select provinces.code as province_code, provinces.slug as province_slug, provinces.name_vi as province_name,
                  communes.code as commune_code, communes.slug as commune_slug, communes.full_name_vi as commune_name,
                  legacy_provinces.code as legacy_code, legacy_provinces.slug as legacy_slug,
                  legacy_provinces.name_vi as legacy_name
             from unnest($1::text[], $2::text[]) with ordinality as pair (commune, legacy, place)
             join communes on communes.code = pair.commune
             join provinces on provinces.code = communes.province_code
             join legacy_provinces on legacy_provinces.code = pair.legacy
            order by pair.place"#,
        &communes,
        &legacy,
    )
    .fetch_all(conn)
    .await?;
    let locations = rows.into_iter().map(|row| Location {
        province: ProvinceRef { code: row.province_code, slug: row.province_slug, name: row.province_name },
        commune: CommuneRef { code: row.commune_code, slug: row.commune_slug, name: row.commune_name },
        legacy_province: ProvinceRef { code: row.legacy_code, slug: row.legacy_slug, name: row.legacy_name },
    });
    Ok(locations.collect())
}

/// The predecessor that went into the commune as a whole, if there is one, and existed to the last.
pub async fn former_place(conn: &mut PgConnection, commune: &str) -> Result<Option<FormerPlace>> {
    let place = sqlx::query_as!(
        FormerPlace,
        "select legacy_communes.full_name_vi as commune, legacy_districts.full_name_vi as district,
                legacy_provinces.name_vi as province
           from commune_successions
           join legacy_communes on legacy_communes.id = legacy_commune_id
           join legacy_districts on legacy_districts.id = district_id
           join legacy_provinces on legacy_provinces.code = legacy_province_code
          where commune_code = $1
          order by is_default desc, stage = 'earlier', split, legacy_communes.id
          limit 1",
        commune,
    )
    .fetch_optional(conn)
    .await?;
    Ok(place)
}
