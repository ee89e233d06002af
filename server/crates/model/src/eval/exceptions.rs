//! Exceptions: `raise`, and `try` with its handlers.

use super::{
    Context, Eval, Interp,
    flow::{Flow, Raise},
    value::Value,
};
use facts::{ExprId, Handler, Stmt, StmtId};
use smol_str::SmolStr;

impl Interp<'_> {
    pub(crate) fn raised(&mut self, cx: &Context, value: Option<ExprId>) -> Raise {
        let class = value.and_then(|value| {
            let value = self.eval(cx, value).ok()?;
            self.exception_name(&value)
        });
        Raise {
            class: class.unwrap_or_else(|| SmolStr::new("Exception")),
        }
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
