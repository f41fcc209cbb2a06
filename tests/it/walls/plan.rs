//! The operations, out of the documents themselves.

use std::fmt;

use axum::http::Method;
use ocop_market::people::access::{DecideCases, HandOverCases, PERMISSIONS, Permission as _};
use ocop_market::routes;
use serde_json::Value;

/// Who an operation is for, as its document declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Policy {
    Public,
    Account,
    /// A function of a shop's member.
    Shop(String),
    /// A permission of an officer.
    Officer(String),
}

/// One method on one path.
#[derive(Debug, Clone)]
pub struct Operation {
    pub method: Method,
    pub path: String,
    pub policy: Policy,
    /// Path parameters, in order.
    pub params: Vec<String>,
    pub example: Option<Value>,
    pub content_type: String,
}

impl Operation {
    /// Whether the path names something that belongs to somebody.
    pub fn names_something(&self) -> bool {
        // A purpose, a code or a slug is everybody's word, anybody's cart takes what is for sale, and anybody reports what
        // is published.
        let names = |param: &String| !["purpose", "code", "slug", "name", "kind", "month"].contains(&param.as_str());
        let is_open = ["/v1/cart/", "/v1/reviews/"].iter().any(|path| self.path.starts_with(path));
        !is_open && self.params.iter().any(names)
    }

    /// Whether it changes what holds in the whole country: a province's officers may not, whatever their function.
    pub fn is_national(&self) -> bool {
        let of_the_country = ["/admin/v1/screening_rules", "/admin/v1/screening_terms", "/admin/v1/departments"];
        let of_the_search = self.path.starts_with("/admin/v1/search_");
        let written = self.method != Method::GET && of_the_country.iter().any(|path| self.path.starts_with(path));
        let of_the_books = matches!(&self.policy, Policy::Officer(permission) if permission == "money.manage");
        written || of_the_books || of_the_search || self.path.starts_with("/admin/v1/policies")
    }

    /// Whether a right person's success would take the fixture away from the operations after it.
    pub fn ends_what_it_names(&self) -> bool {
        self.method == Method::DELETE
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ({:?})", self.method, self.path, self.policy)
    }
}

/// Every operation of both documents, in the order of their paths; those that end something come last.
pub fn operations() -> Vec<Operation> {
    let mut found = Vec::new();
    for document in [routes::public_api().1, routes::officers_api().1] {
        let document = serde_json::to_value(&document).unwrap();
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let Ok(method) = method.to_uppercase().parse::<Method>() else { continue };
                found.push(read(&document, path, method, operation));
            }
        }
    }
    assert!(found.len() > 20, "the documents are empty");
    found.sort_by_key(|operation| {
        let ends = operation.ends_what_it_names();
        (ends, ends && operation.path.starts_with("/v1/sessions"), operation.path.clone())
    });
    found
}

fn read(document: &Value, path: &str, method: Method, operation: &Value) -> Operation {
    let what = format!("{method} {path}");
    let params: Vec<String> =
        path.split('/').filter_map(|part| Some(part.strip_prefix('{')?.trim_end_matches('}').to_owned())).collect();
    let content = operation["requestBody"]["content"].as_object();
    let (content_type, example) = match content.and_then(|content| content.iter().next()) {
        None => ("application/json".to_owned(), None),
        Some((content_type, media)) if content_type == "application/json" => {
            let example = example_of(document, &media["schema"]).or_else(|| media.get("example").cloned());
            let example = example.unwrap_or_else(|| panic!("{what} has a body without an example"));
            (content_type.clone(), Some(example))
        }
        Some((content_type, _)) => (content_type.clone(), Some(Value::Null)),
    };
    let policy = policy(&what, path, &operation["security"]);
    Operation { method, path: path.to_owned(), policy, params, example, content_type }
}

fn example_of(document: &Value, schema: &Value) -> Option<Value> {
    let name = schema["$ref"].as_str()?.rsplit('/').next()?;
    let schema = &document["components"]["schemas"][name];
    schema.get("example").or_else(|| schema["examples"].get(0)).cloned()
}

fn policy(what: &str, path: &str, security: &Value) -> Policy {
    let requirements = security.as_array().unwrap_or_else(|| panic!("{what} declares no policy"));
    let Some(scopes) = requirements.first().and_then(|requirement| requirement.get("session")) else {
        return Policy::Public;
    };
    let scope = scopes[0].as_str().unwrap_or_else(|| panic!("{what} declares no policy")).to_owned();
    if scope == "account" {
        Policy::Account
    } else if path.starts_with("/admin/") {
        let known =
            PERMISSIONS.contains(&scope.as_str()) || [DecideCases::NAME, HandOverCases::NAME].contains(&&*scope);
        assert!(known, "{what}: no such permission {scope}");
        Policy::Officer(scope)
    } else {
        Policy::Shop(scope)
    }
}
