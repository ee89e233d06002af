//! The names of constraints and indexes, as the metadata's naming convention makes them.

use super::{Class, Unclear, parsed, unclear};
use crate::{draft::Draft, migration::place::Meaning};
use ruff_python_ast::{Expr, Stmt};
use std::collections::BTreeMap;

/// The convention of a project's metadata; SQLAlchemy's own where it has none.
#[derive(Debug, Default)]
pub(super) struct Conventions(BTreeMap<String, String>);

/// `sqlalchemy.sql.schema.DEFAULT_NAMING_CONVENTION`.
const DEFAULT_INDEX: &str = "ix_%(column_0_label)s";

impl Conventions {
    /// The convention that a base class is told, or the metadata that it is given.
    pub(super) fn of(draft: &Draft<'_>, classes: &[Class]) -> Result<Self, Unclear> {
        for class in classes {
            let Some(Stmt::ClassDef(def)) = parsed(&class.text) else {
                continue;
            };
            for stmt in &def.body {
                let (name, value) = match stmt {
                    Stmt::Assign(assign) => (assign.targets.first(), Some(&*assign.value)),
                    Stmt::AnnAssign(assign) => (Some(&*assign.target), assign.value.as_deref()),
                    _ => continue,
                };
                let is_metadata = name
                    .and_then(Expr::as_name_expr)
                    .is_some_and(|name| name.id == "metadata");
                if let (true, Some(value)) = (is_metadata, value) {
                    return Self::of_metadata(draft, class, value);
                }
            }
        }
        Ok(Self::default())
    }

    fn of_metadata(draft: &Draft<'_>, class: &Class, value: &Expr) -> Result<Self, Unclear> {
        let made = match value {
            Expr::Name(name) => match class.place.meaning(draft, &name.id) {
                Some(Meaning::Statement(place, text)) => {
                    let Some(Stmt::Assign(assign)) = parsed(&text) else {
                        return unclear("the metadata is not written out");
                    };
                    return match &*assign.value {
                        Expr::Name(_) => unclear("the metadata is not written out"),
                        value => Self::of_metadata(
                            draft,
                            &Class {
                                place,
                                text: text.clone(),
                            },
                            value,
                        ),
                    };
                }
                _ => return unclear("the metadata is not written out"),
            },
            Expr::Call(call) => call,
            _ => return unclear("the metadata is not written out"),
        };
        let keywords = &made.arguments.keywords;
        let told = keywords.iter().find(|keyword| {
            keyword
                .arg
                .as_ref()
                .is_some_and(|name| name.as_str() == "naming_convention")
        });
        match told.map(|told| &told.value) {
            None => Ok(Self::default()),
            Some(Expr::Dict(dict)) => Self::of_dict(dict),
            Some(Expr::Name(name)) => match class.place.meaning(draft, &name.id) {
                Some(Meaning::Statement(_, text)) => match parsed(&text) {
                    Some(Stmt::Assign(assign)) => Self::of_value(&assign.value),
                    Some(Stmt::AnnAssign(assign)) => assign
                        .value
                        .as_deref()
                        .map_or_else(|| Ok(Self::default()), Self::of_value),
                    _ => unclear("the naming convention is not written out"),
                },
                _ => unclear("the naming convention is not written out"),
            },
            Some(_) => unclear("the naming convention is not written out"),
        }
    }

    fn of_value(value: &Expr) -> Result<Self, Unclear> {
        match value {
            Expr::Dict(dict) => Self::of_dict(dict),
            _ => unclear("the naming convention is not written out"),
        }
    }

    fn of_dict(dict: &ruff_python_ast::ExprDict) -> Result<Self, Unclear> {
        let pairs = dict.items.iter().map(|item| match (&item.key, &item.value) {
            (Some(Expr::StringLiteral(key)), Expr::StringLiteral(value)) => {
                Ok((key.value.to_str().to_owned(), value.value.to_str().to_owned()))
            }
            _ => unclear("the naming convention is not written out"),
        });
        Ok(Self(pairs.collect::<Result<_, _>>()?))
    }

    /// The name of a constraint as an expression; nothing where it gets none.
    pub(super) fn name(
        &self,
        kind: &str,
        table: &str,
        column: &str,
        target: Option<&str>,
    ) -> Result<Option<String>, Unclear> {
        let pattern = self.0.get(kind);
        let name = pattern
            .map(|pattern| filled_in(pattern, table, column, target))
            .transpose()?;
        Ok(name.map(|name| format!("op.f(\"{name}\")")))
    }

    /// The name of an index of one column.
    pub(super) fn index(&self, table: &str, column: &str) -> Result<String, Unclear> {
        let pattern = self.0.get("ix").map_or(DEFAULT_INDEX, String::as_str);
        Ok(format!("op.f(\"{}\")", filled_in(pattern, table, column, None)?))
    }
}

/// As `sqlalchemy.sql.naming.ConventionDict` does for one column.
fn filled_in(pattern: &str, table: &str, column: &str, target: Option<&str>) -> Result<String, Unclear> {
    let (other_table, other_column) = target.and_then(|target| target.rsplit_once('.')).unwrap_or_default();
    let mut name = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once("%(") {
        let Some((key, after)) = after.split_once(")s") else {
            return unclear(format!("the naming convention has `{pattern}`"));
        };
        name.push_str(before);
        name.push_str(&match key {
            "table_name" => table.to_owned(),
            "column_0_name" | "column_0_key" | "column_0N_name" | "column_0_N_name" => column.to_owned(),
            "column_0_label" | "column_0N_label" | "column_0_N_label" => format!("{table}_{column}"),
            "referred_table_name" => other_table.to_owned(),
            "referred_column_0_name" => other_column.to_owned(),
            _ => return unclear(format!("the naming convention has `{key}`")),
        });
        rest = after;
    }
    name.push_str(rest);
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_as_sqlalchemy_makes_them() {
        let name = |pattern| filled_in(pattern, "pets", "owner_id", Some("users.id"));
        assert_eq!(name("ix_%(column_0_label)s").unwrap(), "ix_pets_owner_id");
        assert_eq!(
            name("fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s").unwrap(),
            "fk_pets_owner_id_users"
        );
        assert!(name("x_%(own_token)s").is_err());
    }
}
