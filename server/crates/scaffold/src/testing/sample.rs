//! A body that a schema accepts, where what its fields say is enough to make one.

use crate::{
    Site,
    draft::python,
    schemas::{Column, import_of},
};
use model::{Field, Schema, SchemaKind};
use ruff_python_ast::{Expr, ExprCall, Stmt};
use ruff_text_size::Ranged;

/// The fields that have to be there, as a Python dict; nothing where one is of a kind of its own, or has to lead to
/// something that exists.
pub(super) fn body(site: &Site<'_>, schema: &Schema) -> Option<String> {
    if schema.incomplete || !schema.validators.is_empty() {
        return None;
    }
    let fields = schema
        .fields
        .iter()
        .filter(|field| field.required && !field.is_relationship);
    let pairs: Vec<String> = fields
        .map(|field| {
            let name = field.alias.as_deref().unwrap_or(&field.name);
            Some(format!("\"{name}\": {}", value(site, field)?))
        })
        .collect::<Option<_>>()?;
    Some(format!("{{{}}}", pairs.join(", ")))
}

/// The names of people, so that no two of them share an address.
const PEOPLE: [&str; 3] = ["ada", "grace", "linus"];

/// A value for a column of a table of people, as Python has it, with the imports that it takes: for each of several people
/// another one.
pub(super) fn column(site: &Site<'_>, column: &Column, person: usize) -> Option<(String, Vec<String>)> {
    let limits = limits_of(&column.limits)?;
    let plain = |text: String| Some((text, Vec::new()));
    let name = PEOPLE[person % PEOPLE.len()];
    if column.is_reference {
        return None;
    }
    // Nobody logs in with it.
    if ["password", "secret", "hash"]
        .iter()
        .any(|word| column.name.contains(word))
        && column.ty == "str"
    {
        return Some(("uuid.uuid4().hex".to_owned(), vec!["import uuid".to_owned()]));
    }
    match column.ty.rsplit('.').next()? {
        "str" | "EmailStr" if column.name.contains("email") => plain(format!("\"{name}@example.com\"")),
        "EmailStr" => plain(format!("\"{name}@example.com\"")),
        "str" if column.name.contains("name") => {
            let mut text = text(name, &limits)?;
            text.retain(|c| c != ' ');
            plain(text)
        }
        "str" => text(&format!("{}_{}", column.name, person + 1), &limits).map(|text| (text, Vec::new())),
        "int" => plain((whole(&limits)? + person as i64).to_string()),
        "float" => plain(format!("{}.0", whole(&limits)?)),
        "bool" => plain("True".to_owned()),
        "Decimal" => Some((
            format!("Decimal({})", whole(&limits)?),
            vec!["from decimal import Decimal".to_owned()],
        )),
        "UUID" => Some(("uuid.uuid4()".to_owned(), vec!["import uuid".to_owned()])),
        class => {
            let (_, import) = choice(site, column)?;
            let mut schemas = site.ctx.model.schemas.iter();
            let schema = schemas.find(|schema| schema.kind == SchemaKind::Enum && *schema.name == *class)?;
            let member = schema.fields.first()?;
            Some((format!("{class}.{}", member.name), vec![import]))
        }
    }
}

/// Another text each time, where rows of earlier tests may be there still; nothing for columns that hold none.
pub(super) fn another(column: &Column) -> Option<(String, Vec<String>)> {
    let ty = column.ty.rsplit('.').next()?;
    let limits = limits_of(&column.limits)?;
    if column.is_reference || !matches!(ty, "str" | "EmailStr") {
        return None;
    }
    let value = match limits.max_length {
        _ if column.name.contains("email") || ty == "EmailStr" => "f\"{uuid.uuid4().hex}@example.com\"".to_owned(),
        Some(most) if most < 32 => format!("uuid.uuid4().hex[:{most}]"),
        _ => "uuid.uuid4().hex".to_owned(),
    };
    Some((value, vec!["import uuid".to_owned()]))
}

/// The enum of a column, and its import.
pub(super) fn choice(site: &Site<'_>, column: &Column) -> Option<(String, String)> {
    let class = column.ty.rsplit('.').next()?;
    let mut schemas = site.ctx.model.schemas.iter();
    schemas.find(|schema| schema.kind == SchemaKind::Enum && *schema.name == *class)?;
    Some((class.to_owned(), import_of(site, column.file?, class)?))
}

/// The limits that a column has.
fn limits_of(written: &[String]) -> Option<Limits> {
    let mut limits = Limits::default();
    for limit in written {
        let (name, value) = limit.split_once('=')?;
        match name {
            "min_length" => limits.min_length = Some(value.parse().ok()?),
            "max_length" => limits.max_length = Some(value.parse().ok()?),
            "ge" => limits.least = Some(value.parse().ok()?),
            "gt" => limits.least = Some(value.parse::<f64>().ok()? + 1.0),
            "le" => limits.most = Some(value.parse().ok()?),
            "lt" => limits.most = Some(value.parse::<f64>().ok()? - 1.0),
            "pattern" => return None,
            _ => {}
        }
    }
    Some(limits)
}

fn value(site: &Site<'_>, field: &Field) -> Option<String> {
    let ty = field.ty.as_ref()?;
    if field.name.ends_with("_id") || !ty.schemas.is_empty() {
        return None;
    }
    let limits = limits(site, field)?;
    let last = ty.display.rsplit('.').next().unwrap_or(&ty.display);
    match last {
        "str" if field.name.contains("email") => Some("\"ada@example.com\"".to_owned()),
        "EmailStr" => Some("\"ada@example.com\"".to_owned()),
        "str" => text(&field.name, &limits),
        "int" => Some(whole(&limits)?.to_string()),
        "float" | "Decimal" => Some(format!("{}.0", whole(&limits)?)),
        "bool" => Some("True".to_owned()),
        "date" => Some("\"2030-01-31\"".to_owned()),
        "datetime" | "AwareDatetime" => Some("\"2030-01-31T12:00:00Z\"".to_owned()),
        "UUID" => Some("\"7f6b1c3a-6d0e-4d0c-9d5a-0f4e8a1b2c3d\"".to_owned()),
        "HttpUrl" | "AnyUrl" => Some("\"https://example.com/\"".to_owned()),
        _ if last.starts_with("list[") && limits.min_length.is_none() => Some("[]".to_owned()),
        _ => None,
    }
}

/// What a field says of its values.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Limits {
    min_length: Option<usize>,
    max_length: Option<usize>,
    /// The least value, and the greatest.
    least: Option<f64>,
    most: Option<f64>,
}

fn text(name: &str, limits: &Limits) -> Option<String> {
    let spoken = style::words::spoken(name);
    let word: String = spoken
        .chars()
        .next()?
        .to_uppercase()
        .chain(spoken.chars().skip(1))
        .collect();
    let least = limits.min_length.unwrap_or(0);
    let mut text = word.clone();
    while text.chars().count() < least {
        text.push_str(&word);
    }
    let most = limits.max_length.unwrap_or(usize::MAX);
    let text: String = text.chars().take(most.max(least)).collect();
    Some(format!("\"{text}\""))
}

fn whole(limits: &Limits) -> Option<i64> {
    let least = limits.least.map_or(1, |least| least.ceil() as i64).max(1);
    let is_within = limits.most.is_none_or(|most| least as f64 <= most);
    match (is_within, limits.most) {
        (true, _) => Some(least),
        (false, Some(most)) if limits.least.is_none_or(|least| most >= least) => Some(most.floor() as i64),
        _ => None,
    }
}

/// The limits that stand in `Field(…)`; nothing where there is one that is not followed.
fn limits(site: &Site<'_>, field: &Field) -> Option<Limits> {
    let path = site.ctx.files.path(field.at.file);
    let source = crate::draft::source(site, &path)?;
    let start = source.spans.expr(field.at.unit, field.at.expr).start;
    let suite = python::suite(&source.text).ok()?;
    let declared = declaration(&suite, start)?;
    let mut limits = Limits::default();
    for call in calls(declared) {
        for keyword in &call.arguments.keywords {
            let text = &source.text[keyword.value.range()];
            let number = || text.replace('_', "").parse::<f64>().ok();
            match keyword.arg.as_ref()?.as_str() {
                "min_length" => limits.min_length = Some(text.parse().ok()?),
                "max_length" => limits.max_length = Some(text.parse().ok()?),
                "ge" => limits.least = Some(number()?),
                "gt" => limits.least = Some(number()? + 1.0),
                "le" => limits.most = Some(number()?),
                "lt" => limits.most = Some(number()? - 1.0),
                "pattern" | "regex" | "multiple_of" | "strict" | "discriminator" | "foreign_key" => return None,
                _ => {}
            }
        }
    }
    Some(limits)
}

fn declaration(block: &[Stmt], start: u32) -> Option<&Stmt> {
    block.iter().find_map(|stmt| match stmt {
        Stmt::AnnAssign(assign) if assign.target.range().start().to_u32() == start => Some(stmt),
        stmt => python::blocks(stmt)
            .into_iter()
            .find_map(|block| declaration(block, start)),
    })
}

/// The calls that describe a field: its value, and what stands in `Annotated`.
fn calls(declared: &Stmt) -> Vec<&ExprCall> {
    let Stmt::AnnAssign(assign) = declared else {
        return Vec::new();
    };
    let mut calls: Vec<&ExprCall> = assign.value.iter().filter_map(|value| value.as_call_expr()).collect();
    if let Expr::Subscript(subscript) = &*assign.annotation
        && let Expr::Tuple(tuple) = &*subscript.slice
    {
        calls.extend(tuple.elts.iter().filter_map(|element| element.as_call_expr()));
    }
    calls
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_to_their_limits() {
        let limits = |min_length, max_length, least, most| Limits {
            min_length,
            max_length,
            least,
            most,
        };
        assert_eq!(
            text("title", &limits(Some(7), Some(9), None, None)).unwrap(),
            "\"TitleTitl\""
        );
        assert_eq!(text("sku", &limits(None, Some(2), None, None)).unwrap(), "\"Sk\"");
        assert_eq!(whole(&limits(None, None, Some(5.0), None)), Some(5));
        assert_eq!(whole(&limits(None, None, None, Some(0.0))), Some(0));
        assert_eq!(whole(&limits(None, None, Some(3.0), Some(2.0))), None);
    }
}
