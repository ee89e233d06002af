//! Constraints (Pydantic's `_known_annotated_metadata.py`): in the schema's own words where the type knows them, else as they
//! are called in Python.

use super::{
    Mode, Schemas,
    library::{Family, family},
    union,
};
use crate::json::{Object, json};
use model::contract::{Data, Type};
use serde_json::Value;

type Constraints<'d> = [(&'d str, &'d Data)];

impl Schemas<'_, '_> {
    /// The schema of a type under constraints.
    pub(super) fn constrained(
        &mut self,
        ty: &Type,
        constraints: &Constraints<'_>,
        discriminator: Option<&Data>,
        mode: Mode,
    ) -> Option<Object> {
        match ty {
            // `None` is not constrained: the rest is.
            Type::Union(members) if members.contains(&Type::None) => {
                let rest: Vec<Type> = members
                    .iter()
                    .filter(|member| **member != Type::None)
                    .cloned()
                    .collect();
                let rest = match rest.as_slice() {
                    [only] => only.clone(),
                    _ => Type::Union(rest),
                };
                let inner = self.constrained(&rest, constraints, discriminator, mode)?;
                Some(union::nullable(inner))
            }
            Type::Union(members) => {
                let mut schema = self.union(members, discriminator, mode)?;
                self.constrain_other(&mut schema, constraints);
                Some(schema)
            }
            Type::Library(name) => {
                let mut schema = self.ty(ty, mode)?;
                match family(name) {
                    Family::Number => self.constrain(&mut schema, constraints, number_key),
                    Family::Text => self.constrain(&mut schema, constraints, text_key),
                    Family::Url => self.constrain(&mut schema, constraints, text_key),
                    Family::Time => {}
                    Family::Decimal => self.constrain_decimal(&mut schema, constraints),
                    Family::Other => self.constrain_other(&mut schema, constraints),
                }
                Some(schema)
            }
            Type::Sequence(..) | Type::Tuple(_) => {
                let mut schema = self.ty(ty, mode)?;
                self.constrain(&mut schema, constraints, items_key);
                Some(schema)
            }
            Type::Mapping(..) => {
                let mut schema = self.ty(ty, mode)?;
                self.constrain(&mut schema, constraints, properties_key);
                Some(schema)
            }
            _ => {
                let mut schema = self.ty(ty, mode)?;
                self.constrain_other(&mut schema, constraints);
                Some(schema)
            }
        }
    }

    /// Constraints of a type that does not know them.
    pub(super) fn constrain_other(&mut self, schema: &mut Object, constraints: &Constraints<'_>) {
        self.constrain(schema, constraints, other_key);
    }

    fn constrain(&mut self, schema: &mut Object, constraints: &Constraints<'_>, key: fn(&str) -> Option<&str>) {
        for (name, value) in constraints {
            if let Some(key) = key(name)
                && let Some(value) = json(value, &mut self.notes)
            {
                schema.insert(key.to_owned(), value);
            }
        }
    }

    /// A decimal is a number or text: what is said of numbers belongs to the number.
    fn constrain_decimal(&mut self, schema: &mut Object, constraints: &Constraints<'_>) {
        if let Some(Value::Array(choices)) = schema.get_mut("anyOf")
            && let Some(Value::Object(number)) = choices.first_mut()
        {
            for (name, value) in constraints {
                if let Some(key) = number_key(name)
                    && let Some(value) = json(value, &mut self.notes)
                {
                    // Limits may be decimals themselves.
                    let float = value.as_str().and_then(|text| text.parse::<f64>().ok());
                    number.insert(key.to_owned(), float.map_or(value, Value::from));
                }
            }
        }
        if self.contract.pydantic.tells_patterns_of_decimals() {
            let given = |wanted: &str| {
                let mut given = constraints.iter().filter(|(name, _)| *name == wanted);
                match given.next_back()?.1 {
                    Data::Int(count) => Some(*count),
                    _ => None,
                }
            };
            set_pattern_of_decimals(schema, given("max_digits"), given("decimal_places"));
        }
    }
}

/// The pattern of a decimal as text (`decimal_schema` of Pydantic 2.12 and 2.13).
pub(super) fn set_pattern_of_decimals(schema: &mut Object, max_digits: Option<i64>, decimal_places: Option<i64>) {
    let rest = match (max_digits, decimal_places) {
        (Some(digits), Some(places)) => {
            let (whole, all) = ((digits - places).max(0), digits + 1);
            format!(r"(?:\d{{0,{whole}}}|(?=[\d.]{{1,{all}}}0*$)\d{{0,{whole}}}\.\d{{0,{places}}}0*$)")
        }
        (Some(digits), None) => {
            let all = digits + 1;
            format!(r"(?:\d{{0,{digits}}}|(?=[\d.]{{1,{all}}}0*$)\d*\.\d*0*$)")
        }
        (None, Some(places)) => format!(r"\d*\.?\d{{0,{places}}}0*$"),
        (None, None) => r"\d*\.?\d*$".to_owned(),
    };
    let pattern = format!("^(?!^[-+.]*$)[+-]?0*{rest}");
    let text = match schema.get_mut("anyOf") {
        Some(Value::Array(choices)) => choices.get_mut(1).and_then(Value::as_object_mut),
        _ => Some(schema),
    };
    if let Some(text) = text {
        text.insert("pattern".to_owned(), pattern.into());
    }
}

fn number_key(name: &str) -> Option<&str> {
    match name {
        "gt" => Some("exclusiveMinimum"),
        "ge" => Some("minimum"),
        "lt" => Some("exclusiveMaximum"),
        "le" => Some("maximum"),
        "multiple_of" => Some("multipleOf"),
        "min_length" | "max_length" => other_key(name),
        _ => None,
    }
}

fn text_key(name: &str) -> Option<&str> {
    match name {
        "min_length" => Some("minLength"),
        "max_length" => Some("maxLength"),
        "pattern" => Some("pattern"),
        "gt" | "ge" | "lt" | "le" | "multiple_of" => Some(name),
        _ => None,
    }
}

fn items_key(name: &str) -> Option<&str> {
    match name {
        "min_length" => Some("minItems"),
        "max_length" => Some("maxItems"),
        name => other_key(name),
    }
}

fn properties_key(name: &str) -> Option<&str> {
    match name {
        "min_length" => Some("minProperties"),
        "max_length" => Some("maxProperties"),
        name => other_key(name),
    }
}

fn other_key(name: &str) -> Option<&str> {
    match name {
        "min_length" => Some("minLength"),
        "max_length" => Some("maxLength"),
        "gt" | "ge" | "lt" | "le" | "multiple_of" => Some(name),
        _ => None,
    }
}
