//! What is written has to be there in the libraries that the project has: names that only a later major version has are refused,
//! with the version that the project has and what it would take.

use crate::{Context, Refusal};
use base::{FileId, SourceChange};
use std::collections::BTreeSet;

/// A major version of a library, and the names that came with it.
struct Major {
    distribution: &'static str,
    spoken: &'static str,
    major: u32,
    names: &'static [&'static str],
}

/// Pydantic's migration guide to V2 and SQLAlchemy's "What's new in 2.0" list them.
const MAJORS: [Major; 2] = [
    Major {
        distribution: "pydantic",
        spoken: "Pydantic",
        major: 2,
        names: &[
            "AfterValidator",
            "AliasChoices",
            "AwareDatetime",
            "BeforeValidator",
            "ConfigDict",
            "StringConstraints",
            "TypeAdapter",
            "computed_field",
            "field_serializer",
            "field_validator",
            "from_attributes",
            "model_config",
            "model_dump",
            "model_fields_set",
            "model_validate",
            "model_validator",
            "pydantic_settings",
        ],
    },
    Major {
        distribution: "sqlalchemy",
        spoken: "SQLAlchemy",
        major: 2,
        names: &[
            "DeclarativeBase",
            "Dialect",
            "Mapped",
            "MappedAsDataclass",
            "Uuid",
            "async_sessionmaker",
            "mapped_column",
        ],
    },
];

/// Refuses a change whose names the project's libraries don't have.
///
/// # Errors
/// Where that is so; `near` is a file of the project.
pub(crate) fn check(ctx: &Context<'_>, near: FileId, change: &SourceChange) -> Result<(), Refusal> {
    for library in &MAJORS {
        let Some(version) = ctx.modules.package_version(near, library.distribution) else {
            continue;
        };
        let major = version.split('.').next().and_then(|major| major.parse::<u32>().ok());
        if major.is_none_or(|major| major >= library.major) {
            continue;
        }
        let missing = names_in(ctx, change, library.names);
        if !missing.is_empty() {
            let missing: Vec<String> = missing.iter().map(|name| format!("`{name}`")).collect();
            return Err(Refusal::NeedsNewer {
                needed: format!("{} {}", library.spoken, library.major),
                names: missing.join(", "),
                found: version.to_string(),
            });
        }
    }
    Ok(())
}

/// Those of some names that the new Python has and the old one does not.
fn names_in(ctx: &Context<'_>, change: &SourceChange, names: &[&'static str]) -> BTreeSet<&'static str> {
    let mut found = BTreeSet::new();
    for (path, text) in &change.creations {
        if path.extension().is_some_and(|extension| extension == "py") {
            found.extend(words(text).filter_map(|word| names.iter().find(|name| **name == word)));
        }
    }
    for edit in &change.files {
        let old = ctx.files.text(edit.file);
        let known: BTreeSet<&str> = words(&old).collect();
        let new = edit.edits.iter().flat_map(|edit| words(&edit.text));
        let new = new.filter(|word| !known.contains(word));
        found.extend(new.filter_map(|word| names.iter().find(|name| **name == word)));
    }
    found
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
}
