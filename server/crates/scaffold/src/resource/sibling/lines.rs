//! How a field is declared in each kind of class, in the file's own way of naming types.

use crate::{
    ground::Symbol,
    moment,
    resource::fields::{FieldKind, FieldSpec, Target},
};
use std::path::Path;

/// What a class declares fields for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ClassKind {
    /// A table of SQLAlchemy.
    Table,
    /// A table or model of SQLModel.
    SqlModel,
    /// A model of Pydantic.
    Schema,
    /// One that says in `Annotated` what its fields have to be.
    AnnotatedSchema,
}

/// How a file names what declarations need.
#[derive(Clone, Debug, Default)]
pub(super) struct Dialect {
    /// `import sqlalchemy as sa`.
    has_sa: bool,
    /// `from uuid import UUID`.
    has_plain_uuid: bool,
    /// `import datetime`.
    has_datetime: bool,
    /// `from ..database import Base`.
    is_relative: bool,
    /// `Optional[X]` rather than `X | None`.
    has_optional: bool,
    is_sqlmodel: bool,
    /// The project's own column type of moments.
    moment: Option<Symbol>,
    /// Whether tables are dataclasses too (`MappedAsDataclass`): what may be left out has a default there.
    pub(super) is_dataclass: bool,
}

impl Dialect {
    pub(super) fn of(text: &str, moment: Option<Symbol>, is_dataclass: bool) -> Self {
        Self {
            moment,
            is_dataclass,
            has_sa: text.contains("import sqlalchemy as sa"),
            has_plain_uuid: text.contains("from uuid import"),
            has_datetime: text.lines().any(|line| line.trim_end() == "import datetime"),
            is_relative: text.lines().any(|line| line.starts_with("from .")),
            has_optional: text.contains("Optional["),
            is_sqlmodel: text.contains("from sqlmodel import"),
        }
    }

    /// Imports that declarations in a file may need; those that nothing uses are dropped later.
    pub(super) fn imports(&self, file: &Path) -> String {
        let mut lines = vec![
            "from decimal import Decimal",
            "from typing import Any, Literal, Optional",
            "from uuid import UUID",
            "import uuid",
            "from pydantic import AwareDatetime, EmailStr",
        ];
        if !self.has_datetime {
            lines.push("from datetime import date, datetime");
        }
        if !self.has_sa {
            lines.push("from sqlalchemy import JSON, Boolean, Column, Date, DateTime, Float, ForeignKey, Integer, Numeric, String, Text, Uuid");
        }
        lines.push(match self.is_sqlmodel {
            true => "from sqlmodel import Field",
            false => "from pydantic import Field",
        });
        lines.push("from sqlalchemy.orm import mapped_column");
        let moment = self.moment.as_ref().filter(|moment| moment.path != file);
        let moment = moment.map(|moment| {
            let near = self.is_relative.then(|| relative(file, &moment.path)).flatten();
            let module = near.as_deref().unwrap_or(&moment.module);
            format!("from {module} import {}", moment.name)
        });
        lines.extend(moment.as_deref());
        lines.join("\n")
    }

    /// The declaration of a field in a class of a kind.
    pub(super) fn line(&self, kind: ClassKind, spec: &FieldSpec, target: Option<&Target>, is_partial: bool) -> String {
        let name = match spec.kind {
            FieldKind::Reference(_) => format!("{}_id", spec.name),
            _ => spec.name.clone(),
        };
        let optional = spec.optional || is_partial;
        match kind {
            ClassKind::Table => {
                let ty = self.optional(&self.python(spec, target), spec.optional);
                let mut arguments = self.column(spec, target);
                if self.is_dataclass && spec.optional && spec.default.is_none() {
                    arguments.push("default=None".to_owned());
                }
                format!("{name}: Mapped[{ty}] = mapped_column({})", arguments.join(", "))
            }
            ClassKind::SqlModel => {
                let ty = self.optional(&self.schema(spec, target), optional);
                format!(
                    "{name}: {ty}{}",
                    assigned(self.sqlmodel_arguments(spec, target, optional, is_partial))
                )
            }
            ClassKind::Schema => {
                let ty = self.optional(&self.schema(spec, target), optional);
                format!("{name}: {ty}{}", assigned(arguments(spec, optional, is_partial)))
            }
            ClassKind::AnnotatedSchema => {
                let ty = self.optional(&self.schema(spec, target), optional);
                let (default, limits): (Vec<String>, Vec<String>) = arguments(spec, optional, is_partial)
                    .into_iter()
                    .partition(|argument| argument.starts_with("default="));
                let ty = match limits.is_empty() {
                    true => ty,
                    false => format!("Annotated[{ty}, Field({})]", limits.join(", ")),
                };
                format!("{name}: {ty}{}", assigned(default))
            }
        }
    }

    /// The declaration of a column without a type: `price = Column(Numeric(12, 2), nullable=False)`.
    pub(super) fn untyped_column(&self, column: &str, spec: &FieldSpec, target: Option<&Target>) -> String {
        let mut arguments = self.column(spec, target);
        let ty = match &spec.kind {
            FieldKind::Plain(plain) if !plain.spelling().column.is_empty() => None,
            FieldKind::Enum(_) => None,
            FieldKind::Plain(plain) => Some(untyped(plain.spelling().python)),
            FieldKind::Reference(_) => Some(untyped(target.map_or("int", |target| &target.key_type))),
        };
        if let Some(ty) = ty {
            arguments.insert(0, self.sql(ty));
        }
        if !spec.optional {
            arguments.push("nullable=False".to_owned());
        }
        let name = match spec.kind {
            FieldKind::Reference(_) => format!("{}_id", spec.name),
            _ => spec.name.clone(),
        };
        format!("{name} = {column}({})", arguments.join(", "))
    }

    fn optional(&self, ty: &str, is_optional: bool) -> String {
        match (is_optional, self.has_optional) {
            (false, _) => ty.to_owned(),
            (true, true) => format!("Optional[{ty}]"),
            (true, false) => format!("{ty} | None"),
        }
    }

    fn python(&self, spec: &FieldSpec, target: Option<&Target>) -> String {
        let written = match &spec.kind {
            FieldKind::Plain(plain) => plain.spelling().python.to_owned(),
            FieldKind::Enum(values) => literal(values),
            FieldKind::Reference(_) => target.map_or_else(|| "int".to_owned(), |target| target.key_type.clone()),
        };
        self.named(&written)
    }

    fn schema(&self, spec: &FieldSpec, target: Option<&Target>) -> String {
        match &spec.kind {
            FieldKind::Plain(plain) => self.named(plain.spelling().schema),
            _ => self.python(spec, target),
        }
    }

    fn named(&self, ty: &str) -> String {
        if self.has_datetime && matches!(ty, "date" | "datetime") {
            return format!("datetime.{ty}");
        }
        match self.has_plain_uuid {
            true => ty.replace("uuid.UUID", "UUID"),
            false if ty == "UUID" => "uuid.UUID".to_owned(),
            false => ty.to_owned(),
        }
    }

    fn sql(&self, name: &str) -> String {
        let name = match (name, &self.moment) {
            (moment::NAME, Some(own)) => return own.name.clone(),
            (moment::NAME, None) => "DateTime(timezone=True)",
            _ => name,
        };
        if self.has_sa {
            format!("sa.{name}")
        } else {
            name.to_owned()
        }
    }

    fn column(&self, spec: &FieldSpec, target: Option<&Target>) -> Vec<String> {
        let mut arguments = Vec::new();
        match &spec.kind {
            FieldKind::Plain(plain) if !plain.spelling().column.is_empty() => {
                arguments.push(self.sql(plain.spelling().column));
            }
            FieldKind::Plain(_) => {}
            FieldKind::Enum(_) => arguments.push(self.sql("String(50)")),
            FieldKind::Reference(_) => {
                let key = target.map(Target::column).unwrap_or_default();
                arguments.push(format!("{}(\"{key}\")", self.sql("ForeignKey")));
                arguments.push("index=True".to_owned());
            }
        }
        if spec.unique {
            arguments.push("unique=True".to_owned());
        }
        if let Some(default) = &spec.default {
            arguments.push(format!("default={default}"));
        }
        arguments
    }

    fn sqlmodel_arguments(
        &self,
        spec: &FieldSpec,
        target: Option<&Target>,
        optional: bool,
        is_partial: bool,
    ) -> Vec<String> {
        let mut list = arguments(spec, optional, is_partial);
        list.retain(|argument| !argument.starts_with("pattern=") && !argument.starts_with("allow_inf_nan"));
        if is_partial {
            return list;
        }
        if spec.unique {
            list.push("unique=True".to_owned());
        }
        match &spec.kind {
            FieldKind::Reference(_) => {
                let key = target.map(Target::column).unwrap_or_default();
                list.push(format!("foreign_key=\"{key}\""));
                list.push("index=True".to_owned());
            }
            FieldKind::Enum(_) => list.push(format!("sa_type={}", self.sql("String"))),
            FieldKind::Plain(plain) if plain.spelling().schema.starts_with("dict") => {
                list.push(format!("sa_type={}", self.sql("JSON")));
            }
            FieldKind::Plain(plain) if plain.spelling().schema == "AwareDatetime" => {
                list.push(format!("sa_type={}", self.sql(moment::NAME)));
            }
            FieldKind::Plain(_) => {}
        }
        list
    }
}

/// A module as one beside it, or in a package around it, names it: `..database`.
fn relative(from: &Path, to: &Path) -> Option<String> {
    let around = from.parent()?;
    let shared = around.ancestors().find(|folder| to.starts_with(folder))?;
    let up = around.strip_prefix(shared).ok()?.iter().count();
    let below = to.strip_prefix(shared).ok()?.with_extension("");
    let below: Vec<String> = below.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    Some(format!("{}{}", ".".repeat(up + 1), below.join(".")))
}

/// The column's type that SQLAlchemy would take for an annotation.
fn untyped(python: &str) -> &'static str {
    match python {
        "int" => "Integer",
        "float" => "Float",
        "bool" => "Boolean",
        "date" => "Date",
        "uuid.UUID" => "Uuid",
        _ => "String",
    }
}

/// What `Field` is told; a default alone needs no `Field`.
fn arguments(spec: &FieldSpec, optional: bool, is_partial: bool) -> Vec<String> {
    let default = match (&spec.default, is_partial) {
        (Some(default), false) => Some(default.as_str()),
        _ => optional.then_some("None"),
    };
    let mut arguments: Vec<String> = default
        .map(|default| format!("default={default}"))
        .into_iter()
        .collect();
    if let FieldKind::Plain(plain) = &spec.kind {
        let limits = spec.limits_of(*plain);
        arguments.extend((!limits.is_empty()).then(|| limits.to_owned()));
    }
    arguments
}

fn assigned(arguments: Vec<String>) -> String {
    match arguments.as_slice() {
        [] => String::new(),
        [only] if only.starts_with("default=") => format!(" = {}", &only["default=".len()..]),
        list => format!(" = Field({})", list.join(", ")),
    }
}

fn literal(values: &[String]) -> String {
    let quoted: Vec<String> = values.iter().map(|value| format!("\"{value}\"")).collect();
    format!("Literal[{}]", quoted.join(", "))
}
