//! What a path operation does to a resource, read off its method and path.

use crate::words;

/// The operations that a resource usually has, in the order in which they are usually written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// `GET /items`.
    List,
    /// `GET /items/{item_id}`.
    Read,
    /// `POST /items`.
    Create,
    /// `PUT /items/{item_id}`.
    Replace,
    /// `PATCH /items/{item_id}`.
    Update,
    /// `DELETE /items/{item_id}`.
    Delete,
}

impl Action {
    /// All actions in order.
    pub const ALL: [Action; 6] = [
        Action::List,
        Action::Create,
        Action::Read,
        Action::Replace,
        Action::Update,
        Action::Delete,
    ];

    /// The HTTP method.
    #[must_use]
    pub fn method(self) -> &'static str {
        match self {
            Action::List | Action::Read => "GET",
            Action::Create => "POST",
            Action::Replace => "PUT",
            Action::Update => "PATCH",
            Action::Delete => "DELETE",
        }
    }

    /// Whether its path ends in the parameter of one item.
    #[must_use]
    pub fn is_of_one(self) -> bool {
        !matches!(self, Action::List | Action::Create)
    }

    /// Whether it takes a body.
    #[must_use]
    pub fn has_body(self) -> bool {
        matches!(self, Action::Create | Action::Replace | Action::Update)
    }

    /// Whether it changes something.
    #[must_use]
    pub fn is_write(self) -> bool {
        !matches!(self, Action::List | Action::Read)
    }

    /// The action of a method on a path, and the path of the collection.
    #[must_use]
    pub fn of(method: &str, path: &str) -> Option<(Action, String)> {
        let (collection, item) = split_item(path);
        let action = match (method, item.is_some()) {
            ("GET", false) => Action::List,
            ("POST", false) => Action::Create,
            ("GET", true) => Action::Read,
            ("PUT", true) => Action::Replace,
            ("PATCH", true) => Action::Update,
            ("DELETE", true) => Action::Delete,
            _ => return None,
        };
        Some((action, collection.to_owned()))
    }

    /// Verbs for its function, the usual one first.
    #[must_use]
    pub fn verbs(self) -> &'static [&'static str] {
        match self {
            Action::List => &["list", "read", "get", "get_all", "fetch", "find"],
            Action::Read => &["read", "get", "retrieve", "fetch", "find", "show"],
            Action::Create => &["create", "add", "insert", "post", "new", "make"],
            Action::Replace => &["replace", "put", "update", "set"],
            Action::Update => &["update", "patch", "partial_update", "edit", "change"],
            Action::Delete => &["delete", "remove", "destroy"],
        }
    }
}

/// Splits `/items/{item_id}` into `/items` and `item_id`; a closing slash is not part of either.
#[must_use]
pub fn split_item(path: &str) -> (&str, Option<&str>) {
    let trimmed = path.strip_suffix('/').unwrap_or(path);
    let (head, last) = trimmed
        .rfind('/')
        .map_or(("", trimmed), |at| (&trimmed[..at], &trimmed[at + 1..]));
    match parameter(last) {
        Some(name) => (head, Some(name)),
        None => (trimmed, None),
    }
}

/// The name of a path segment that is one parameter, its converter left out.
#[must_use]
pub fn parameter(segment: &str) -> Option<&str> {
    let inner = segment.strip_prefix('{')?.strip_suffix('}')?;
    let name = inner.split(':').next().unwrap_or(inner);
    words::is_identifier(name).then_some(name)
}

/// A function's name with the words for one and many of its resource replaced by holes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NamePattern(String);

impl NamePattern {
    /// The pattern of `name` for a resource; nothing where the name does not speak of it.
    #[must_use]
    pub fn of(name: &str, one: &str, many: &str) -> Option<Self> {
        let padded = format!("_{name}_");
        for (word, hole) in [(many, "{many}"), (one, "{one}")] {
            if word.is_empty() || (hole == "{many}" && one == many) {
                continue;
            }
            if let Some(at) = padded.find(&format!("_{word}_")) {
                let pattern = format!("{}_{hole}_{}", &padded[..at], &padded[at + word.len() + 2..]);
                return Some(Self(pattern.trim_matches('_').to_owned()));
            }
        }
        None
    }

    /// `verb_{one}`, or `verb_{many}` for lists.
    #[must_use]
    pub fn usual(action: Action, verb: &str) -> Self {
        let hole = if action == Action::List { "{many}" } else { "{one}" };
        Self(format!("{verb}_{hole}"))
    }

    /// Whether anything but the resource's own name is in it.
    pub(crate) fn has_verb(&self) -> bool {
        self.0 != "{one}" && self.0 != "{many}"
    }

    /// The pattern for lists that goes with one for a single item (`get_{many}` for `get_{one}`), and the other way round.
    #[must_use]
    pub fn counterpart(&self) -> Self {
        Self(if self.0.contains("{one}") {
            self.0.replace("{one}", "{many}").replace("_by_id", "")
        } else {
            self.0
                .replace("{many}", "{one}")
                .replace("get_all_", "get_")
                .replace("list_", "read_")
        })
    }

    /// The function name for a resource.
    #[must_use]
    pub fn fill(&self, one: &str, many: &str) -> String {
        self.0.replace("{one}", one).replace("{many}", many)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_are_read_off_method_and_path() {
        assert_eq!(Action::of("GET", "/items/"), Some((Action::List, "/items".into())));
        assert_eq!(Action::of("GET", "/{id:int}"), Some((Action::Read, String::new())));
        assert_eq!(
            Action::of("PATCH", "/a/{b}/c/{d}"),
            Some((Action::Update, "/a/{b}/c".into()))
        );
        assert_eq!(Action::of("POST", "/items/{item_id}"), None);
    }

    #[test]
    fn name_patterns_carry_over() {
        let pattern = NamePattern::of("get_item_by_id", "item", "items").unwrap();
        assert_eq!(pattern.fill("hero", "heroes"), "get_hero_by_id");
        let many = NamePattern::of("read_items", "item", "items").unwrap();
        assert_eq!(many.fill("hero", "heroes"), "read_heroes");
        assert_eq!(NamePattern::of("health", "item", "items"), None);
    }
}
