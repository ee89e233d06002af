//! Markers that calls of libraries make without their library naming the framework, as wireup's `Inject()` does by
//! `importlib.import_module("fastapi").Depends(…)`.

use super::Argument;
use crate::{
    Place,
    eval::{Interp, value::Value},
};
use base::FileId;
use facts::{ExprId, UnitId};
use std::sync::Arc;

/// Packages that are much in parameters, and make no markers.
const PLAIN: [&str; 8] = [
    "annotated_doc.",
    "annotated_types.",
    "builtins.",
    "fastapi.",
    "pydantic.",
    "pydantic_core.",
    "sqlalchemy.",
    "typing.",
];

impl Interp<'_> {
    /// Puts what libraries make in place of their calls: the default, and what stands beside the type in `Annotated`, also
    /// behind an alias of the library.
    pub(super) fn read_markers(&mut self, argument: &mut Argument, from: FileId) {
        let at = argument.at.unwrap_or(Place {
            file: from,
            unit: UnitId::MODULE,
            expr: ExprId(0),
        });
        if let Some(made) = argument.default.as_ref().and_then(|call| self.marker(call, at)) {
            argument.default = Some(made);
        }
        if let Some(read) = argument
            .annotation
            .as_ref()
            .and_then(|alias| self.read_alias(alias, from))
        {
            argument.annotation = Some(read);
        }
        let Some(Value::Annotated(parts)) = &argument.annotation else {
            return;
        };
        let parts = parts.clone();
        let metadata = parts
            .1
            .iter()
            .map(|item| self.marker(item, at).unwrap_or_else(|| item.clone()));
        let metadata = metadata.collect();
        argument.annotation = Some(Value::Annotated(Arc::new((parts.0.clone(), metadata))));
    }

    /// A library's alias that may be an `Annotated`, `Injected[Service]`.
    fn read_alias(&mut self, annotation: &Value, from: FileId) -> Option<Value> {
        let name = match annotation {
            Value::Generic(parts) => parts.0.lib_name()?,
            other => other.lib_name()?,
        };
        if is_plain(name) {
            return None;
        }
        match self.with_classes_of_libraries(from, annotation.clone()) {
            read @ Value::Annotated(_) => Some(read),
            _ => None,
        }
    }

    /// The marker or dependency that a call of a library gives.
    fn marker(&mut self, call: &Value, at: Place) -> Option<Value> {
        let Value::LibObject(object) = call else { return None };
        if is_plain(&object.callee) {
            return None;
        }
        let callee @ Value::Function(_) = self.read_of_library(at.file, &object.callee)? else {
            return None;
        };
        let made = self.call(&callee, object.args.clone(), Some(at)).ok()?;
        matches!(made, Value::Depends(_) | Value::Marker(_)).then_some(made)
    }
}

fn is_plain(name: &str) -> bool {
    PLAIN.iter().any(|package| name.starts_with(package))
}
