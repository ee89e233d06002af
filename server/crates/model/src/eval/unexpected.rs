//! Keyword arguments that FastAPI's markers don't take: since 0.155 `Query(lte=5)` is a TypeError, before it was kept as something
//! extra. What they take is read in the FastAPI that the project has (`fastapi/param_functions.py`).

use super::{Context, Interp, certainty::RestsOn, value::Value};
use base::FileId;
use facts::{Arg, Expr, ExprId, Function, ParamKind, Stmt};
use smol_str::SmolStr;

/// The module that defines the markers.
const MARKERS: &str = "fastapi.param_functions";

/// What markers take in every version, and most calls say nothing else.
const TAKEN: [&str; 18] = [
    "alias",
    "default",
    "default_factory",
    "dependency",
    "deprecated",
    "description",
    "embed",
    "ge",
    "gt",
    "include_in_schema",
    "le",
    "lt",
    "max_length",
    "min_length",
    "pattern",
    "scopes",
    "title",
    "use_cache",
];

impl Interp<'_> {
    /// Checks the markers in a signature when its `def` runs. What is in quotes Python does not evaluate there.
    pub(super) fn check_markers(&mut self, cx: &Context, function: &Function) {
        if !self.source.mentions_framework(cx.file) {
            return;
        }
        let has_future = self.has_future_annotations(cx.file);
        for param in &function.params.list {
            let annotation = param.annotation.filter(|_| !has_future);
            for expr in [annotation, param.default].into_iter().flatten() {
                self.check_calls(cx, expr);
            }
        }
    }

    fn check_calls(&mut self, cx: &Context, expr: ExprId) {
        let mut pending = vec![expr];
        while let Some(expr) = pending.pop() {
            match &cx.code[expr] {
                Expr::Quoted(..) => continue,
                Expr::Call { func, args } => {
                    let unusual = args.iter().find_map(|arg| match arg {
                        Arg::Keyword { name, .. } if !TAKEN.contains(&name.as_str()) => Some(name),
                        _ => None,
                    });
                    if unusual.is_some() {
                        self.check_keywords(cx, expr, *func, args);
                    }
                }
                _ => {}
            }
            cx.code[expr].for_each_expr(|inner| pending.push(inner));
        }
    }

    fn check_keywords(&mut self, cx: &Context, call: ExprId, func: ExprId, args: &[Arg]) {
        let Ok(Value::Lib(callee)) = self.guarded(|interp| interp.eval(cx, func)) else {
            return;
        };
        let Some(marker) = callee.strip_prefix("fastapi.") else {
            return;
        };
        let Some(taken) = self.taken_by(cx.file, marker) else {
            return;
        };
        let refused = args.iter().find_map(|arg| match arg {
            Arg::Keyword { name, .. } if !taken.contains(name) => Some(name),
            _ => None,
        });
        if let Some(name) = refused {
            let why = format!("Python raises a TypeError here: `{marker}` takes no argument `{name}`");
            self.refuse("TypeError", &why, cx.place(call), RestsOn::Nothing);
        }
    }

    /// The parameters of a marker; `None` where it is none, takes any, or is not read.
    fn taken_by(&self, from: FileId, marker: &str) -> Option<Vec<SmolStr>> {
        let file = self.source.framework_file(from, MARKERS)?;
        let facts = self.source.facts(file)?;
        let unit = facts.units.first()?.unit();
        let function = unit.body.iter().find_map(|stmt| match &unit[*stmt] {
            Stmt::Function(function) if matches!(&unit[function.name], Expr::Name(name) if name == marker) => {
                Some(function)
            }
            _ => None,
        })?;
        let params = &function.params.list;
        if params.iter().any(|param| param.kind == ParamKind::VarKeyword) {
            return None;
        }
        let names = params.iter().filter_map(|param| match &unit[param.name] {
            Expr::Name(name) => Some(name.clone()),
            _ => None,
        });
        Some(names.collect())
    }
}
