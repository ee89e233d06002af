//! Statements.

use super::{
    Context, Eval, Interp, NESTING,
    flow::Flow,
    value::{Args, FrameKind, FunctionDef, FunctionObject, Value},
};
use crate::{Reason, RouterId};
use facts::{ExprId, Function, MatchCase, Pattern, Stmt, StmtId};
use smol_str::SmolStr;

impl Interp<'_> {
    /// Runs a block; the first statement that leaves ends it.
    pub(crate) fn exec_block(&mut self, cx: &Context, block: &[StmtId]) -> Eval<Flow> {
        for &stmt in block {
            match self.exec(cx, stmt)? {
                Flow::Next => {}
                flow => return Ok(flow),
            }
        }
        Ok(Flow::Next)
    }

    /// Runs a module's or class's block: an exception that nobody catches ends its own statement only unless it is certain,
    /// so that one mistake of ours cannot hide the rest of a file.
    pub(crate) fn exec_outer_block(&mut self, cx: &Context, block: &[StmtId]) -> Eval<()> {
        for &stmt in block {
            if self.frame(cx.frame).kind == FrameKind::Module {
                self.begin_statement();
            }
            match self.exec(cx, stmt) {
                Ok(_) => {}
                Err(raise) => {
                    if let Some(raise) = self.certain_end(cx, stmt, raise) {
                        return Err(raise);
                    }
                    self.doubt_module();
                }
            }
            if self.is_exhausted() {
                self.note_exhausted(cx, stmt);
                break;
            }
        }
        Ok(())
    }

    /// The whole link's work is used up: what the rest of the module wires is missing.
    fn note_exhausted(&mut self, cx: &Context, stmt: StmtId) {
        if self.frame(cx.frame).kind != FrameKind::Module || !self.source.mentions_framework(cx.file) {
            return;
        }
        let Some(at) = first_expr(&cx.code[stmt]).map(|expr| cx.place(expr)) else {
            return;
        };
        let reason = self.reason("the work that the whole project may take is used up", at);
        self.report(at, "module", &reason);
        for id in 0..self.routers.len() as u32 {
            self.change_router(RouterId(id), |router| {
                router.escapes = true;
                router.incomplete.get_or_insert_with(|| Reason::clone(&reason));
            });
        }
    }

    fn exec(&mut self, cx: &Context, id: StmtId) -> Eval<Flow> {
        if !self.step() || self.nesting >= NESTING {
            self.doubt_module();
            return Ok(Flow::Next);
        }
        self.nesting += 1;
        let flow = self.exec_kind(cx, id);
        self.nesting -= 1;
        flow
    }

    fn exec_kind(&mut self, cx: &Context, id: StmtId) -> Eval<Flow> {
        match &cx.code[id] {
            Stmt::Expr(expr) => {
                self.eval(cx, *expr)?;
            }
            Stmt::Assign { targets, value } => {
                let at = cx.place(*value);
                let assumed = self.assumptions;
                let value = self.eval(cx, *value)?;
                let rests_on_assumption = self.assumptions != assumed;
                for &target in targets {
                    self.assign(cx, target, value.clone(), Some(at))?;
                    if rests_on_assumption {
                        self.note_assumed(cx, target, &value);
                    }
                }
            }
            Stmt::AnnAssign {
                target,
                annotation,
                value,
            } => self.exec_annotated(cx, *target, *annotation, *value)?,
            Stmt::AugAssign { target, op, value } => self.exec_augmented(cx, *target, *op, *value)?,
            Stmt::TypeAlias {
                name,
                type_params,
                value,
            } => self.define_alias(cx, *name, type_params, *value)?,
            Stmt::Return(value) => {
                let value = match value {
                    Some(value) => self.eval(cx, *value)?,
                    None => Value::None,
                };
                return Ok(Flow::Return(value));
            }
            Stmt::Raise(value) => {
                let raise = self.raised(cx, *value);
                self.check_raise(&raise, *value, cx)?;
                return Err(raise);
            }
            Stmt::If { test, body, orelse } => return self.exec_if(cx, *test, body, orelse),
            Stmt::For {
                target,
                iter,
                body,
                orelse,
                ..
            } => return self.exec_for(cx, *target, *iter, body, orelse),
            Stmt::While { test, body, orelse } => return self.exec_while(cx, *test, body, orelse),
            Stmt::Try {
                body,
                handlers,
                orelse,
                finally,
            } => return self.exec_try(cx, body, handlers, orelse, finally),
            Stmt::With { items, body, .. } => return self.exec_with(cx, items, body),
            Stmt::Match { subject, cases } => return self.exec_match(cx, *subject, cases),
            Stmt::Function(function) => self.exec_function(cx, id, function)?,
            Stmt::Class(class) => self.exec_class(cx, id, class)?,
            Stmt::Import(names) => self.exec_import(cx, names)?,
            Stmt::ImportFrom {
                level, module, names, ..
            } => self.exec_import_from(cx, *level, module, names)?,
            Stmt::Global(names) | Stmt::Nonlocal(names) => {
                self.frames[cx.frame.0 as usize]
                    .outer_names
                    .extend(names.iter().cloned());
            }
            Stmt::Break => return Ok(Flow::Break),
            Stmt::Continue => return Ok(Flow::Continue),
            Stmt::Delete(targets) => {
                for &target in targets {
                    self.delete(cx, target)?;
                }
            }
            Stmt::Assert(test) => self.exec_assert(cx, *test)?,
            Stmt::Pass => {}
        }
        Ok(Flow::Next)
    }

    /// `del target`. A name that is gone is worth no false "unknown".
    fn delete(&mut self, cx: &Context, target: ExprId) -> Eval<()> {
        match &cx.code[target] {
            facts::Expr::Subscript { value, index } => {
                let container = self.eval(cx, *value)?;
                let key = self.eval(cx, *index)?;
                self.delete_item(&container, &key, cx.place(target));
            }
            facts::Expr::Tuple(targets) | facts::Expr::List(targets) => {
                for &target in targets {
                    self.delete(cx, target)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn exec_annotated(&mut self, cx: &Context, target: ExprId, annotation: ExprId, value: Option<ExprId>) -> Eval<()> {
        if let Some(value) = value {
            let at = cx.place(value);
            let assumed = self.assumptions;
            let value = self.eval(cx, value)?;
            self.assign(cx, target, value.clone(), Some(at))?;
            if self.assumptions != assumed {
                self.note_assumed(cx, target, &value);
            }
        }
        if self.frame(cx.frame).kind == FrameKind::Class {
            self.note_field(cx, target, annotation, value);
        }
        Ok(())
    }

    fn exec_augmented(&mut self, cx: &Context, target: ExprId, op: facts::BinaryOp, value: ExprId) -> Eval<()> {
        let left = self.eval(cx, target)?;
        let right = self.eval(cx, value)?;
        if let (Value::Routes(router), facts::BinaryOp::Add) = (&left, op) {
            self.routes_method(*router, "extend", &Args::of([right]), cx.place(value));
            return Ok(());
        }
        if let (Value::List(list), facts::BinaryOp::Add) = (&left, op) {
            self.extend_list(*list, &right, cx.place(value));
            return Ok(());
        }
        self.heed_operator(&left);
        // What else goes by another name changes, too.
        if let Value::List(id) | Value::Dict(id) | Value::Set(id) = left {
            self.doubt_object(id);
        }
        let result = match self.overloaded_in_place(&left, op, &right, cx.place(value))? {
            Some(result) => result,
            None => self.binary(left, op, right, cx.place(value)),
        };
        self.assign(cx, target, result, None)
    }

    fn exec_if(&mut self, cx: &Context, test: ExprId, body: &[StmtId], orelse: &[StmtId]) -> Eval<Flow> {
        let assumed = self.assumptions;
        let condition = self.eval(cx, test)?;
        self.decisions += 1;
        self.heed_decision(cx, test);
        let rests_on_assumption = self.assumptions != assumed;
        match self.truth(&condition) {
            Some(holds) => {
                let (taken, other) = if holds { (body, orelse) } else { (orelse, body) };
                if !rests_on_assumption {
                    return self.exec_block(cx, taken);
                }
                let depth = self.condition_depth;
                let pending = self.returns_pending();
                self.condition_depth += 1;
                let flow = self.exec_assumed(cx, taken);
                self.condition_depth = depth + u32::from(self.returns_pending() > pending);
                if self.rehearse(cx, other) {
                    self.condition_depth += 1;
                }
                flow
            }
            None => self.exec_undecided(cx, &[body, orelse]),
        }
    }

    fn exec_match(&mut self, cx: &Context, subject: ExprId, cases: &[MatchCase]) -> Eval<Flow> {
        let subject = self.eval(cx, subject)?;
        self.decisions += 1;
        self.heed_shaky_decision();
        let mut possible: Vec<&[StmtId]> = Vec::new();
        for case in cases {
            let matched = self.matches(cx, &case.pattern, &subject)?;
            let guarded = match case.guard {
                Some(guard) => {
                    let guard = self.eval(cx, guard)?;
                    self.truth(&guard)
                }
                None => Some(true),
            };
            match (matched, guarded) {
                (Some(false), _) | (_, Some(false)) => {}
                (Some(true), Some(true)) if possible.is_empty() => return self.exec_block(cx, &case.body),
                (Some(true), Some(true)) => {
                    possible.push(&case.body);
                    return self.exec_undecided(cx, &possible);
                }
                _ => possible.push(&case.body),
            }
        }
        if possible.is_empty() {
            return Ok(Flow::Next);
        }
        possible.push(&[]);
        self.exec_undecided(cx, &possible)
    }

    /// Whether a pattern matches, where that can be told; captures are bound.
    fn matches(&mut self, cx: &Context, pattern: &Pattern, subject: &Value) -> Eval<Option<bool>> {
        Ok(match pattern {
            Pattern::Wildcard => Some(true),
            Pattern::Capture(name) => {
                self.assign(cx, *name, subject.clone(), None)?;
                Some(true)
            }
            Pattern::Value(expr) => {
                let value = self.eval(cx, *expr)?;
                self.equal(subject, &value)
            }
            Pattern::Or(patterns) => {
                let mut decided = Some(false);
                for pattern in patterns {
                    match self.matches(cx, pattern, subject)? {
                        Some(true) => return Ok(Some(true)),
                        Some(false) => {}
                        None => decided = None,
                    }
                }
                decided
            }
            Pattern::Class { class, is_bare, names } => {
                let class = self.eval(cx, *class)?;
                for &name in names {
                    let value = Value::unknown("a part of a matched value", Some(cx.place(name)));
                    self.assign(cx, name, value, None)?;
                }
                let asked = Args::of([subject.clone(), class]);
                let is_instance = self.call_builtin("isinstance", asked, None)?;
                match self.truth(&is_instance) {
                    Some(true) if !*is_bare => None,
                    decided => decided,
                }
            }
            Pattern::Other(names) => {
                for &name in names {
                    let value = Value::unknown("a part of a matched value", Some(cx.place(name)));
                    self.assign(cx, name, value, None)?;
                }
                None
            }
        })
    }

    fn exec_function(&mut self, cx: &Context, id: StmtId, function: &Function) -> Eval<()> {
        let name = self.name_at(cx, function.name);
        let qualname = self.qualified(cx, &name);
        let in_function = self.frame(cx.frame).kind == FrameKind::Function;
        self.check_markers(cx, function);
        let defaults = if in_function || self.loop_depth > 0 {
            self.eval_defaults(cx, &function.params)
        } else {
            Vec::new()
        };
        // The scope of a method is settled once its class is made.
        let frame = match self.frame(cx.frame).kind {
            FrameKind::Class => cx.frame,
            _ => self.type_scope(cx, &function.type_params, cx.frame),
        };
        let signature_frame = self.signature_scope(cx, function, frame);
        let function_id = self.add_function(FunctionObject {
            file: cx.file,
            unit: cx.unit,
            code: cx.code.clone(),
            def: FunctionDef::Def(id),
            frame,
            signature_frame,
            qualname,
            class: None,
            wraps: None,
            attrs: Vec::new(),
            unbound: Vec::new(),
            defaults,
            owner: self.owner(cx.file),
        });
        // The name is bound before decorators run only in our reading of `at`; Python binds it afterwards.
        let value = self.apply_decorators(cx, &function.decorators, Value::Function(function_id))?;
        self.assign(cx, function.name, value, None)
    }

    /// Defaults belong to the moment of the definition: closures in loops rely on it.
    pub(super) fn eval_defaults(&mut self, cx: &Context, params: &facts::Params) -> Vec<(SmolStr, Value)> {
        let mut defaults = Vec::new();
        for param in &params.list {
            if let Some(default) = param.default
                && let Ok(value) = self.eval(cx, default)
            {
                defaults.push((self.name_at(cx, param.name), value));
            }
        }
        defaults
    }

    /// Applies decorators from the innermost outwards.
    pub(crate) fn apply_decorators(&mut self, cx: &Context, decorators: &[ExprId], mut value: Value) -> Eval<Value> {
        for &decorator in decorators.iter().rev() {
            let outer = self.decorator.replace(cx.place(decorator));
            let decorated = match self.eval(cx, decorator) {
                Ok(callee) => self.decorate(callee, value.clone(), cx.place(decorator)),
                Err(raise) if raise.certain.is_some() => Err(raise),
                Err(_) => {
                    self.doubt_module();
                    Ok(value)
                }
            };
            self.decorator = outer;
            value = decorated?;
        }
        Ok(value)
    }
}

/// An expression at the beginning of a statement, to point to.
fn first_expr(stmt: &Stmt) -> Option<ExprId> {
    match stmt {
        Stmt::Expr(expr) | Stmt::Assign { value: expr, .. } => Some(*expr),
        Stmt::AnnAssign { target, .. } | Stmt::AugAssign { target, .. } => Some(*target),
        Stmt::If { test, .. } | Stmt::While { test, .. } => Some(*test),
        Stmt::For { iter, .. } => Some(*iter),
        Stmt::With { items, .. } => items.first().map(|(item, _)| *item),
        Stmt::Match { subject, .. } => Some(*subject),
        Stmt::Function(function) => Some(function.name),
        Stmt::Class(class) => Some(class.name),
        Stmt::Import(names) | Stmt::ImportFrom { names, .. } => names.first().map(|name| name.name_at),
        _ => None,
    }
}
