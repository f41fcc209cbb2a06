//! The house holds: floors, where SQL lives, no way around the walls, no endless files, no problem nobody ever saw.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::Visit;

/// The one list of floors, from the ground up. A room may use what stands below its floor, never beside, never above.
const FLOORS: &[&[&str]] = &[
    &["kernel"],
    &["platform"],
    &["adapters"],
    &["config"],
    &["app"],
    &["calendar", "places"],
    &["people::audit", "people::notify"],
    &["people::identity"],
    &["people::access"],
    &["people::policies"],
    &["market::cases", "market::media"],
    &["market::sellers"],
    &["market::certification"],
    &["market::assessment", "market::screening"],
    &["market::catalogue"],
    &["market::measures"],
    &["trade::ledger", "trade::rates"],
    &["trade::webhooks"],
    &["trade::inventory", "trade::payments", "trade::vouchers"],
    &["trade::shipping"],
    &["trade::orders"],
    &["trade::returns"],
    &["trade::reviews"],
    &["trade::complaints"],
    &["trade::payouts"],
    &["trade::statements"],
    &["front::shelf"],
    &["front::statistics"],
    &["front::moderation"],
    &["routes", "worker"],
    &["simulator"],
    &["seed"],
    &["cli"],
];

/// Files that may be longer than [`LINES`], each with its reason.
const LONG: &[(&str, &str)] = &[];
const LINES: usize = 400;

struct Source {
    /// Relative to `src`.
    path: PathBuf,
    text: String,
}

impl Source {
    fn name(&self) -> String {
        self.path.to_string_lossy().into_owned()
    }

    fn file_name(&self) -> &str {
        self.path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
    }

    /// Whether this is a slice's `store.rs`, or a file of its `store/`.
    fn is_store(&self) -> bool {
        self.path.iter().any(|part| part == "store" || part == "store.rs")
    }

    fn is_endpoints(&self) -> bool {
        self.path.iter().any(|part| ["http", "http.rs", "admin", "admin.rs"].iter().any(|name| part == *name))
    }
}

fn sources(root: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(root);
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.push(Source { path: path.strip_prefix(&root).unwrap().to_owned(), text });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// The room a module path lies in: the longest entry of [`FLOORS`] it begins with, and its floor.
fn room_of(segments: &[String]) -> Option<(&'static str, usize)> {
    let path = segments.join("::");
    FLOORS
        .iter()
        .enumerate()
        .flat_map(|(floor, rooms)| rooms.iter().map(move |room| (*room, floor)))
        .filter(|(room, _)| path == *room || path.starts_with(&format!("{room}::")))
        .max_by_key(|(room, _)| room.len())
}

/// The module a file is, as segments.
fn module_of(path: &Path) -> Vec<String> {
    path.with_extension("")
        .iter()
        .map(|part| part.to_string_lossy().into_owned())
        .filter(|part| part != "mod" && part != "lib" && part != "main")
        .collect()
}

/// Every absolute path (`crate::…`) a file mentions, in `use` or inline.
#[derive(Default)]
struct Mentions(Vec<Vec<String>>);

impl Mentions {
    fn tree(&mut self, before: &[String], tree: &syn::UseTree) {
        let with = |ident: &syn::Ident| before.iter().cloned().chain([ident.to_string()]).collect::<Vec<_>>();
        match tree {
            syn::UseTree::Path(path) => self.tree(&with(&path.ident), &path.tree),
            syn::UseTree::Name(name) => self.0.push(with(&name.ident)),
            syn::UseTree::Rename(rename) => self.0.push(with(&rename.ident)),
            syn::UseTree::Glob(_) => self.0.push(before.to_vec()),
            syn::UseTree::Group(group) => group.items.iter().for_each(|item| self.tree(before, item)),
        }
    }
}

impl<'ast> Visit<'ast> for Mentions {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.tree(&[], &item.tree);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.0.push(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        syn::visit::visit_path(self, path);
    }
}

#[test]
fn nobody_reaches_upward_or_sideways() {
    let mut wrong = BTreeSet::new();
    let mut seen = 0;
    for source in sources("src") {
        let module = module_of(&source.path);
        let Some((room, floor)) = room_of(&module) else { continue };
        let mut mentions = Mentions::default();
        mentions.visit_file(&syn::parse_file(&source.text).unwrap());
        for mentioned in mentions.0 {
            if mentioned.first().is_none_or(|first| first != "crate") {
                continue;
            }
            seen += 1;
            match room_of(&mentioned[1..]) {
                Some((target, target_floor)) if target == room || target_floor < floor => {}
                _ => {
                    wrong.insert(format!("{} uses {}", source.name(), mentioned.join("::")));
                }
            }
        }
    }
    assert!(seen > 100, "the imports were not found");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_file_stands_in_a_room() {
    let homeless: Vec<_> = sources("src")
        .iter()
        .filter(|source| {
            let module = module_of(&source.path);
            let is_wing = module.len() == 1 && source.file_name() == "mod.rs";
            !module.is_empty() && !is_wing && room_of(&module).is_none()
        })
        .map(Source::name)
        .collect();
    assert!(homeless.is_empty(), "{homeless:#?}");
}

#[test]
fn sql_lives_in_stores() {
    let strays: Vec<_> = sources("src")
        .iter()
        .filter(|source| !source.is_store() && !source.path.starts_with("platform"))
        .filter(|source| source.text.contains("sqlx::query"))
        .map(Source::name)
        .collect();
    assert!(strays.is_empty(), "{strays:#?}");
}

#[test]
fn no_endpoint_goes_around_the_walls() {
    const IN_ENDPOINTS: [&str; 3] = ["State<App>", ".db.", "Scoped::new"];
    const AT_A_SPLIT: [&str; 4] = ["(_", ", _", "..)", ".0"];
    let mut wrong = Vec::new();
    for source in sources("src") {
        for (number, line) in source.text.lines().enumerate() {
            let around = source.is_endpoints() && IN_ENDPOINTS.iter().any(|way| line.contains(way))
                || line.contains(".split()") && AT_A_SPLIT.iter().any(|way| line.contains(way));
            if around {
                wrong.push(format!("{}:{}: {}", source.name(), number + 1, line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn files_stay_short() {
    let long: Vec<_> = sources("src")
        .iter()
        .filter(|source| source.text.lines().count() > LINES)
        .map(Source::name)
        .filter(|name| !LONG.iter().any(|(known, _)| known == name))
        .collect();
    assert!(long.is_empty(), "split along a seam, or give a reason in LONG: {long:#?}");
}

#[test]
fn every_problem_code_is_unique_and_raised_by_a_test() {
    let tests: String = sources("tests/it").iter().map(|source| source.text.as_str()).collect();
    let mut codes = BTreeSet::new();
    let mut unseen = Vec::new();
    for source in sources("src") {
        for after in source.text.split(" code: \"").skip(1) {
            let code = after.split('"').next().unwrap();
            assert!(codes.insert(code.to_owned()), "two problems are called {code}");
            if !tests.contains(&format!("\"{code}\"")) {
                unseen.push(code.to_owned());
            }
        }
    }
    assert!(codes.len() > 20);
    assert!(unseen.is_empty(), "no test raises {unseen:#?}");
}
