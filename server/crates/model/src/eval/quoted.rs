//! Annotations in quotes, or all of a module with `from __future__ import annotations`. FastAPI evaluates them with the names of
//! the function's module alone, when it makes the route (`fastapi/dependencies/utils.py`, `get_typed_annotation`): names of a
//! function or class around, and of what the module binds later, are not among them. Of one that lacks a name, and of what is in
//! quotes within another annotation, it knows nothing but a `ForwardRef`, which makes a query parameter; before Pydantic 2.10
//! it raises.

use super::{
    Context, Interp,
    certainty::RestsOn,
    heap::Thing,
    signature_scope::collect_names,
    unbound::is_given,
    value::{Args, FnId, FrameKind, LibObject, Value},
};
use crate::{Place, unparse::unparse};
use base::FileId;
use facts::{Expr, ExprId, FileFacts, Stmt, Unit};
use rustc_hash::FxHashSet;
use smol_str::SmolStr;
use std::sync::Arc;

/// What Python makes of an annotation in quotes that it does not evaluate.
pub(crate) const FORWARD_REF: &str = "typing.ForwardRef";

/// What evaluating an annotation in quotes comes to.
enum Lookup {
    /// All are the module's, or stand for the same there.
    Found,
    /// A name is not there for certain.
    Lacking(SmolStr),
    /// A name may not be there.
    Perhaps(SmolStr),
}

impl Interp<'_> {
    /// The annotation of a parameter, or of a result, as FastAPI sees it; `cx` is the scope of the function's signature.
    pub(crate) fn annotation_of(&mut self, function: FnId, cx: &Context, at: ExprId) -> Value {
        let Some(inner) = self.in_quotes(cx, at) else {
            let keeps = std::mem::replace(&mut self.keeps_quotes, true);
            let value = self.eval_type(cx, at);
            self.keeps_quotes = keeps;
            return value;
        };
        match self.global_names(function, cx, inner) {
            Lookup::Found => self.eval_type(&self.without_locals(function, cx, inner), inner),
            Lookup::Lacking(_) => forward_ref(&unparse(&cx.code, inner), cx.place(at)),
            Lookup::Perhaps(name) => Value::unknown(
                format!("it is in quotes, and `{name}` may not be bound in the module when FastAPI evaluates it"),
                Some(cx.place(at)),
            ),
        }
    }

    /// Notes which names of its annotations an endpoint's module lacks while its route is made; `has_model` tells whether a
    /// response model is given, which leaves the result alone.
    pub(super) fn note_unbound_annotations(&mut self, endpoint: &Value, has_model: bool, at: Place) {
        let Value::Function(endpoint) = endpoint else { return };
        let id = self.unwrapped(*endpoint);
        let file = self.functions[id.0 as usize].file;
        let Some(annotations) = self.annotations(id, has_model).filter(|_| self.is_importing(file)) else {
            return;
        };
        let cx = self.definition_context(id);
        let mut names = FxHashSet::default();
        for at in &annotations {
            if let Some(inner) = self.in_quotes(&cx, *at) {
                collect_names(&cx.code, inner, &mut names);
            }
        }
        let unbound = names.into_iter().filter(|name| !self.has_global(file, name)).cloned();
        self.functions[id.0 as usize].unbound = unbound.collect();
        if self.raises_for_forward_references(file) {
            self.check_forward_references(id, &cx, &annotations, at);
        }
    }

    /// Before 2.10 Pydantic raises for what it can't evaluate.
    fn check_forward_references(&mut self, function: FnId, cx: &Context, annotations: &[ExprId], at: Place) {
        for annotation in annotations {
            let lacking = match self.in_quotes(cx, *annotation) {
                Some(inner) => match self.global_names(function, cx, inner) {
                    Lookup::Lacking(name) => Some(name),
                    Lookup::Found | Lookup::Perhaps(_) => None,
                },
                None => quoted_within(&cx.code, *annotation),
            };
            if let Some(name) = lacking {
                let why = format!("Pydantic raises an error here: `{name}` is in quotes, and not defined for it");
                self.refuse("NameError", &why, at, RestsOn::Things(vec![Thing::Module(cx.file)]));
            }
        }
    }

    fn annotations(&self, id: FnId, has_model: bool) -> Option<Vec<ExprId>> {
        let (code, stmt) = self.function_def(id)?;
        let Stmt::Function(def) = &code[stmt] else { return None };
        let params = def.params.list.iter().filter_map(|param| param.annotation);
        Some(params.chain(def.returns.filter(|_| !has_model)).collect())
    }

    /// What is evaluated of an annotation that is a text.
    fn in_quotes(&mut self, cx: &Context, at: ExprId) -> Option<ExprId> {
        match &cx.code[at] {
            Expr::Quoted(_, inner) => Some(*inner),
            _ => self.has_future_annotations(cx.file).then_some(at),
        }
    }

    pub(super) fn has_future_annotations(&self, file: FileId) -> bool {
        self.source.facts(file).is_some_and(|facts| imports_annotations(&facts))
    }

    fn global_names(&self, function: FnId, cx: &Context, inner: ExprId) -> Lookup {
        let mut names = FxHashSet::default();
        collect_names(&cx.code, inner, &mut names);
        let unbound = &self.functions[function.0 as usize].unbound;
        let lacks = |name: &SmolStr| unbound.contains(name) || !self.has_global(cx.file, name);
        let mut lacking: Vec<&SmolStr> = names.into_iter().filter(|name| lacks(name)).collect();
        lacking.sort_unstable();
        let is_certain = |name: &&&SmolStr| unbound.contains(**name) || !self.may_be_bound_in_module(cx.file, name);
        match (lacking.iter().find(is_certain), lacking.first()) {
            (Some(name), _) if !is_given(name) => Lookup::Lacking((*name).clone()),
            (_, Some(name)) => Lookup::Perhaps((*name).clone()),
            (_, None) => Lookup::Found,
        }
    }

    /// Whether a module has a name of its own now, or of Python.
    fn has_global(&self, file: FileId, name: &str) -> bool {
        let module = self.modules.get(&file);
        module.is_none_or(|module| self.frame(module.frame).vars.contains_key(name))
            || super::builtins::builtin(name).is_some()
            || name.starts_with("__")
    }

    /// The scope of a signature without what functions and classes around it bind to the names of an annotation.
    fn without_locals(&self, function: FnId, cx: &Context, inner: ExprId) -> Context {
        let mut names = FxHashSet::default();
        collect_names(&cx.code, inner, &mut names);
        let defined_in = self.functions[function.0 as usize].frame;
        let module = self.modules.get(&cx.file).map(|module| module.frame);
        match module.filter(|_| names.iter().any(|name| self.is_local(defined_in, name))) {
            Some(frame) => Context { frame, ..cx.clone() },
            None => cx.clone(),
        }
    }

    fn is_local(&self, scope: super::value::FrameId, name: &str) -> bool {
        let mut next = Some(scope);
        while let Some(id) = next {
            let frame = self.frame(id);
            if frame.vars.contains_key(name) {
                return frame.kind != FrameKind::Module;
            }
            next = frame.parent;
        }
        false
    }

    /// Whether Pydantic ends with an exception where it finds a reference that it can't evaluate.
    fn raises_for_forward_references(&self, file: FileId) -> bool {
        let version = self.source.package_version(file, "pydantic");
        let minor = version.as_deref().and_then(|version| {
            let mut numbers = version.split('.').map(str::parse::<u32>);
            Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
        });
        minor.is_some_and(|minor| minor < (2, 10))
    }
}

/// A reference that nobody evaluates.
pub(super) fn forward_ref(text: &str, at: Place) -> Value {
    Value::LibObject(Arc::new(LibObject {
        callee: FORWARD_REF.into(),
        args: Args::of([Value::str(text)]),
        at,
    }))
}

fn quoted_within(code: &Unit, annotation: ExprId) -> Option<SmolStr> {
    let mut pending = vec![annotation];
    while let Some(expr) = pending.pop() {
        if let Expr::Quoted(text, _) = &code[expr] {
            return Some(SmolStr::new(text));
        }
        code[expr].for_each_expr(|inner| pending.push(inner));
    }
    None
}

/// Whether a module begins with `from __future__ import annotations`.
fn imports_annotations(facts: &FileFacts) -> bool {
    let Some(module) = facts.units.first() else {
        return false;
    };
    let unit = module.unit();
    let first = unit.body.iter().map(|stmt| &unit[*stmt]);
    let mut first = first.take_while(|stmt| matches!(stmt, Stmt::Expr(_) | Stmt::ImportFrom { .. }));
    first.any(|stmt| match stmt {
        Stmt::ImportFrom { module, names, .. } => {
            module == "__future__" && names.iter().any(|name| name.name == "annotations")
        }
        _ => false,
    })
}
