//! Officers' grants: by department, by province, by date. A shop's members: by role.

mod departments;
mod grants;
mod members;

use serde_json::{Value, json};

use crate::support::{Actor, TestApp};

fn grant_to(officer: &Actor, department: &str, role: &str, app: &TestApp) -> Value {
    grant_by(officer.contact(), department, role, app)
}

fn grant_by(contact: &str, department: &str, role: &str, app: &TestApp) -> Value {
    json!({ "contact": contact, "department": department, "role": role, "valid_from": app.clock.today() })
}
