//! What the tests of a fresh resource send: a first row, and another one that differs from it wherever a list can tell.

use super::{
    fields::{FieldKind, FieldSpec, Plain},
    fresh::first_sample,
    listing::Listing,
    relation::Relation,
};
use crate::{
    client::{self, TestClient},
    ground::{Ground, TestSession},
};
use minijinja::{Value, context};
use serde::Serialize;

/// See the module.
pub(super) struct Examples {
    /// What is sent to create one: fields that have to be there.
    payload: Vec<Sent>,
    /// What another one has.
    other: Vec<Sent>,
    /// A field that changes.
    change: Option<Sent>,
    /// What has to be sent.
    has_required: bool,
    /// What each filter lets through.
    filtered: Vec<Filtered>,
    /// A column by which the first one comes first.
    ordered: Option<String>,
    /// Rows that others refer to.
    targets: Vec<Row>,
    /// What writes those.
    session: Option<TestSession>,
}

#[derive(Debug, Serialize)]
struct Sent {
    name: String,
    /// As it is written in Python.
    value: String,
}

#[derive(Debug, Serialize)]
struct Filtered {
    parameter: String,
    column: String,
    /// Whether it lets the other one through, or the first.
    is_other: bool,
}

#[derive(Debug, Serialize)]
struct Row {
    class: String,
    one: String,
    module: String,
    /// Its column that others refer to.
    key: String,
    /// Whether its key is a number in JSON too.
    is_number: bool,
    /// What makes the one that is referred to, and that which another one refers to.
    rows: [String; 2],
    /// Whether what has to be sent refers to it.
    is_required: bool,
}

impl Examples {
    /// What is sent.
    ///
    /// # Errors
    /// What the tests would take and the project doesn't have.
    pub(super) fn of(
        ground: &Ground,
        client: &TestClient,
        specs: &[FieldSpec],
        relations: &[Relation],
        listing: &Listing,
    ) -> Result<Self, String> {
        if client.fixture.is_none() {
            return Err("they take a fixture that gives a client of the app".to_owned());
        }
        let session = session_of(ground).filter(|session| session.is_async() == client.is_async);
        if let (None, [relation, ..]) = (&session, relations) {
            let one = style::words::spoken(&relation.one);
            return Err(format!(
                "they take a fixture that gives a session, to make {one} rows with"
            ));
        }
        let mut targets: Vec<Row> = Vec::new();
        for relation in relations {
            let Some(rows) = relation.rows.clone() else {
                return Err(format!("what makes a row of `{}` can't be told", relation.class));
            };
            match targets.iter_mut().find(|row| row.class == relation.class) {
                Some(row) => row.is_required |= !relation.optional,
                None => targets.push(Row {
                    class: relation.class.clone(),
                    one: relation.one.clone(),
                    module: relation.module.clone(),
                    key: relation.table_key.clone(),
                    is_number: relation.key_type == "int",
                    rows,
                    is_required: !relation.optional,
                }),
            }
        }
        let of = |spec: &FieldSpec, value: Option<String>| {
            let relation = relations.iter().find(|relation| relation.name == spec.name);
            let value = relation.map(|relation| relation.one.clone()).or(value)?;
            let name = spec.column();
            Some(Sent { name, value })
        };
        let second = |spec: &FieldSpec| spec.samples().map(|[_, second]| second);
        let is_told = |spec: &&FieldSpec| spec.kind != FieldKind::Plain(Plain::Json);
        let required = specs.iter().filter(|spec| !spec.optional);
        let change = specs.iter().filter(is_told).find_map(|spec| match spec.kind {
            FieldKind::Plain(_) => of(spec, second(spec)),
            _ => None,
        });
        Ok(Self {
            payload: required.filter_map(|spec| of(spec, first_sample(spec))).collect(),
            other: specs
                .iter()
                .filter(is_told)
                .filter_map(|spec| of(spec, second(spec)))
                .collect(),
            change,
            has_required: specs.iter().any(|spec| !spec.optional && spec.default.is_none()),
            filtered: filtered(specs, listing),
            ordered: ordered(specs, listing),
            targets,
            session,
        })
    }

    /// The same for the template.
    pub(super) fn values(&self, ground: &Ground, client: &TestClient) -> Value {
        let found = ground.client.found();
        let session = self.session.as_ref().map(|session| {
            context! {
                name => session.fixture,
                class => session.class.1,
                class_module => session.class.0,
            }
        });
        let of_tests = context! {
            mark_all => found.map_or_else(|| client::mark(ground.tests), |client| client.mark),
            fixture_decorator => match client.is_async {
                true => found.map_or_else(|| client::decorator(ground.tests), |client| client.fixture_decorator.clone()),
                false => "pytest.fixture".to_owned(),
            },
            session => session,
            payload => self.payload,
            other => self.other,
            change => self.change,
            has_required => self.has_required,
            filtered => self.filtered,
            ordered => self.ordered,
            targets => self.targets,
        };
        context! { ..of_tests, ..Value::from_serialize(client) }
    }
}

/// The fixture of a project, or that of a new one.
fn session_of(ground: &Ground) -> Option<TestSession> {
    let made = || TestSession {
        fixture: "session".to_owned(),
        class: match ground.prefers_sqlmodel {
            true => ("sqlmodel.ext.asyncio.session".to_owned(), "AsyncSession".to_owned()),
            false => ("sqlalchemy.ext.asyncio".to_owned(), "AsyncSession".to_owned()),
        },
    };
    ground.test_session.clone().or_else(|| ground.is_new().then(made))
}

/// What is the same as that of the other one, or not less, lets that one through; what is not more than that of the first one the
/// first.
fn filtered(specs: &[FieldSpec], listing: &Listing) -> Vec<Filtered> {
    let of = |column: &str| specs.iter().find(|spec| spec.column() == column);
    let filters = listing.filters.iter().filter_map(|filter| {
        let spec = of(&filter.column)?;
        let differs = matches!(spec.kind, FieldKind::Reference(_)) || spec.samples().is_some();
        let is_other = filter.operator != "<=";
        let is_sent = is_other || !spec.optional;
        (differs && is_sent).then(|| Filtered {
            parameter: filter.name.clone(),
            column: filter.column.clone(),
            is_other,
        })
    });
    filters.collect()
}

fn ordered(specs: &[FieldSpec], listing: &Listing) -> Option<String> {
    let mut sorts = listing.sorts.iter();
    let is_told = |name: &&String| {
        specs.iter().any(|spec| {
            let has_order =
                matches!(spec.kind, FieldKind::Plain(plain) if plain != Plain::Bool && plain != Plain::Json);
            spec.name == **name && has_order && !spec.optional
        })
    };
    sorts.find(is_told).cloned()
}
