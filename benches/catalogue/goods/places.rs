//! Communes with what they belong to, as the program's lists have them.

use sqlx::PgConnection;

/// A commune of today, and where it lay before 1 July 2025.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Place {
    pub code: String,
    pub commune: String,
    pub commune_en: String,
    pub province_code: String,
    pub province: String,
    pub province_en: String,
    pub province_slug: String,
    pub region: String,
    pub former_code: String,
    pub former: String,
    pub former_slug: String,
    pub district: String,
}

/// Every commune in force whose past is known.
pub async fn read(conn: &mut PgConnection) -> Result<Vec<Place>, sqlx::Error> {
    sqlx::query_as(
        "select distinct on (communes.code)
                communes.code, communes.name_vi as commune, communes.name_en as commune_en,
                provinces.code as province_code, provinces.name_vi as province, provinces.name_en as province_en,
                provinces.slug as province_slug, provinces.region,
                legacy_provinces.code as former_code, legacy_provinces.name_vi as former,
                legacy_provinces.slug as former_slug, legacy_districts.full_name_vi as district
           from communes
           join provinces on provinces.code = communes.province_code
           join commune_successions on commune_successions.commune_code = communes.code
           join legacy_communes on legacy_communes.id = legacy_commune_id
           join legacy_districts on legacy_districts.id = district_id
           join legacy_provinces on legacy_provinces.code = legacy_districts.legacy_province_code
          where communes.abolished_on is null
          order by communes.code, is_default desc, legacy_communes.id",
    )
    .fetch_all(conn)
    .await
}
