//! Types as annotations name them.

use super::Linker;
use crate::{Place, SchemaId, TypeUse, eval::value::Value, unparse::unparse};

impl Linker<'_> {
    /// The type that stands at a place.
    pub(super) fn type_use(&self, value: &Value, at: Place) -> TypeUse {
        let display = self
            .interp
            .source
            .facts(at.file)
            .and_then(|facts| Some(unparse(facts.units.get(at.unit.0 as usize)?, at.expr)))
            .unwrap_or_default();
        let mut schemas = Vec::new();
        self.schemas_in(value, &mut schemas, 0);
        TypeUse {
            display: display.into(),
            schemas,
            at: Some(at),
        }
    }

    /// A type by what it is, or else by what stands at a place.
    pub(super) fn spelled_or_written(&self, value: &Value, at: Option<Place>) -> TypeUse {
        let written = at.map(|at| self.type_use(value, at));
        let mut found = written.unwrap_or_else(|| {
            let mut schemas = Vec::new();
            self.schemas_in(value, &mut schemas, 0);
            TypeUse {
                display: "".into(),
                schemas,
                at: None,
            }
        });
        if let Some(spelled) = self.interp.spelled(value) {
            found.display = spelled;
        }
        found
    }

    fn schemas_in(&self, value: &Value, found: &mut Vec<SchemaId>, depth: u32) {
        if depth > 16 {
            return;
        }
        match value {
            Value::Class(class) => {
                if let Some(&schema) = self.entries.schema_of.get(class)
                    && !found.contains(&schema)
                {
                    found.push(schema);
                }
            }
            Value::Generic(parts) => {
                self.schemas_in(&parts.0, found, depth + 1);
                parts.1.iter().for_each(|part| self.schemas_in(part, found, depth + 1));
            }
            Value::Annotated(parts) => self.schemas_in(&parts.0, found, depth + 1),
            Value::LibObject(object) if object.callee.as_ref() == crate::eval::type_params::ALIAS => {
                let inner = object.args.get(1, "value");
                inner
                    .into_iter()
                    .for_each(|inner| self.schemas_in(inner, found, depth + 1));
            }
            Value::Union(parts) | Value::Tuple(parts) => {
                parts.iter().for_each(|part| self.schemas_in(part, found, depth + 1));
            }
            _ => {}
        }
    }
}
