//! A reviewer and a supervisor for every province, and the national operator.

use sqlx::PgConnection;

use super::PASSWORD;
use crate::app::App;
use crate::kernel::{AccountId, DepartmentId, Line};
use crate::people::access::{self, Department, DepartmentKind, NewGrant, OfficerRole};
use crate::people::identity::{self, Consent, Contact, Password, Registration};
use crate::places;
use crate::platform::error::Result;
use crate::platform::totp::{SECRET_BYTES, TotpSecret};

/// The national operator's name to sign in with.
pub const OPERATOR: &str = "dieu-hanh@demo.ocop.example";

/// What every officer's authenticator app of the demonstration knows, published like their password.
const SECRET: [u8; SECRET_BYTES] = *b"ocop-market-demo-2fa";

/// The authenticator app of every officer of the demonstration.
pub fn authenticator() -> TotpSecret {
    TotpSecret::from_bytes(SECRET)
}

/// Whether the demonstration has an officer who signs in by this name.
pub fn is_officer(contact: &str) -> bool {
    let local = contact.strip_suffix("@demo.ocop.example").unwrap_or_default();
    contact == OPERATOR || local.starts_with("can-bo.") || local.starts_with("giam-sat.")
}

/// The reviewer of a province, by its slug.
pub fn reviewer_of(province: &str) -> String {
    format!("can-bo.{province}@demo.ocop.example")
}

/// The supervisor of a province, by its slug.
pub fn supervisor_of(province: &str) -> String {
    format!("giam-sat.{province}@demo.ocop.example")
}

/// Makes them all; answers the operator.
pub async fn fill(app: &App, password_hash: &str) -> Result<AccountId> {
    app.db
        .act(async |conn| {
            let provinces = places::list_provinces(conn).await?;
            for province in &provinces {
                let department = Department {
                    id: DepartmentId::new(app.clock.now()),
                    slug: format!("so-cong-thuong-{}", province.slug),
                    name_vi: format!("Sở Công Thương {}", province.name_vi),
                    name_en: format!("Department of Industry and Trade, {}", province.name_en),
                    kind: DepartmentKind::IndustryAndTrade,
                };
                let codes = [province.code.clone()];
                for (contact, role, name) in [
                    (reviewer_of(&province.slug), OfficerRole::Reviewer, "Cán bộ"),
                    (supervisor_of(&province.slug), OfficerRole::Head, "Lãnh đạo"),
                ] {
                    let name = format!("{name} Sở Công Thương {}", province.name_vi);
                    let account = account(app, conn, &contact, &name, password_hash).await?;
                    appoint(app, conn, account, &department, &codes, role).await?;
                }
            }
            let codes: Vec<String> = provinces.into_iter().map(|province| province.code).collect();
            let department = Department {
                id: DepartmentId::new(app.clock.now()),
                slug: "national".to_owned(),
                name_vi: "Ban vận hành sàn".to_owned(),
                name_en: "Operator of the marketplace".to_owned(),
                kind: DepartmentKind::National,
            };
            let operator = account(app, conn, OPERATOR, "Ban vận hành sàn", password_hash).await?;
            appoint(app, conn, operator, &department, &codes, OfficerRole::Operator).await?;
            Ok(operator)
        })
        .await
}

async fn appoint(
    app: &App,
    conn: &mut PgConnection,
    account: AccountId,
    department: &Department,
    provinces: &[String],
    role: OfficerRole,
) -> Result<()> {
    let now = app.clock.now();
    let grant = NewGrant {
        account,
        department: access::ensure_department(conn, department, provinces, now).await?,
        role,
        permissions: role.usual_permissions(),
        valid_from: app.clock.today(),
        valid_to: None,
    };
    access::grant(conn, &grant, now).await?;
    identity::give_second_factor(conn, &app.seal, account, &authenticator(), now).await
}

/// An account of the demonstration, its contact confirmed.
pub(super) async fn account(
    app: &App,
    conn: &mut PgConnection,
    contact: &str,
    name: &str,
    password_hash: &str,
) -> Result<AccountId> {
    let registration = Registration {
        display_name: Line::try_from(name.to_owned())?,
        contact: Contact::try_from(contact.to_owned())?,
        password: Password::try_from(PASSWORD.to_owned())?,
        consents: vec![Consent {
            purpose: Line::try_from("account".to_owned())?,
            version: Line::try_from("2026-07".to_owned())?,
        }],
    };
    identity::create_confirmed(conn, &registration, password_hash, true, app.clock.now()).await
}
