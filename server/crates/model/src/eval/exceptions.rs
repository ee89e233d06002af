//! Exceptions: `raise`, and `try` with its handlers.

use super::{
    Context, Eval, Interp,
    flow::{Flow, Raise},
    iterate::Around,
    value::{FrameKind, Value},
};
use crate::{Place, Reason};
use base::FileId;
use facts::{Arg, Expr, ExprId, Handler, Stmt, StmtId};
use smol_str::SmolStr;
use std::sync::Arc;

impl Interp<'_> {
    pub(crate) fn raised(&mut self, cx: &Context, value: Option<ExprId>) -> Raise {
        let found = value.and_then(|value| {
            let raised = self.eval(cx, value).ok()?;
            // What a library's class makes may not be known, but it is of that class.
            let name = self.exception_name(&raised);
            name.map(|name| (name, raised)).or_else(|| match &cx.code[value] {
                Expr::Call { func, .. } => match self.eval(cx, *func).ok()? {
                    class @ Value::Lib(_) => Some((self.exception_name(&class)?, class)),
                    _ => None,
                },
                _ => None,
            })
        });
        match found {
            Some((class, raised)) => Raise {
                bases: self.exception_bases(&raised),
                ..Raise::new(&class)
            },
            None => Raise::new("Exception"),
        }
    }

    /// The names of the bases of a class of the workspace that is raised, or an instance of it.
    fn exception_bases(&self, raised: &Value) -> Arc<[SmolStr]> {
        let class = match raised {
            Value::Object(object) => self.instance(*object).map(|instance| &instance.class),
            class => Some(class),
        };
        match class {
            Some(Value::Class(class)) => {
                let bases = self.class(*class).mro.iter().skip(1);
                bases.filter_map(|base| self.exception_name(base)).collect()
            }
            _ => Arc::default(),
        }
    }

    /// An exception that a library raises whatever the program does, said where nobody can catch it. It is certain unless
    /// something undecided led here.
    pub(super) fn raised_by_library(&mut self, class: &str, why: &str, at: Place) -> Raise {
        let reason = self.reason(why, at);
        if self.try_depth == 0 {
            self.report_raise(&reason);
        }
        Raise {
            certain: self.is_unconditional().then_some(reason),
            ..Raise::new(class)
        }
    }

    fn report_raise(&mut self, reason: &Reason) {
        if let Some(at) = reason.place.filter(|at| !self.is_reported(*at)) {
            let what = self.source_words(at).unwrap_or_else(|| "raise".to_owned());
            self.report(at, what, reason);
        }
    }

    /// The exception that ended a statement of a module or class, if every run of the program ends with it.
    pub(super) fn certain_end(&self, cx: &Context, stmt: StmtId, raise: Raise) -> Option<Raise> {
        match &cx.code[stmt] {
            _ if raise.certain.is_some() => Some(raise),
            Stmt::Raise(Some(value)) if self.frame(cx.frame).kind == FrameKind::Module => {
                let reason = self.reason("the module raises it when it is imported", cx.place(*value));
                Some(Raise {
                    certain: Some(reason),
                    ..raise
                })
            }
            _ => None,
        }
    }

    /// A module ends with an exception that is certain. Who leaves on purpose may have served before.
    pub(super) fn end_module(&mut self, file: FileId, raise: Raise) {
        if matches!(raise.class.as_str(), "SystemExit" | "KeyboardInterrupt") {
            return;
        }
        if let Some(reason) = &raise.certain {
            self.report_raise(reason);
        }
        if let Some(state) = self.modules.get_mut(&file) {
            state.raised = Some(raise);
        }
    }

    /// Importing a module that ends with an exception raises it.
    pub(super) fn raised_by_import(&mut self, file: FileId) -> Option<Raise> {
        let Some(raised) = self.modules.get(&file)?.raised.clone() else {
            return self.refused_by_import(file);
        };
        Some(Raise {
            certain: raised.certain.filter(|_| self.is_unconditional()),
            ..raised
        })
    }

    pub(super) fn is_unconditional(&self) -> bool {
        self.condition_depth == 0 && !self.is_rehearsal && !self.is_late
    }

    /// Keeps an exception that only perhaps is raised, for the `try` block around it.
    pub(crate) fn note_possible_raise(&mut self, raise: Raise) {
        if self.try_depth > 0 {
            self.possible_raise.get_or_insert(raise);
        }
    }

    pub(crate) fn exec_try(
        &mut self,
        cx: &Context,
        body: &[StmtId],
        handlers: &[Handler],
        orelse: &[StmtId],
        finally: &[StmtId],
    ) -> Eval<Flow> {
        let spare = handlers.iter().find(|handler| self.spares_imports(cx, handler));
        let imports = self.presumed_imports;
        let outer = self.possible_raise.take();
        self.try_depth += u32::from(!handlers.is_empty());
        self.spare_depth += u32::from(spare.is_some());
        let mut conditions = 0;
        let tried = self.exec_tried(cx, body, &mut conditions);
        self.spare_depth -= u32::from(spare.is_some());
        self.try_depth -= u32::from(!handlers.is_empty());
        let possible = std::mem::replace(&mut self.possible_raise, outer);
        let is_presumed = self.presumed_imports != imports;
        let mut flow = match tried {
            Ok(Flow::Next) if is_presumed => self.exec_assumed(cx, orelse),
            Ok(Flow::Next) => self.exec_block(cx, orelse),
            Ok(flow) => Ok(flow),
            Err(raise) => match self.handler_of(cx, handlers, &raise) {
                Some(handler) => {
                    self.condition_depth -= std::mem::take(&mut conditions);
                    if raise.certain.is_none() {
                        self.heed_shaky_decision();
                    }
                    self.handle(cx, handler)
                }
                None => Err(raise),
            },
        };
        self.condition_depth -= conditions;
        if let Some(raise) = possible {
            match self.handler_of(cx, handlers, &raise) {
                Some(handler) => {
                    let handled = self.exec_perhaps(cx, &handler.body)?;
                    flow = flow.map(|flow| if matches!(flow, Flow::Next) { handled } else { flow });
                }
                None => self.note_possible_raise(raise),
            }
        }
        if let Some(handler) = spare.filter(|_| is_presumed)
            && self.rehearse(cx, &handler.body)
        {
            self.condition_depth += 1;
        }
        match self.exec_block(cx, finally)? {
            Flow::Next => flow,
            left => Ok(left),
        }
    }

    /// `with` managers: those that catch exceptions are a `try` around the body.
    pub(crate) fn exec_with(
        &mut self,
        cx: &Context,
        items: &[(ExprId, Option<ExprId>)],
        body: &[StmtId],
    ) -> Eval<Flow> {
        let mut caught = Vec::new();
        let mut managers = Vec::new();
        for (number, (item, target)) in items.iter().enumerate() {
            let manager = self.eval(cx, *item)?;
            if let (Value::Suspended(suspended), true) = (&manager, caught.is_empty()) {
                let around = Around {
                    cx: cx.clone(),
                    target: *target,
                    items: items[number + 1..].to_vec(),
                    body: body.to_vec(),
                };
                let (function, args) = (suspended.0, suspended.1.clone());
                let ended = self.run_around(function, args, around, cx.place(*item));
                for (manager, at) in managers.into_iter().rev() {
                    self.leave_context(&manager, at);
                }
                match ended.map_err(|raise| Raise::new(&raise.class))? {
                    Some(flow) => return Ok(flow),
                    // A generator that never yields raises; it is likelier that something in it is not known.
                    None => return self.guarded(|interp| interp.exec_block(cx, body)),
                }
            }
            if let (Value::LibObject(object), Expr::Call { args, .. }) = (&manager, &cx.code[*item])
                && matches!(object.callee.as_ref(), "contextlib.suppress" | "pytest.raises")
            {
                caught.extend(args.iter().filter_map(caught_by));
            }
            managers.push((manager.clone(), cx.place(*item)));
            let entered = self.enter_context(manager, cx.place(*item));
            if let Some(target) = target {
                self.assign(cx, *target, entered, None)?;
            }
        }
        let flow = match caught.is_empty() {
            true => self.guarded(|interp| interp.exec_block(cx, body)),
            false => self.exec_try(cx, body, &caught, &[], &[]),
        };
        for (manager, at) in managers.into_iter().rev() {
            self.leave_context(&manager, at);
        }
        // Any manager may catch what it likes.
        flow.map_err(|raise| Raise::new(&raise.class))
    }

    /// The body of a `try`: what comes behind something that may raise is conditional, by one more of `conditions`.
    fn exec_tried(&mut self, cx: &Context, body: &[StmtId], conditions: &mut u32) -> Eval<Flow> {
        let imports = self.presumed_imports;
        for stmt in body {
            let is_presumed = *conditions > 0 && self.presumed_imports != imports;
            let stmt = std::slice::from_ref(stmt);
            let flow = match is_presumed {
                true => self.exec_assumed(cx, stmt)?,
                false => self.exec_block(cx, stmt)?,
            };
            if !matches!(flow, Flow::Next) {
                return Ok(flow);
            }
            if *conditions == 0 && (self.presumed_imports != imports || self.possible_raise.is_some()) {
                *conditions = 1;
                self.condition_depth += 1;
            }
        }
        Ok(Flow::Next)
    }

    /// Whether a handler lets the program go on where a library is not installed.
    fn spares_imports(&mut self, cx: &Context, handler: &Handler) -> bool {
        let gives_up = handler
            .body
            .last()
            .is_some_and(|last| matches!(cx.code[*last], Stmt::Raise(_)));
        !gives_up && self.catches(cx, handler, &Raise::new("ModuleNotFoundError"))
    }

    fn handler_of<'h>(&mut self, cx: &Context, handlers: &'h [Handler], raise: &Raise) -> Option<&'h Handler> {
        handlers.iter().find(|handler| self.catches(cx, handler, raise))
    }

    fn handle(&mut self, cx: &Context, handler: &Handler) -> Eval<Flow> {
        if let Some(name) = handler.name {
            let error = Value::unknown("an exception that was caught", Some(cx.place(name)));
            self.assign(cx, name, error, None)?;
        }
        self.exec_block(cx, &handler.body)
    }

    fn catches(&mut self, cx: &Context, handler: &Handler, raise: &Raise) -> bool {
        let Some(types) = handler.types else { return true };
        // `except*` takes groups apart.
        if matches!(raise.class.as_str(), "ExceptionGroup" | "BaseExceptionGroup") {
            return true;
        }
        let types = self.eval(cx, types).unwrap_or(Value::None);
        let types = match types {
            Value::Tuple(items) => items.to_vec(),
            single => vec![single],
        };
        types
            .iter()
            .any(|class| self.exception_name(class).is_some_and(|name| raise.is_caught_by(&name)))
    }

    /// The class name of an exception or exception class.
    fn exception_name(&self, value: &Value) -> Option<SmolStr> {
        match value {
            Value::Lib(name) => name.rsplit('.').next().map(SmolStr::new),
            Value::LibObject(object) => object.callee.rsplit('.').next().map(SmolStr::new),
            Value::Class(class) => Some(self.classes[class.0 as usize].name.clone()),
            Value::Object(object) => self
                .instance(*object)
                .and_then(|instance| self.exception_name(&instance.class)),
            _ => None,
        }
    }
}

/// A handler for what `suppress(Error)` and its like are given.
fn caught_by(arg: &Arg) -> Option<Handler> {
    match arg {
        Arg::Positional(types) => Some(Handler {
            types: Some(*types),
            name: None,
            body: Vec::new(),
        }),
        _ => None,
    }
}
