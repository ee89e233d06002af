//! What the list of a fresh resource can be asked for: which rows, in which order, in which pages.

use super::fields::{FieldKind, FieldSpec, Plain};
use crate::Refusal;
use serde::{Deserialize, Serialize};

/// How a list is parted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PageKind {
    /// By `limit` and `offset`, with the total.
    Offset,
    /// By `limit` and `cursor`, each page with the cursor of the next one.
    Cursor,
}

/// What is asked of a list, as it is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'r> {
    /// The fields that it is filtered by; those that are usual where nothing is said.
    pub(super) filter: Option<&'r [String]>,
    /// The fields that it is sorted by; those that are usual where nothing is said.
    pub(super) sort: Option<&'r [String]>,
    /// How it is parted; as the project's pages are where nothing is said.
    pub(super) page: Option<PageKind>,
}

impl Asked<'_> {
    /// Whether anything is asked for that is not by itself so.
    pub(super) fn says_something(&self) -> bool {
        self.filter.is_some() || self.sort.is_some() || self.page.is_some()
    }
}

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Listing {
    pub(super) filters: Vec<Filter>,
    /// Columns.
    pub(super) sorts: Vec<String>,
    pub(super) is_cursor: bool,
}

/// A query parameter that narrows a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Filter {
    /// The parameter.
    pub(crate) name: String,
    pub(crate) column: String,
    pub(crate) annotation: String,
    /// How the column is compared with it.
    pub(crate) operator: &'static str,
}

/// The column that says when a row was made.
const MADE: &str = "created_at";

/// Parameters that lists have anyway.
const TAKEN: [&str; 4] = ["limit", "offset", "cursor", "sort"];

impl Listing {
    /// Reads what is asked for; `key_type` gives the type of the key that a reference leads to.
    ///
    /// # Errors
    /// Where there is no such field, or it is none to filter or sort by.
    pub(super) fn read(
        asked: Asked<'_>,
        specs: &[FieldSpec],
        has_cursors: bool,
        key_type: &dyn Fn(&FieldSpec) -> String,
    ) -> Result<Self, Refusal> {
        let is_cursor = asked.page.map_or(has_cursors, |page| page == PageKind::Cursor);
        let filters = match asked.filter {
            Some(names) => {
                let named = names.iter().map(|name| of_name(name, specs, key_type));
                named.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect()
            }
            None => usual_filters(specs, key_type),
        };
        if let Some(twice) = twice(&filters) {
            let why = "another parameter of the list has this name".to_owned();
            return Err(Refusal::BadField(twice.to_owned(), why));
        }
        let sorts = match asked.sort {
            Some([first, ..]) if is_cursor => {
                let why = "pages by cursor have one order, the newest first".to_owned();
                return Err(Refusal::BadField(first.clone(), why));
            }
            Some([]) => Vec::new(),
            Some(names) => sorted_by(names, specs)?,
            None if is_cursor => Vec::new(),
            None => usual_sorts(specs),
        };
        Ok(Self {
            filters,
            sorts,
            is_cursor,
        })
    }
}

/// A parameter that two fields would have, or that lists have anyway.
fn twice(filters: &[Filter]) -> Option<&str> {
    let mut names = filters.iter().map(|filter| filter.name.as_str()).enumerate();
    let is_twice =
        |at: usize, name: &str| TAKEN.contains(&name) || filters[..at].iter().any(|filter| filter.name == name);
    names.find(|(at, name)| is_twice(*at, name)).map(|(_, name)| name)
}

/// Choices, and what a row belongs to.
fn usual_filters(specs: &[FieldSpec], key_type: &dyn Fn(&FieldSpec) -> String) -> Vec<Filter> {
    let is_usual = |spec: &&FieldSpec| {
        let is_choice = matches!(
            spec.kind,
            FieldKind::Enum(_) | FieldKind::Reference(_) | FieldKind::Plain(Plain::Bool)
        );
        is_choice && !TAKEN.contains(&spec.column().as_str())
    };
    let usual = specs.iter().filter(is_usual);
    usual.flat_map(|spec| of_field(spec, key_type)).collect()
}

/// When it was made, and what has an order that people see.
fn usual_sorts(specs: &[FieldSpec]) -> Vec<String> {
    let is_usual = |spec: &&FieldSpec| {
        matches!(
            spec.kind,
            FieldKind::Plain(Plain::Str | Plain::Int | Plain::Float | Plain::Decimal | Plain::Date | Plain::Datetime)
        )
    };
    let usual = specs.iter().filter(is_usual).map(|spec| spec.name.clone());
    std::iter::once(MADE.to_owned()).chain(usual).collect()
}

fn sorted_by(names: &[String], specs: &[FieldSpec]) -> Result<Vec<String>, Refusal> {
    let mut sorts = vec![MADE.to_owned()];
    for name in names {
        let spec = specs.iter().find(|spec| spec.name == *name);
        let is_sortable = spec.is_some_and(|spec| match &spec.kind {
            FieldKind::Plain(plain) => *plain != Plain::Json,
            FieldKind::Enum(_) => true,
            FieldKind::Reference(_) => false,
        });
        if !is_sortable && name != MADE {
            let can = specs
                .iter()
                .filter(|spec| !matches!(spec.kind, FieldKind::Reference(_)));
            return Err(unknown(name, "sort", can.map(|spec| spec.name.as_str())));
        }
        if !sorts.contains(name) {
            sorts.push(name.clone());
        }
    }
    Ok(sorts)
}

fn of_name(name: &str, specs: &[FieldSpec], key_type: &dyn Fn(&FieldSpec) -> String) -> Result<Vec<Filter>, Refusal> {
    if name == MADE {
        return Ok(range(MADE, "AwareDatetime", "", ["from", "to"]));
    }
    let spec = specs.iter().find(|spec| spec.name == name || spec.column() == name);
    match spec {
        Some(spec) if spec.kind != FieldKind::Plain(Plain::Json) => Ok(of_field(spec, key_type)),
        _ => Err(unknown(name, "filter", specs.iter().map(|spec| spec.name.as_str()))),
    }
}

fn unknown<'s>(name: &str, what: &str, fields: impl Iterator<Item = &'s str>) -> Refusal {
    let fields: Vec<&str> = fields.chain([MADE]).collect();
    Refusal::BadField(name.to_owned(), format!("a list can {what} by {}", fields.join(", ")))
}

/// The parameters of a field: one where it is the same or not, two where it lies between.
fn of_field(spec: &FieldSpec, key_type: &dyn Fn(&FieldSpec) -> String) -> Vec<Filter> {
    match &spec.kind {
        FieldKind::Enum(_) => vec![equal(&spec.name, &spec.literal(), "")],
        FieldKind::Reference(_) => {
            let key = key_type(spec);
            vec![equal(&spec.column(), &key, super::relation::key_limits(&key))]
        }
        FieldKind::Plain(plain) => {
            let schema = plain.spelling().schema;
            let limits = spec.limits_of(*plain);
            match plain {
                Plain::Int | Plain::Float | Plain::Decimal => range(&spec.name, schema, limits, ["min", "max"]),
                Plain::Date | Plain::Datetime => range(&spec.name, schema, limits, ["from", "to"]),
                Plain::Str | Plain::Text | Plain::Url | Plain::Email => vec![equal(&spec.name, "str", longest(limits))],
                Plain::Bool | Plain::Uuid => vec![equal(&spec.name, schema, "")],
                Plain::Json => Vec::new(),
            }
        }
    }
}

/// Of the limits of a text only its longest length: what is shorter or of another form matches nothing, and harms nothing.
fn longest(limits: &str) -> &str {
    let mut parts = limits.split(", ");
    parts.find(|limit| limit.starts_with("max_length=")).unwrap_or("")
}

/// A parameter for what a column is.
pub(crate) fn equal(column: &str, ty: &str, limits: &str) -> Filter {
    parameter(column.to_owned(), column, ty, limits, "==")
}

/// The parameters for what a column lies between.
pub(crate) fn range(column: &str, ty: &str, limits: &str, [low, high]: [&str; 2]) -> Vec<Filter> {
    vec![
        parameter(format!("{column}_{low}"), column, ty, limits, ">="),
        parameter(format!("{column}_{high}"), column, ty, limits, "<="),
    ]
}

fn parameter(name: String, column: &str, ty: &str, limits: &str, operator: &'static str) -> Filter {
    let annotation = match limits {
        "" => format!("{ty} | None"),
        limits => format!("Annotated[{ty} | None, Query({limits})]"),
    };
    Filter {
        name,
        column: column.to_owned(),
        annotation,
        operator,
    }
}

#[cfg(test)]
mod tests {
    use super::{super::fields, *};

    fn listing(written: &[&str], filter: Option<&[&str]>, sort: Option<&[&str]>) -> Result<Listing, Refusal> {
        let specs: Vec<FieldSpec> = written.iter().map(|field| fields::read(field).unwrap()).collect();
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<String>>();
        let (filter, sort) = (filter.map(owned), sort.map(owned));
        let asked = Asked {
            filter: filter.as_deref(),
            sort: sort.as_deref(),
            page: None,
        };
        Listing::read(asked, &specs, false, &|_| "int".to_owned())
    }

    fn names(listing: &Listing) -> Vec<&str> {
        listing.filters.iter().map(|filter| filter.name.as_str()).collect()
    }

    #[test]
    fn choices_and_owners_are_filtered_by_and_what_has_an_order_is_sorted_by() {
        let fields = [
            "title:str",
            "state:enum(a|b)",
            "is_open:bool?",
            "owner:User",
            "extra:json",
        ];
        let listing = listing(&fields, None, None).unwrap();
        assert_eq!(names(&listing), ["state", "is_open", "owner_id"]);
        assert_eq!(listing.sorts, ["created_at", "title"]);
        assert_eq!(
            listing.filters[2].annotation,
            "Annotated[int | None, Query(ge=1, le=2_147_483_647)]"
        );
    }

    #[test]
    fn what_has_an_order_is_filtered_from_and_to() {
        let fields = ["title:str", "price:decimal", "opened:date"];
        let listing = listing(&fields, Some(&["title", "price", "opened", "created_at"]), Some(&[])).unwrap();
        let expected = [
            "title",
            "price_min",
            "price_max",
            "opened_from",
            "opened_to",
            "created_at_from",
            "created_at_to",
        ];
        assert_eq!(names(&listing), expected);
        assert!(listing.sorts.is_empty());
    }

    #[test]
    fn what_no_list_can_be_asked_for_is_refused() {
        for (filter, sort, part) in [
            (
                Some(&["name"][..]),
                None,
                "can filter by title, extra, limit, created_at",
            ),
            (Some(&["extra"]), None, "can filter by"),
            (Some(&["limit"]), None, "another parameter"),
            (Some(&["title", "title"]), None, "another parameter"),
            (None, Some(&["extra"][..]), "can sort by"),
        ] {
            let fields = ["title:str", "extra:json", "limit:bool"];
            let refusal = listing(&fields, filter, sort).unwrap_err().to_string();
            assert!(refusal.contains(part), "{refusal}");
        }
        // By itself it takes no such name.
        assert_eq!(names(&listing(&["limit:bool"], None, None).unwrap()), [""; 0]);
    }
}
