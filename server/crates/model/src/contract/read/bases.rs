//! What classes inherit: bases with their arguments, and what type variables stand for in each of them.

use super::{Reader, Variables, annotation::free_variables};
use crate::{
    contract::Type,
    eval::{
        Context,
        value::{ClassId, Value},
    },
};
use facts::{Arg, ExprId, Stmt};
use rustc_hash::FxHashMap;

/// A class along a resolution order, with what its type variables stand for.
pub(super) struct Inherited {
    pub(super) class: ClassId,
    pub(super) variables: Variables,
}

impl Reader<'_> {
    /// The project's classes that a class inherits from, itself last.
    pub(super) fn lineage(&mut self, class: ClassId, args: &[Type]) -> Vec<Inherited> {
        let mut known: FxHashMap<ClassId, Variables> = FxHashMap::default();
        self.bind(class, args, &mut known);
        let order = self.interp.class(class).mro.clone();
        order
            .iter()
            .rev()
            .filter_map(|base| match base {
                Value::Class(class) => Some(Inherited {
                    class: *class,
                    variables: known.remove(class).unwrap_or_default(),
                }),
                _ => None,
            })
            .collect()
    }

    fn bind(&mut self, class: ClassId, args: &[Type], known: &mut FxHashMap<ClassId, Variables>) {
        if known.contains_key(&class) {
            return;
        }
        let variables: Variables = self
            .type_parameters(class)
            .into_iter()
            .zip(args.iter().cloned())
            .collect();
        known.insert(class, variables.clone());
        for base in self.raw_bases(class) {
            match base {
                Value::Class(base) => self.bind(base, &[], known),
                Value::Generic(parts) => {
                    if let Value::Class(base) = parts.0 {
                        let args: Vec<Type> = parts.1.iter().map(|arg| self.ty(arg, &variables)).collect();
                        self.bind(base, &args, known);
                    }
                }
                _ => {}
            }
        }
    }

    /// The type variables of a class, in the order in which its arguments are given.
    pub(super) fn type_parameters(&mut self, class: ClassId) -> Vec<Value> {
        let declared = self.declared_parameters(class);
        if !declared.is_empty() {
            return declared;
        }
        let bases = self.raw_bases(class);
        let mut found = Vec::new();
        for base in &bases {
            if let Value::Generic(parts) = base
                && matches!(parts.0.lib_name(), Some("typing.Generic" | "typing.Protocol"))
            {
                parts.1.iter().for_each(|arg| free_variables(arg, &mut found));
                return found;
            }
        }
        bases.iter().for_each(|base| free_variables(base, &mut found));
        found
    }

    /// `class Page[T]`.
    fn declared_parameters(&mut self, class: ClassId) -> Vec<Value> {
        let object = self.interp.class(class).clone();
        let Stmt::Class(def) = &object.code[object.stmt] else {
            return Vec::new();
        };
        let scope = self.interp.frame(object.frame).parent;
        let mut found = Vec::new();
        for param in &def.type_params {
            let name = match &object.code[param.name] {
                facts::Expr::Name(name) => name,
                _ => continue,
            };
            found.extend(scope.and_then(|scope| self.interp.frame(scope).vars.get(name).cloned()));
        }
        found
    }

    /// The bases as they are written, with their arguments.
    fn raw_bases(&mut self, class: ClassId) -> Vec<Value> {
        let object = self.interp.class(class).clone();
        let Stmt::Class(def) = &object.code[object.stmt] else {
            return Vec::new();
        };
        let Some(frame) = self.interp.frame(object.frame).parent else {
            return object.bases;
        };
        let cx = Context {
            frame,
            ..self.interp.class_context(class)
        };
        let written: Vec<ExprId> = def
            .args
            .iter()
            .filter_map(|arg| match arg {
                Arg::Positional(expr) => Some(*expr),
                _ => None,
            })
            .collect();
        if written.len() != object.bases.len() {
            return object.bases;
        }
        // What a name stands for may have changed since; only the arguments are news.
        let evaluated =
            written
                .into_iter()
                .zip(object.bases)
                .map(|(expr, base)| match self.interp.eval_annotation(&cx, expr) {
                    Value::Generic(parts) if parts.0 == base => Value::Generic(parts),
                    _ => base,
                });
        evaluated.collect()
    }
}
