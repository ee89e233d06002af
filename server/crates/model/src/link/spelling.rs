//! Types in the words in which one would write them, out of their values: aliases are what they stand for.

use crate::eval::{
    Interp,
    quoted::FORWARD_REF,
    value::{ClassId, Value},
};
use std::sync::Arc;

/// Types in each other that are spelled.
const DEPTH: usize = 16;

impl Interp<'_> {
    /// A type as one would write it with bare names: `list[Item]`, `Item | None`. `None` where part of it is not known.
    pub(crate) fn spelled(&self, ty: &Value) -> Option<Arc<str>> {
        self.spell(ty, DEPTH).map(Into::into)
    }

    fn spell(&self, ty: &Value, depth: usize) -> Option<String> {
        let depth = depth.checked_sub(1)?;
        match ty {
            Value::None => Some("None".to_owned()),
            Value::Lib(name) => Some(last(name).to_owned()),
            Value::Class(class) => Some(self.class(*class).name.to_string()),
            Value::Annotated(parts) => self.spell(&parts.0, depth),
            Value::Union(members) => self.spell_all(members, " | ", depth),
            Value::Generic(parts) => match &parts.0 {
                Value::Class(class) if self.inherits(*class, "pydantic.BaseModel") => {
                    self.spell_model(*class, &parts.1, depth)
                }
                Value::Lib(name) if name.as_ref() == "typing.Literal" => {
                    let values: Option<Vec<String>> = parts.1.iter().map(|value| self.spell_literal(value)).collect();
                    Some(format!("Literal[{}]", values?.join(", ")))
                }
                origin @ (Value::Lib(_) | Value::Class(_)) => {
                    let origin = self.spell(origin, depth)?;
                    Some(format!(
                        "{}[{}]",
                        builtin(&origin),
                        self.spell_all(&parts.1, ", ", depth)?
                    ))
                }
                _ => None,
            },
            Value::LibObject(object) if object.callee.as_ref() == FORWARD_REF => {
                Some(format!("ForwardRef('{}')", object.args.get(0, "arg")?.as_str()?))
            }
            _ => None,
        }
    }

    fn spell_all(&self, types: &[Value], between: &str, depth: usize) -> Option<String> {
        let mut spelled: Vec<String> = Vec::with_capacity(types.len());
        for ty in types {
            let one = match ty {
                Value::Ellipsis => "...".to_owned(),
                ty => self.spell(ty, depth)?,
            };
            // A member counts once.
            if between == ", " || !spelled.contains(&one) {
                spelled.push(one);
            }
        }
        Some(spelled.join(between))
    }

    /// A generic model with its arguments, as Pydantic names the class that it makes (`_repr.py`, `display_as_type`).
    fn spell_model(&self, class: ClassId, args: &[Value], depth: usize) -> Option<String> {
        let args: Option<Vec<String>> = args
            .iter()
            .map(|arg| match arg {
                Value::None => Some("NoneType".to_owned()),
                Value::Union(members) => Some(format!("Union[{}]", self.spell_all(members, ", ", depth)?)),
                arg => self.spell(arg, depth),
            })
            .collect();
        Some(format!("{}[{}]", self.class(class).name, args?.join(", ")))
    }

    fn spell_literal(&self, value: &Value) -> Option<String> {
        match value {
            Value::None => Some("None".to_owned()),
            Value::Bool(true) => Some("True".to_owned()),
            Value::Bool(false) => Some("False".to_owned()),
            Value::Int(number) => Some(number.to_string()),
            Value::Str(text) if !text.contains(['\'', '\\', '\n']) => Some(format!("'{text}'")),
            _ => None,
        }
    }
}

fn last(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// With arguments, the names of `typing` for Python's own types are those types.
fn builtin(name: &str) -> &str {
    match name {
        "List" => "list",
        "Dict" => "dict",
        "Set" => "set",
        "FrozenSet" => "frozenset",
        "Tuple" => "tuple",
        "Type" => "type",
        name => name,
    }
}
