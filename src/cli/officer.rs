//! `officer create`: the first national operator, who makes all the others through the API.

use std::io::Read as _;

use clap::Subcommand;

use super::{into_anyhow, open};
use crate::config::DatabaseConfig;
use crate::kernel::{Clock, DepartmentId, Line};
use crate::people::access::{self, Department, DepartmentKind, NewGrant, OfficerRole};
use crate::people::identity::{self, Contact, Password, Registration};
use crate::places;
use crate::platform::passwords::Passwords;

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
    },
}

/// Runs the command.
pub async fn run(command: OfficerCommand) -> anyhow::Result<()> {
    let OfficerCommand::Create { contact, name, database } = command;
    let db = open(&database)?;
    let mut typed = String::new();
    std::io::stdin().read_to_string(&mut typed)?;
    let registration = Registration {
        display_name: Line::try_from(name)?,
        contact: Contact::try_from(contact)?,
        password: Password::try_from(typed.trim_end_matches(['\r', '\n']).to_owned())?,
        consents: Vec::new(),
    };
    let hash = Passwords::new(1)?.hash(registration.password.secret()).await.map_err(into_anyhow)?;
    let now = Clock::system().now();
    let today = Clock::system().today();
    db.act(async |conn| {
        let account = identity::create_confirmed(conn, &registration, &hash, false, now).await?;
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
            valid_from: today,
            valid_to: None,
        };
        access::grant(conn, &grant, now).await
    })
    .await
    .map_err(into_anyhow)?;
    db.close().await;
    println!("{} can sign in now", registration.contact.as_str());
    Ok(())
}
