//! What schemas are called, by what they are for: patterns with a hole for the resource's name.

use crate::Context;
use model::{Fact, Operation, Role, Schema, SchemaId, SchemaKind};
use style::{Habit, Votes};

/// What a schema is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SchemaUse {
    /// The body that creates one.
    Create,
    /// The body that changes some of its fields.
    Update,
    /// The body that takes its place.
    Replace,
    /// What clients get.
    Read,
}

impl SchemaUse {
    /// Names that are in use, the usual one first.
    fn patterns(self) -> &'static [&'static str] {
        match self {
            Self::Create => &[
                "{}Create",
                "Create{}",
                "{}In",
                "New{}",
                "{}Input",
                "{}CreateRequest",
                "Create{}Request",
                "{}CreateSchema",
                "Create{}Schema",
                "{}Request",
                "{}Base",
                "{}",
            ],
            Self::Update => &[
                "{}Update",
                "Update{}",
                "{}Patch",
                "{}Partial",
                "{}PartialUpdate",
                "{}UpdateRequest",
                "Update{}Request",
                "{}UpdateSchema",
                "Update{}Schema",
                "{}Edit",
            ],
            Self::Replace => &["{}Replace", "{}Put", "{}PutRequest"],
            Self::Read => &[
                "{}Read",
                "{}Public",
                "{}Out",
                "{}Response",
                "{}Output",
                "{}Schema",
                "{}Detail",
                "{}DTO",
                "{}",
            ],
        }
    }

    fn set(self, ctx: &Context<'_>) -> Option<String> {
        match self {
            Self::Create => ctx.preferences.create_schema.clone(),
            Self::Update => ctx.preferences.update_schema.clone(),
            Self::Replace => None,
            Self::Read => ctx.preferences.read_schema.clone(),
        }
    }

    /// The schemas that an operation has for this.
    fn used<'a>(self, ctx: &Context<'a>, operation: &'a Operation) -> Vec<&'a Schema> {
        let method = match operation.methods.as_slice() {
            [method] => &**method,
            _ => "",
        };
        let ids: Vec<SchemaId> = match (self, method) {
            (Self::Create, "POST") | (Self::Update, "PATCH" | "PUT") => body(ctx, operation),
            (Self::Read, _) => operation
                .response_model
                .iter()
                .flat_map(|ty| ty.schemas.clone())
                .collect(),
            _ => Vec::new(),
        };
        let schemas = ids.into_iter().filter_map(|id| ctx.model.schemas.get(id.0 as usize));
        schemas.filter(|schema| is_data(schema.kind)).collect()
    }
}

/// The names of a resource's schemas for a purpose, the likeliest first: as it is set, as the project has them, as they are
/// usual.
pub(crate) fn candidates(ctx: &Context<'_>, purpose: SchemaUse, stem: &str) -> Vec<String> {
    let first = usual(ctx, purpose).value;
    let others = purpose.patterns().iter().filter(|pattern| **pattern != first);
    let patterns = std::iter::once(first.as_str()).chain(others.copied());
    patterns.map(|pattern| pattern.replace("{}", stem)).collect()
}

/// The name of a new schema.
pub(crate) fn usual_name(ctx: &Context<'_>, purpose: SchemaUse, stem: &str) -> String {
    usual(ctx, purpose).value.replace("{}", stem)
}

/// What the project's schemas are called for a purpose: as it is set, else as most that its operations use.
pub(crate) fn usual(ctx: &Context<'_>, purpose: SchemaUse) -> Habit<String> {
    let default = purpose.patterns()[0].to_owned();
    if let Some(set) = purpose.set(ctx) {
        return Votes::default().habit(default).or_set(Some(set));
    }
    let mut votes = Votes::default();
    for operation in &ctx.model.operations {
        for schema in purpose.used(ctx, operation) {
            if let Some(pattern) = pattern_of(purpose, &schema.name).filter(|_| ctx.is_own(schema.def.file)) {
                votes.cast(false, pattern.to_owned(), schema.stmt);
            }
        }
    }
    votes.habit(default)
}

/// The schemas that the body of an operation holds.
fn body(ctx: &Context<'_>, operation: &Operation) -> Vec<SchemaId> {
    let Fact::Known(endpoint) = &operation.endpoint else {
        return Vec::new();
    };
    let callable = ctx.model.callables.get(endpoint.0 as usize);
    let parameters = callable.into_iter().flat_map(|callable| &callable.parameters);
    let bodies = parameters.filter(|parameter| matches!(parameter.role, Role::Implicit { is_scalar: false }));
    bodies
        .filter_map(|parameter| parameter.ty.as_ref())
        .flat_map(|ty| ty.schemas.clone())
        .collect()
}

/// The most particular pattern that a name follows; the bare name follows none that says anything.
fn pattern_of(purpose: SchemaUse, name: &str) -> Option<&'static str> {
    let fits = |pattern: &&&str| {
        let (before, after) = pattern.split_once("{}").unwrap_or((pattern, ""));
        let stem = name.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
        !(before.is_empty() && after.is_empty()) && stem.is_some_and(|stem| stem.starts_with(char::is_uppercase))
    };
    let patterns = purpose.patterns().iter().filter(fits);
    patterns.max_by_key(|pattern| pattern.len()).copied()
}

pub(crate) fn is_data(kind: SchemaKind) -> bool {
    matches!(
        kind,
        SchemaKind::Pydantic
            | SchemaKind::PydanticV1
            | SchemaKind::SqlModel
            | SchemaKind::Dataclass
            | SchemaKind::TypedDict
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_most_particular_pattern() {
        assert_eq!(
            pattern_of(SchemaUse::Create, "CreateBookRequest"),
            Some("Create{}Request")
        );
        assert_eq!(pattern_of(SchemaUse::Create, "BookCreate"), Some("{}Create"));
        assert_eq!(pattern_of(SchemaUse::Create, "Book"), None);
        assert_eq!(pattern_of(SchemaUse::Read, "BookPublic"), Some("{}Public"));
        assert_eq!(pattern_of(SchemaUse::Read, "Public"), None);
    }
}
