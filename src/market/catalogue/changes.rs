//! What an edit changes, field by field.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::content::Content;
use super::variants::Variant;
use crate::platform::error::Result;

/// A field that is not what it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ListingChange)]
pub struct Change {
    /// JSON path of the field; what has an identity of its own is named by it.
    #[schema(example = "content.label.net_quantity")]
    pub path: String,
    /// What it was; null if it was not there.
    #[schema(value_type = Option<Object>, example = "200 g")]
    pub before: Value,
    /// What it is now; null if it is not there any more.
    #[schema(value_type = Option<Object>, example = "250 g")]
    pub after: Value,
}

/// A state of a listing that buyers read: the content, and the names of packs that come with it.
pub fn state(content: &Content, packs: &[&Variant]) -> Result<Value> {
    let named: Vec<Value> =
        packs.iter().map(|pack| json!({ "sku": pack.sku, "name_vi": pack.name_vi, "name_en": pack.name_en })).collect();
    Ok(json!({ "content": serde_json::to_value(content)?, "variants": named }))
}

/// Every field in which the states differ, by path. Null and missing are the same.
///
/// Of lists, those of objects are compared by their `sku`; those of plain values report each value that came or went,
/// and once more if the values that stayed changed their order.
pub fn changes(before: &Value, after: &Value) -> Vec<Change> {
    let mut found = Vec::new();
    compare("", before, after, &mut found);
    found
}

fn compare(path: &str, before: &Value, after: &Value, found: &mut Vec<Change>) {
    if before == after {
        return;
    }
    match (before, after) {
        (Value::Object(_), Value::Object(_) | Value::Null) | (Value::Null, Value::Object(_)) => {
            compare_objects(path, before.as_object(), after.as_object(), found);
        }
        (Value::Array(_), Value::Array(_) | Value::Null) | (Value::Null, Value::Array(_)) => {
            let items = |value: &Value| value.as_array().cloned().unwrap_or_default();
            compare_lists(path, &items(before), &items(after), found);
        }
        _ => found.push(Change { path: path.to_owned(), before: before.clone(), after: after.clone() }),
    }
}

fn compare_objects(
    path: &str,
    before: Option<&Map<String, Value>>,
    after: Option<&Map<String, Value>>,
    found: &mut Vec<Change>,
) {
    let fields: BTreeSet<&String> = before.into_iter().chain(after).flat_map(Map::keys).collect();
    let value = |object: Option<&Map<String, Value>>, field: &String| {
        object.and_then(|object| object.get(field)).cloned().unwrap_or_default()
    };
    for field in fields {
        let below = if path.is_empty() { field.clone() } else { format!("{path}.{field}") };
        compare(&below, &value(before, field), &value(after, field), found);
    }
}

fn compare_lists(path: &str, before: &[Value], after: &[Value], found: &mut Vec<Change>) {
    let there = |items: &[Value], name: &str| items.iter().find(|item| name_of(item) == name).cloned();
    let went = before.iter().filter(|item| there(after, &name_of(item)).is_none());
    let mut seen = BTreeSet::new();
    for name in after.iter().chain(went).map(name_of).filter(|name| seen.insert(name.clone())) {
        let [was, is] = [before, after].map(|items| there(items, &name).unwrap_or_default());
        compare(&format!("{path}[{name}]"), &was, &is, found);
    }
    let stayed = |items: &[Value], others: &[Value]| -> Vec<Value> {
        items.iter().map(name_of).filter(|name| there(others, name).is_some()).map(Value::from).collect()
    };
    let (was, is) = (stayed(before, after), stayed(after, before));
    if was != is {
        found.push(Change { path: path.to_owned(), before: was.into(), after: is.into() });
    }
}

/// By what an item of a list is known: its `sku`, or itself.
fn name_of(item: &Value) -> String {
    match item.get("sku").unwrap_or(item) {
        Value::String(name) => name.clone(),
        other => other.to_string(),
    }
}
