//! Accounts: registering, proving a contact is one's own, signing in and out, consent, and the second factor of officers.
//!
//! A session is an opaque 256-bit token, stored hashed; a password change ends them all. Whoever tries passwords or
//! codes is counted before anything dear is computed, per claimed name and per network address, and an unknown account
//! answers like a wrong password, in the same time.

mod codes;
pub mod http;
pub mod jobs;
mod model;
mod second_factor;
mod sessions;
mod signed_in;
mod store;
mod throttle;

pub use model::{Account, Consent, Contact, Password, Registration};
pub use second_factor::{ISSUER, give as give_second_factor, remove as remove_second_factor};
pub use signed_in::{ACCOUNT_NEEDED, Buyer, SIGN_IN_FIRST, SignedIn};
pub use throttle::{count_invitation, count_order_lookup};

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::kernel::AccountId;
use crate::people::notify::{self, Message};
use crate::platform::error::{Error, Result};

/// Whether any contact of the account has been confirmed; a shop can be submitted only then.
pub async fn has_confirmed_contact(conn: &mut PgConnection, account: AccountId) -> Result<bool> {
    store::has_confirmed_contact(conn, account).await
}

/// Where the account can be reached for certain.
pub async fn confirmed_contacts(conn: &mut PgConnection, account: AccountId) -> Result<Vec<Contact>> {
    store::confirmed_contacts(conn, account).await
}

/// Writes to every confirmed contact of the account. What was written is handed back, for the demo's log.
pub async fn write(
    conn: &mut PgConnection,
    account: AccountId,
    subject: &str,
    body: &str,
    now: DateTime<Utc>,
) -> Result<Vec<Message>> {
    let mut written = Vec::new();
    for contact in store::confirmed_contacts(conn, account).await? {
        let message = Message {
            channel: contact.channel(),
            recipient: contact.as_str().to_owned(),
            subject: subject.to_owned(),
            body: body.to_owned(),
        };
        notify::send(conn, &message, now).await?;
        written.push(message);
    }
    Ok(written)
}

/// Forgets the guests of before `then` who bought nothing.
pub async fn forget_guests(conn: &mut PgConnection, then: DateTime<Utc>) -> Result<()> {
    store::forget_guests(conn, then).await
}

/// Whether any account was made for the demonstration, and so has its published password.
pub async fn has_demo_accounts(conn: &mut PgConnection) -> Result<bool> {
    store::has_demo_accounts(conn).await
}

/// The name the account shows to others.
pub async fn display_name(conn: &mut PgConnection, account: AccountId) -> Result<String> {
    store::display_name(conn, account).await
}

/// An account made by an operator or by the demo rather than by registering: its contact counts as confirmed.
pub async fn create_confirmed(
    conn: &mut PgConnection,
    registration: &Registration,
    password_hash: &str,
    demo: bool,
    now: DateTime<Utc>,
) -> Result<AccountId> {
    let account = AccountId::new(now);
    store::insert_account(conn, account, &registration.display_name, password_hash, demo, now).await?;
    if !store::insert_contact(conn, account, &registration.contact, now).await? {
        return Err(Error::from(&http::CONTACT_TAKEN));
    }
    store::confirm_contact(conn, &registration.contact, now).await?;
    for consent in &registration.consents {
        store::give_consent(conn, account, consent, now).await?;
    }
    Ok(account)
}

/// The account that has proved the contact to be its own: whoever only claims it is nobody to others.
pub async fn find_by_contact(conn: &mut PgConnection, contact: &Contact) -> Result<Option<AccountId>> {
    Ok(store::find_by_contact(conn, contact).await?.filter(|found| found.confirmed).map(|found| found.account_id))
}

/// Lets nobody else count what the account has until the transaction ends: for a maximum to hold.
pub async fn lock(conn: &mut PgConnection, account: AccountId) -> Result<()> {
    store::lock(conn, account).await
}
