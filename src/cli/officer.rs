//! `officer create`: the first national operator, who makes all the others through the API; `officer code`: what an
//! authenticator app of the demonstration would show.

use std::io::Read as _;

use chrono::{DateTime, Utc};
use clap::Subcommand;
use sqlx::PgConnection;

use super::{into_anyhow, open};
use crate::config::{DatabaseConfig, KeyConfig};
use crate::kernel::clock::day_of;
use crate::kernel::{AccountId, Clock, DepartmentId, Line};
use crate::people::access::{self, Department, DepartmentKind, NewGrant, OfficerRole};
use crate::people::identity::{self, Contact, Password, Registration};
use crate::places;
use crate::platform::error::Error;
use crate::platform::passwords::Passwords;
use crate::platform::seal::Seal;
use crate::platform::totp::TotpSecret;
use crate::seed;

/// Officers, from the command line.
#[derive(Subcommand)]
pub enum OfficerCommand {
    /// Make a national operator; the password is read from standard input
    Create {
        /// E-mail address or mobile number to sign in with
        #[arg(long)]
        contact: String,
        /// Name shown in the record of acts
        #[arg(long)]
        name: String,
        #[command(flatten)]
        database: DatabaseConfig,
        #[command(flatten)]
        key: KeyConfig,
    },
    /// Print the code that the authenticator app of an officer of the demonstration shows now
    Code {
        /// The name the officer signs in with
        contact: String,
    },
}

/// Runs the command.
pub async fn run(command: OfficerCommand) -> anyhow::Result<()> {
    match command {
        OfficerCommand::Create { contact, name, database, key } => create(contact, name, &database, &key).await,
        OfficerCommand::Code { contact } => print_code(&contact),
    }
}

/// Only the demonstration's secret is known here: nobody's real app can be asked this way.
fn print_code(contact: &str) -> anyhow::Result<()> {
    anyhow::ensure!(
        seed::is_officer(contact),
        "{contact} is no officer of the demonstration; everybody else's code is in their authenticator app"
    );
    let code = seed::authenticator().code(Clock::system().now()).map_err(into_anyhow)?;
    println!("{code}");
    Ok(())
}

async fn create(contact: String, name: String, database: &DatabaseConfig, key: &KeyConfig) -> anyhow::Result<()> {
    let db = open(database)?;
    let seal = Seal::new(&key.encryption_key)?;
    let mut typed = String::new();
    std::io::stdin().read_to_string(&mut typed)?;
    let registration = Registration {
        display_name: Line::try_from(name)?,
        contact: Contact::try_from(contact)?,
        password: Password::try_from(typed.trim_end_matches(['\r', '\n']).to_owned())?,
        consents: Vec::new(),
    };
    let hash = Passwords::new(1)?.hash(registration.password.secret()).await.map_err(into_anyhow)?;
    let secret = TotpSecret::random().map_err(into_anyhow)?;
    let now = Clock::system().now();
    db.act(async |conn| {
        let account = identity::create_confirmed(conn, &registration, &hash, false, now).await?;
        identity::give_second_factor(conn, &seal, account, &secret, now).await?;
        appoint_operator(conn, account, now).await
    })
    .await
    .map_err(into_anyhow)?;
    db.close().await;
    let contact = registration.contact.as_str();
    println!("{contact} can sign in now. Put this into an authenticator app; it is shown only this once:");
    println!("  secret  {}\n  address {}", secret.to_base32(), secret.uri(identity::ISSUER, contact));
    Ok(())
}

/// Makes the account an operator of the national department, which is made if it is missing.
async fn appoint_operator(conn: &mut PgConnection, account: AccountId, now: DateTime<Utc>) -> Result<(), Error> {
    let provinces: Vec<String> =
        places::list_provinces(conn).await?.into_iter().map(|province| province.code).collect();
    let department = Department {
        id: DepartmentId::new(now),
        slug: "national".to_owned(),
        name_vi: "Ban vận hành sàn".to_owned(),
        name_en: "Operator of the marketplace".to_owned(),
        kind: DepartmentKind::National,
    };
    let grant = NewGrant {
        account,
        department: access::ensure_department(conn, &department, &provinces, now).await?,
        role: OfficerRole::Operator,
        permissions: OfficerRole::Operator.usual_permissions(),
        valid_from: day_of(now),
        valid_to: None,
    };
    access::grant(conn, &grant, now).await?;
    Ok(())
}
