//! Type parameters of functions, classes and aliases (PEP 695).

use super::{
    Context, Eval, Interp,
    value::{Args, FrameId, FrameKind, LibObject, Value},
};
use facts::{ExprId, TypeParam};
use smol_str::SmolStr;
use std::sync::Arc;

/// What stands in place of an alias's type variables, in the order in which they stand in it.
pub(crate) fn substituted(alias: &Value, args: &[Value]) -> Value {
    let mut variables = Vec::new();
    let value = substitute(alias, args, &mut variables, 0);
    if variables.is_empty() { alias.clone() } else { value }
}

fn substitute(value: &Value, args: &[Value], variables: &mut Vec<Value>, depth: usize) -> Value {
    if depth > DEPTH {
        return value.clone();
    }
    let mut each = |parts: &[Value]| -> Vec<Value> {
        parts
            .iter()
            .map(|part| substitute(part, args, variables, depth + 1))
            .collect()
    };
    match value {
        Value::LibObject(object) if object.callee.as_ref() == "typing.TypeVar" => {
            let number = variables.iter().position(|known| known == value);
            let number = number.unwrap_or_else(|| {
                variables.push(value.clone());
                variables.len() - 1
            });
            args.get(number).unwrap_or(value).clone()
        }
        Value::Annotated(parts) => {
            let inner = each(std::slice::from_ref(&parts.0)).remove(0);
            Value::Annotated(Arc::new((inner, parts.1.clone())))
        }
        Value::Union(parts) => Value::Union(each(parts).into()),
        Value::Generic(parts) => Value::Generic(Arc::new((parts.0.clone(), each(&parts.1)))),
        other => other.clone(),
    }
}

/// An alias made by `type Name = …`: where its value stands and in which scope.
pub(crate) type TypeAlias = (Context, ExprId);

/// The library class of such aliases.
pub(crate) const ALIAS: &str = "typing.TypeAliasType";
/// Aliases of aliases that are followed.
const DEPTH: usize = 16;

impl Interp<'_> {
    /// `type Name[T] = value`. The value is evaluated now for whoever needs it at once, and later for what it names by then.
    pub(crate) fn define_alias(
        &mut self,
        cx: &Context,
        name: ExprId,
        type_params: &[TypeParam],
        value: ExprId,
    ) -> Eval<()> {
        let inner = Context {
            frame: self.type_scope(cx, type_params, cx.frame),
            ..cx.clone()
        };
        let at = cx.place(name);
        let said = Value::Str(self.name_at(cx, name).as_str().into());
        let now = self.eval_type(&inner, value);
        let params = type_params.iter().map(|param| {
            let name = self.name_at(cx, param.name);
            self.frame(inner.frame).vars.get(&name).cloned().unwrap_or(Value::None)
        });
        let params = Value::Tuple(params.collect());
        let mut args = Args::of([said, now]);
        args.keywords.push((SmolStr::new_static("type_params"), params, None));
        self.type_aliases.insert(at, (inner, value));
        let alias = self.lib_object(ALIAS, args, Some(at));
        self.assign(cx, name, alias, None)
    }

    /// What an alias stands for.
    pub(crate) fn alias_value(&mut self, alias: &LibObject) -> Value {
        match self.type_aliases.get(&alias.at).cloned() {
            Some((cx, value)) => self.eval_type(&cx, value),
            None => alias
                .args
                .get(1, "value")
                .cloned()
                .unwrap_or_else(|| Value::unknown("an alias without a value", Some(alias.at))),
        }
    }

    /// What a type is where it is an alias as a whole; FastAPI looks no deeper.
    pub(crate) fn without_alias(&mut self, mut value: Value) -> Value {
        for _ in 0..DEPTH {
            match &value {
                Value::LibObject(object) if object.callee.as_ref() == ALIAS => {
                    value = self.alias_value(&object.clone())
                }
                _ => return value,
            }
        }
        value
    }
    /// A scope inside `parent` that holds what `[T, U]` declares; `parent` itself where nothing is declared.
    pub(crate) fn type_scope(&mut self, cx: &Context, params: &[TypeParam], parent: FrameId) -> FrameId {
        if params.is_empty() {
            return parent;
        }
        let qualname = self.frame(cx.frame).qualname.clone();
        let scope = self.new_frame(FrameKind::Function, Some(parent), qualname);
        for param in params {
            let name = self.name_at(cx, param.name);
            let mut args = Args::of([Value::Str(name.as_str().into())]);
            if let Some(bound) = param.bound {
                let inner = Context {
                    frame: scope,
                    ..cx.clone()
                };
                let bound = self.eval_annotation(&inner, bound);
                args.keywords.push((SmolStr::new_static("bound"), bound, None));
            }
            let variable = self.lib_object("typing.TypeVar", args, Some(cx.place(param.name)));
            self.frames[scope.0 as usize].vars.insert(name, variable);
        }
        scope
    }
}
