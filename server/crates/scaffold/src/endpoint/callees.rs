//! The functions of the project that do what an operation is to do: of crud modules and objects, services, repositories.

use super::evidence::Evidence;
use super::ownership::is_owner;
use super::receivers::{Callee, Receiver, receivers};
use super::siblings::name_of;
use base::FileId;
use facts::UnitId;
use style::{Action, Source};

/// The functions that do what is to be done, best first: those that are told whose it is before others.
pub(super) fn functions<'r>(evidence: &Evidence<'_>, receiver: &'r Receiver) -> Vec<&'r Callee> {
    let one = &evidence.resource.one;
    let many = &evidence.resource.many;
    let mut names = candidates(evidence, evidence.action);
    // What no sibling calls must at least speak of the resource.
    names.retain(|name| receiver.weight > 0 || name.contains(one.as_str()) || name.contains(many.as_str()));
    let is_named = |callee: &&Callee| {
        names.iter().any(|name| {
            let rest = callee.name().strip_prefix(name.as_str());
            rest.is_some_and(|rest| {
                ["_with_", "_by_", "_for_", "_of_"]
                    .iter()
                    .any(|word| rest.starts_with(word))
            })
        })
    };
    let told: Vec<&Callee> = match has_owner(evidence) {
        true => receiver
            .functions
            .iter()
            .filter(|callee| is_told(callee) && is_named(callee))
            .collect(),
        false => Vec::new(),
    };
    told.into_iter()
        .chain(names.iter().filter_map(|name| receiver.function(name)))
        .collect()
}

/// Whether a function is told whose something is.
pub(super) fn is_told(callee: &Callee) -> bool {
    callee.read().is_some_and(|(unit, function)| {
        let mut params = function.params.list.iter();
        params.any(|param| is_owner(name_of(unit, param.name)))
    })
}

/// Whether what is done to no item that is there must be told whose it is.
pub(super) fn has_owner(evidence: &Evidence<'_>) -> bool {
    match evidence.action {
        Action::Create => evidence.owner_of_new().is_some(),
        Action::List => evidence.is_scoped() && evidence.owner().is_some(),
        _ => false,
    }
}

/// A function of the project that siblings call.
pub(super) struct Called {
    pub(super) file: FileId,
    /// Where its name begins there.
    pub(super) name_at: u32,
    /// The module that it is imported from by its own name, where it is.
    pub(super) module: Option<String>,
    /// Whether it is a method of a generic class, which reads the resource's rows as it reads those of any table.
    pub(super) is_shared: bool,
}

/// The function behind a call: `prefix` is what stands before its name, with the dot.
pub(super) fn called(evidence: &Evidence<'_>, prefix: &str, name: &str) -> Option<Called> {
    receivers(evidence).into_iter().find_map(|receiver| {
        let callee = receiver.function(name).filter(|_| receiver.prefix == prefix)?;
        let source = Source::read(evidence.ctx.files, callee.file)?;
        Some(Called {
            file: callee.file,
            name_at: source.spans.expr(UnitId::MODULE, callee.read()?.1.name).start,
            is_shared: !callee.types.is_empty() && !receiver.is_of_other(evidence),
            module: receiver.module,
        })
    })
}

/// The names that the function can have, best first; those of the resource before general ones.
fn candidates(evidence: &Evidence<'_>, action: Action) -> Vec<String> {
    let one = &evidence.resource.one;
    let many = &evidence.resource.many;
    let stem = style::words::snake(&evidence.family.stem);
    let verbs: &[&str] = match action {
        Action::List => &["list", "get_all", "get", "read", "find_all", "find", "fetch", "all"],
        Action::Read => &["get", "read", "find", "fetch", "retrieve"],
        Action::Create => &["create", "add", "insert", "register", "new"],
        Action::Replace => &["replace", "put", "update"],
        Action::Update => &["update", "patch", "partial_update", "edit"],
        Action::Delete => &["delete", "remove", "destroy"],
    };
    let mut names = Vec::new();
    for verb in verbs {
        if action == Action::List {
            names.push(format!("{verb}_{many}"));
            names.push(format!("{verb}_{}", style::words::plural(&stem)));
        } else {
            for word in [one, &stem] {
                names.push(format!("{verb}_{word}"));
                names.push(format!("{verb}_{word}_by_id"));
            }
        }
    }
    let general: &[&str] = match action {
        Action::List => &[
            "list",
            "get_all",
            "get_multi",
            "all",
            "find_all",
            "list_all",
            "read_all",
        ],
        Action::Read => &[
            "get",
            "get_by_id",
            "get_one",
            "find_by_id",
            "read",
            "find",
            "retrieve",
            "get_or_404",
        ],
        Action::Create => &["create", "add", "insert"],
        Action::Replace => &["replace", "put", "update"],
        Action::Update => &["update", "patch", "partial_update"],
        Action::Delete => &["delete", "remove", "delete_by_id", "destroy"],
    };
    names.extend(general.iter().map(|name| (*name).to_owned()));
    names
}

/// The receiver's function that reads one by its key.
pub(super) fn reader<'r>(evidence: &Evidence<'_>, receiver: &'r Receiver) -> Option<&'r Callee> {
    let names = candidates(evidence, Action::Read);
    let mut found = names.iter().filter_map(|name| receiver.function(name));
    found.find(|callee| {
        let keys = callee.read().map_or(0, |(unit, function)| {
            let params = function.params.list.iter().skip(usize::from(receiver.is_class));
            let needed = params.filter(|param| param.default.is_none());
            needed
                .filter(|param| !speaks_of_session(name_of(unit, param.name), ""))
                .count()
        });
        keys == 1
    })
}

pub(super) fn speaks_of_session(name: &str, annotation: &str) -> bool {
    annotation.contains("Session") || matches!(name, "session" | "db" | "db_session")
}
