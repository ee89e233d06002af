//! The fields of a new resource, as they are written on the command line: `title:str!`, `price:decimal?`, `owner:User`.

use crate::{Refusal, moment};
use serde::Serialize;
use style::words;

/// What can stand behind a field's colon, besides the name of a model.
pub const KINDS: [&str; 13] = [
    "str",
    "text",
    "email",
    "url",
    "int",
    "float",
    "decimal",
    "bool",
    "date",
    "datetime",
    "uuid",
    "json",
    "enum(a|b)",
];

/// Names that the base of every table takes, or that an instance of SQLAlchemy's or Pydantic's classes has.
pub(super) const RESERVED: [&str; 12] = [
    "id",
    "created_at",
    "updated_at",
    "metadata",
    "registry",
    "model_config",
    "model_fields",
    "copy",
    "json",
    "dict",
    "schema",
    "self",
];

/// A field that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldSpec {
    /// Its name, in snake case.
    pub name: String,
    /// What it holds.
    pub kind: FieldKind,
    /// Whether it may be empty.
    pub optional: bool,
    /// Whether no two rows may have the same.
    pub unique: bool,
    /// What it is where nothing is sent, as it is written in Python.
    pub default: Option<String>,
    /// What schemas say of its values, where that is not what is usual for its kind: `max_length=50`.
    pub limits: Option<String>,
}

impl FieldSpec {
    /// Whether it is a moment.
    pub(crate) fn is_moment(&self) -> bool {
        matches!(self.kind, FieldKind::Plain(Plain::Datetime))
    }

    /// Its column: that of a reference holds the key.
    pub(super) fn column(&self) -> String {
        match self.kind {
            FieldKind::Reference(_) => format!("{}_id", self.name),
            _ => self.name.clone(),
        }
    }

    /// The type of a choice of words.
    pub(super) fn literal(&self) -> String {
        let FieldKind::Enum(words) = &self.kind else {
            return String::new();
        };
        let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
        format!("Literal[{}]", words.join(", "))
    }

    /// Two values as clients send them; nothing where there is only one, or where they are keys of other rows.
    pub(super) fn samples(&self) -> Option<[String; 2]> {
        match &self.kind {
            FieldKind::Plain(plain) => Some(plain.spelling().samples.map(str::to_owned)),
            FieldKind::Enum(words) => {
                let [first, second] = words.first_chunk()?;
                Some([first, second].map(|word| format!("\"{word}\"")))
            }
            FieldKind::Reference(_) => None,
        }
    }

    /// Two values as a table holds them.
    pub(super) fn values(&self) -> Option<[String; 2]> {
        let said = match &self.kind {
            FieldKind::Enum(words) if words.len() == 1 => [&words[0], &words[0]].map(|word| format!("\"{word}\"")),
            _ => self.samples()?,
        };
        let FieldKind::Plain(plain) = self.kind else {
            return Some(said);
        };
        Some(said.map(|value| match plain {
            Plain::Decimal => format!("Decimal({value})"),
            Plain::Date => format!("date.fromisoformat({value})"),
            // Python 3.10 reads no `Z`.
            Plain::Datetime => format!("datetime.fromisoformat({})", value.replace('Z', "+00:00")),
            Plain::Uuid => format!("uuid.UUID({value})"),
            _ => value,
        }))
    }

    /// What schemas say of the values of a plain kind.
    pub(super) fn limits_of(&self, plain: Plain) -> &str {
        self.limits.as_deref().unwrap_or(plain.spelling().limits)
    }
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// One of [`KINDS`], by name.
    Plain(Plain),
    /// One of some words.
    Enum(Vec<String>),
    /// A row of another model, by the model's class.
    Reference(String),
}

/// A kind of value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Plain {
    Str,
    Text,
    Email,
    Url,
    Int,
    Float,
    Decimal,
    Bool,
    Date,
    Datetime,
    Uuid,
    Json,
}

/// How a kind of value is written in the layers.
pub(super) struct Spelling {
    pub(super) python: &'static str,
    pub(super) schema: &'static str,
    /// What `mapped_column` is told, besides what the annotation says.
    pub(super) column: &'static str,
    /// What `Field` is told.
    pub(super) limits: &'static str,
    /// A value as JSON has it, and another one.
    pub(super) samples: [&'static str; 2],
}

impl Plain {
    fn of(word: &str) -> Option<Self> {
        Some(match word.to_ascii_lowercase().as_str() {
            "str" | "string" => Self::Str,
            "text" => Self::Text,
            "email" | "emailstr" => Self::Email,
            "url" | "httpurl" => Self::Url,
            "int" | "integer" => Self::Int,
            "float" => Self::Float,
            "decimal" | "money" => Self::Decimal,
            "bool" | "boolean" => Self::Bool,
            "date" => Self::Date,
            "datetime" => Self::Datetime,
            "uuid" => Self::Uuid,
            "json" | "dict" => Self::Json,
            _ => return None,
        })
    }

    pub(super) fn spelling(self) -> Spelling {
        let spell = |python, schema, column, limits, samples| Spelling {
            python,
            schema,
            column,
            limits,
            samples,
        };
        match self {
            Self::Str => spell(
                "str",
                "str",
                "String(255)",
                "min_length=1, max_length=255",
                [r#""first""#, r#""second""#],
            ),
            Self::Text => spell("str", "str", "Text", "", [r#""some text""#, r#""other text""#]),
            Self::Email => spell(
                "str",
                "EmailStr",
                "String(320)",
                "max_length=320",
                [r#""a@example.com""#, r#""b@example.com""#],
            ),
            Self::Url => spell(
                "str",
                "str",
                "String(2048)",
                "max_length=2048, pattern=r\"^https?://\"",
                [r#""https://example.com/a""#, r#""https://example.com/b""#],
            ),
            Self::Int => spell("int", "int", "", "ge=-2_147_483_648, le=2_147_483_647", ["1", "2"]),
            Self::Float => spell("float", "float", "", "allow_inf_nan=False", ["1.5", "2.5"]),
            Self::Decimal => spell(
                "Decimal",
                "Decimal",
                "Numeric(12, 2)",
                "max_digits=12, decimal_places=2",
                [r#""9.99""#, r#""19.90""#],
            ),
            Self::Bool => spell("bool", "bool", "", "", ["True", "False"]),
            Self::Date => spell("date", "date", "", "", [r#""2026-01-31""#, r#""2026-02-28""#]),
            Self::Datetime => spell(
                "datetime",
                "AwareDatetime",
                moment::NAME,
                "",
                [r#""2026-01-31T12:00:00Z""#, r#""2026-02-28T12:00:00Z""#],
            ),
            Self::Uuid => spell(
                "uuid.UUID",
                "uuid.UUID",
                "",
                "",
                [
                    r#""00000000-0000-4000-8000-000000000001""#,
                    r#""00000000-0000-4000-8000-000000000002""#,
                ],
            ),
            Self::Json => spell(
                "dict[str, Any]",
                "dict[str, Any]",
                "JSON",
                "",
                [r#"{"a": 1}"#, r#"{"b": 2}"#],
            ),
        }
    }
}

/// Reads `name:kind`, with `!` for unique, `?` for optional and `=value` for a default behind it.
///
/// # Errors
/// What is wrong with it, and how it is written.
pub(super) fn read(written: &str) -> Result<FieldSpec, Refusal> {
    let refuse = |why: String| Refusal::BadField(written.to_owned(), why);
    let (name, rest) = written.split_once(':').ok_or_else(|| {
        refuse(format!(
            "write it as `name:kind`, the kind one of {} or a model",
            KINDS.join(", ")
        ))
    })?;
    if !words::is_identifier(name) || words::snake(name) != name {
        return Err(refuse(format!("`{name}` can't name a column; use snake_case")));
    }
    if RESERVED.contains(&name) || name.starts_with('_') {
        return Err(refuse(format!(
            "`{name}` has a meaning of its own in a model; choose another name"
        )));
    }
    let (rest, default) = match rest.split_once('=') {
        Some((rest, default)) => (rest, Some(default)),
        None => (rest, None),
    };
    let kind_text = rest.trim_end_matches(['?', '!']);
    let flags = &rest[kind_text.len()..];
    let kind = kind_of(kind_text).map_err(refuse)?;
    let default = default.map(|value| literal(&kind, value)).transpose().map_err(refuse)?;
    // A reference is named after the row, not after its key.
    let name = match (&kind, name.strip_suffix("_id")) {
        (FieldKind::Reference(_), Some(row)) if !row.is_empty() => row,
        _ => name,
    };
    Ok(FieldSpec {
        name: name.to_owned(),
        kind,
        optional: flags.contains('?'),
        unique: flags.contains('!'),
        default,
        limits: None,
    })
}

fn kind_of(text: &str) -> Result<FieldKind, String> {
    if let Some(inner) = text.strip_prefix("enum(").and_then(|rest| rest.strip_suffix(')')) {
        let values: Vec<String> = inner.split('|').map(|word| word.trim().to_owned()).collect();
        let is_usable = |word: &String| words::is_identifier(&words::snake(word));
        return match values.iter().all(is_usable) {
            true => Ok(FieldKind::Enum(values)),
            false => Err("an enum is written as `enum(draft|published)`".to_owned()),
        };
    }
    if let Some(plain) = Plain::of(text) {
        return Ok(FieldKind::Plain(plain));
    }
    match words::is_identifier(text) && text.starts_with(char::is_uppercase) {
        true => Ok(FieldKind::Reference(text.to_owned())),
        false => Err(format!(
            "`{text}` is no kind; there are {}, or the class of a model, with `!` behind it where no two may have the same, `?` where it may be empty",
            KINDS.join(", ")
        )),
    }
}

/// A default as Python writes it.
fn literal(kind: &FieldKind, value: &str) -> Result<String, String> {
    let quoted = format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""));
    match kind {
        FieldKind::Plain(Plain::Str | Plain::Text) => Ok(quoted),
        FieldKind::Plain(Plain::Int) if value.parse::<i64>().is_ok() => Ok(value.to_owned()),
        FieldKind::Plain(Plain::Float) if value.parse::<f64>().is_ok_and(f64::is_finite) => Ok(value.to_owned()),
        FieldKind::Plain(Plain::Decimal) if value.parse::<f64>().is_ok_and(f64::is_finite) => {
            Ok(format!("Decimal({quoted})"))
        }
        FieldKind::Plain(Plain::Bool) => match value.to_ascii_lowercase().as_str() {
            "true" => Ok("True".to_owned()),
            "false" => Ok("False".to_owned()),
            _ => Err(format!("`{value}` is neither true nor false")),
        },
        FieldKind::Enum(values) if values.iter().any(|known| known == value) => Ok(quoted),
        FieldKind::Enum(values) => Err(format!("`{value}` is none of {}", values.join(", "))),
        _ => Err(format!("`{value}` can't be the default of this kind")),
    }
}

/// What other models a field may lead to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Target {
    pub(super) class: String,
    pub(super) one: String,
    pub(super) module: String,
    pub(super) table: String,
    /// The key of that table.
    pub(super) table_key: String,
    pub(super) key_type: String,
    /// Whether that is all of it, which sessions find rows by.
    pub(super) is_whole: bool,
}

impl Target {
    /// What a foreign key names: `authors.id`.
    pub(super) fn column(&self) -> String {
        format!("{}.{}", self.table, self.table_key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read() {
        let field = read("price:decimal?=1.50").unwrap();
        assert_eq!(
            (field.name.as_str(), field.optional, field.unique),
            ("price", true, false)
        );
        assert_eq!(field.default.as_deref(), Some("Decimal(\"1.50\")"));
        assert!(read("slug:str!").unwrap().unique);
        assert_eq!(
            read("owner:User").unwrap().kind,
            FieldKind::Reference("User".to_owned())
        );
        assert_eq!(
            read("state:enum(draft|published)=draft").unwrap().default.as_deref(),
            Some("\"draft\"")
        );
    }

    #[test]
    fn what_is_no_field_is_refused_with_the_remedy() {
        for (written, part) in [
            ("title", "write it as `name:kind`"),
            ("class:str", "can't name a column"),
            ("Title:str", "snake_case"),
            ("metadata:json", "choose another name"),
            ("x:strng", "is no kind"),
            ("n:int=many", "can't be the default"),
            ("b:bool=maybe", "neither true nor false"),
            ("s:enum(a|)", "enum(draft|published)"),
        ] {
            let refusal = read(written).unwrap_err().to_string();
            assert!(refusal.contains(part), "{refusal}");
        }
    }
}
