//! Calls.

use super::{
    CALL_DEPTH, Context, Eval, FOREIGN_RECURSION, FOREIGN_STEP_BUDGET, Interp, RECURSION, data_files,
    flow::{Flow, Raise},
    iterate::Items,
    value::{Args, FnId, FrameId, FrameKind, FunctionDef, LibObject, Names, Value},
};
use crate::Place;
use facts::{Expr, ExprId, FunctionBody, Stmt, UnitId};
use smol_str::SmolStr;
use std::sync::Arc;

const USED_UP: &str = "the work that one call may do is used up";
const WITHOUT_END: &str = "Python raises a RecursionError here: whatever happens, the function calls itself again";
const TOO_DEEP: &str = "calls are nested too deeply here to be followed";

/// How much of what can refer to a frame there was when a call began.
#[derive(Clone, Copy)]
struct Made {
    functions: usize,
    classes: usize,
    /// Entries of the innermost journal.
    bindings: usize,
}

impl Interp<'_> {
    /// A call as it stands in code.
    pub(crate) fn call_in(&mut self, cx: &Context, callee: &Value, args: Args, id: ExprId) -> Eval<Value> {
        let at = cx.place(id);
        match callee.lib_name() {
            Some("builtins.super") => return Ok(self.super_object(cx, &args)),
            Some("builtins.locals" | "builtins.vars") if args.positional.is_empty() => {
                return Ok(Value::unknown("the names of a scope", Some(at)));
            }
            Some("builtins.globals") => return Ok(self.globals(cx)),
            _ => {}
        }
        self.call(callee, args, Some(at))
    }

    /// Calls a value.
    pub(crate) fn call(&mut self, callee: &Value, args: Args, at: Option<Place>) -> Eval<Value> {
        match callee {
            Value::Function(function) => self.call_function(*function, args, at),
            Value::Bound(bound) => {
                let (receiver, function) = (&bound.0, &bound.1);
                self.call(&function.clone(), args.with_first(receiver.clone()), at)
            }
            Value::BuiltinMethod(method) => self.call_method(&method.0.clone(), &method.1.clone(), args, at),
            Value::Class(class) => match self.call_of_metaclass(*class) {
                Some(method) => self.call(&method, args, at),
                None => self.instantiate(*class, args, at),
            },
            Value::Lib(name) => self.call_library(&name.clone(), args, at),
            Value::Partial(partial) => {
                let mut all = partial.1.clone();
                all.positional.extend(args.positional);
                for keyword in args.keywords {
                    all.keywords.retain(|known| known.0 != keyword.0);
                    all.keywords.push(keyword);
                }
                all.open = all.open.or(args.open);
                self.call(&partial.0.clone(), all, at)
            }
            Value::RouteDecorator(decorator) => {
                let target = args.get(0, "func").cloned().unwrap_or(Value::None);
                let decorator = decorator.clone();
                self.register(&decorator, target)
            }
            Value::Wraps(wrapped) => {
                let wrapper = args.get(0, "wrapper").cloned().unwrap_or(Value::None);
                if let Value::Function(function) = &wrapper {
                    let owner = self.functions[function.0 as usize].owner;
                    self.note_touch(owner);
                    self.functions[function.0 as usize].wraps = Some(Value::clone(wrapped));
                }
                Ok(wrapper)
            }
            Value::StaticMethod(inner) | Value::ClassMethod(inner) => self.call(&Value::clone(inner), args, at),
            // A decorator that gives a function the signature that it is told.
            Value::LibObject(decorator) if decorator.callee.as_ref() == "makefun.with_signature" => {
                let function = args.get(0, "func").cloned().unwrap_or(Value::None);
                let signature = decorator.args.get(0, "func_signature").cloned().unwrap_or(Value::None);
                self.set_attribute(&function, &SmolStr::new_static("__signature__"), signature, at);
                Ok(function)
            }
            Value::Object(_) => match self.attribute_of(callee, &SmolStr::new_static("__call__"), at) {
                Some(method) => self.call(&method, args, at),
                None => Ok(self.call_unknown(callee, args, at)),
            },
            Value::OneOf(callees) => {
                let depth = self.condition_depth;
                self.condition_depth += 1;
                // Which of them it is decides what comes next.
                self.decisions += 1;
                let mut results = Vec::new();
                for callee in callees.iter() {
                    if !matches!(callee, Value::None) {
                        results.extend(self.call(callee, args.clone(), at));
                    }
                }
                self.condition_depth = depth;
                Ok(self.join(results))
            }
            Value::Maybe(inner) => self.call(&Value::clone(inner), args, at),
            Value::Generic(generic) => self.call(&generic.0.clone(), args, at),
            _ => Ok(self.call_unknown(callee, args, at)),
        }
    }

    /// A call that is not followed: what it is given may be changed by it.
    pub(crate) fn call_unknown(&mut self, callee: &Value, args: Args, at: Option<Place>) -> Value {
        self.hand_over(&args, callee, at);
        self.expose(&args);
        match callee {
            Value::Unknown(reason) => Value::Unknown(reason.clone()),
            _ => Value::unknown("the result of a call that is not followed", at),
        }
    }

    /// Notes that apps and routers among the arguments are handed to code that is not read.
    pub(crate) fn hand_over(&mut self, args: &Args, callee: &Value, at: Option<Place>) {
        if matches!(callee, Value::Lib(name) if super::library::leaves_apps_alone(name)) {
            return;
        }
        let handed: Vec<Value> = args.values().cloned().collect();
        for value in handed {
            if let Some(router) = self.router_of(&value) {
                let to = match callee {
                    Value::Lib(name) => format!("`{name}`"),
                    Value::LibObject(object) => format!("an object of `{}`", object.callee),
                    Value::BuiltinMethod(method) => match &method.0 {
                        Value::LibObject(object) => format!("`{}.{}`", object.callee, method.1),
                        _ => format!("`{}`", method.1),
                    },
                    _ => "code that is not known".to_owned(),
                };
                let reason = crate::Reason {
                    text: format!("it is handed to {to}, which is not read").into(),
                    place: at,
                };
                if let Some(at) = at.filter(|at| super::library::may_wire(callee) && !self.is_reported(*at)) {
                    let what = self.source_words(at).unwrap_or_else(|| "a call".to_owned());
                    self.report(at, what, &reason);
                }
                self.change_router(router, |router| {
                    router.escapes = true;
                    router.incomplete.get_or_insert(reason);
                });
            }
        }
    }

    /// Enters a function of the workspace.
    fn call_function(&mut self, id: FnId, args: Args, at: Option<Place>) -> Eval<Value> {
        let function = &self.functions[id.0 as usize];
        let (is_suspended, body) = match function.def {
            FunctionDef::Def(stmt) => match &function.code[stmt] {
                Stmt::Function(def) => (def.is_async || def.is_generator, Some(def.body.clone())),
                _ => (false, None),
            },
            FunctionDef::Lambda(_) => (false, None),
        };
        if is_suspended {
            return Ok(Value::Suspended(Arc::new((id, args))));
        }
        if let Some(result) = self.call_chosen(id, &args, at) {
            return result;
        }
        if self.keeps_results(id) {
            return self.call_keeping(id, args, body, at);
        }
        self.enter(id, args, body, at)
    }

    /// Runs a coroutine's body.
    pub(crate) fn resume(&mut self, id: FnId, args: Args, at: Option<Place>) -> Eval<Value> {
        let function = &self.functions[id.0 as usize];
        let body = match function.def {
            FunctionDef::Def(stmt) => match &function.code[stmt] {
                Stmt::Function(def) => Some(def.body.clone()),
                _ => None,
            },
            FunctionDef::Lambda(_) => None,
        };
        self.enter(id, args, body, at)
    }

    pub(super) fn enter(&mut self, id: FnId, args: Args, body: Option<FunctionBody>, at: Option<Place>) -> Eval<Value> {
        let recursion = self.calling.iter().filter(|(running, _)| *running == id).count();
        let object = self.functions[id.0 as usize].clone();
        let is_foreign =
            !self.source.mentions_framework(object.file) && !args.values().any(|value| self.router_of(value).is_some());
        let most = if is_foreign { FOREIGN_RECURSION } else { RECURSION };
        if self.call_depth >= CALL_DEPTH || recursion >= most {
            self.check_ends(id, at)?;
            self.doubt_module();
            self.hand_over(&args, &Value::None, at);
            self.cut_off = self.cut_off.or(at);
            return Ok(Value::unknown(TOO_DEEP, at));
        }
        let made = self.made();
        let frame = self.new_frame(FrameKind::Function, Some(object.frame), object.qualname.clone());
        self.bind_args(id, args, frame);
        let (unit, block) = match body {
            Some(FunctionBody::Block(block)) => (object.unit, Some(block)),
            Some(FunctionBody::Unit(unit)) => (unit, None),
            None => (object.unit, None),
        };
        let code = if unit == object.unit {
            object.code.clone()
        } else {
            // Whether a factory is called decides whether what it makes is an app by itself.
            if crate::link::factories::is_factory(self, id) {
                self.note_touch(object.file);
            }
            self.body_unit(&object, unit)
        };
        let cx = Context {
            file: object.file,
            unit,
            code: code.clone(),
            frame,
            function: Some(id),
        };
        let mut limit = self.call_limit;
        if self.call_depth == 0 {
            limit = self.call_budget;
            self.call_steps = 0;
            self.ran_out = false;
            self.cut_off = None;
        }
        self.call_limit = if is_foreign {
            self.call_limit.min(self.call_steps + FOREIGN_STEP_BUDGET)
        } else {
            self.call_budget
        };
        let before = self.call_steps;
        let recorded = self.recorded.len();
        self.call_depth += 1;
        let conditions = self.condition_depth;
        self.pending_returns.push(Vec::new());
        self.calling.push((id, self.decisions));
        let spare_depth = std::mem::take(&mut self.spare_depth);
        let result = match (object.def, block) {
            (FunctionDef::Lambda(lambda), _) => match &cx.code[lambda] {
                Expr::Lambda(_, body) => self.eval(&cx, *body),
                _ => Ok(Value::None),
            },
            (_, Some(block)) => self.exec_block(&cx, &block).map(returned),
            (_, None) => self.exec_block(&cx, &code.body).map(returned),
        };
        self.spare_depth = spare_depth;
        self.calling.pop();
        self.leave(frame, made);
        let mut possible = self.pending_returns.pop().unwrap_or_default();
        self.condition_depth = conditions;
        self.call_depth -= 1;
        let is_used_up = self.call_steps >= self.call_limit;
        // What a wrapper out there leads back to is not its own work.
        self.call_limit = if is_foreign {
            limit
        } else {
            limit + (self.call_steps - before)
        };
        if self.ran_out && self.call_depth == 0 {
            self.note_used_up(recorded, at.or_else(|| self.definition_of(id)));
        } else if self.call_depth == 0 {
            self.note_cut_off(recorded, at);
        }
        if is_used_up && (is_foreign || self.call_depth == 0) {
            return Ok(Value::unknown(USED_UP, at));
        }
        let value = match result {
            Err(raise) if !possible.is_empty() => {
                self.note_possible_raise(raise);
                return Ok(self.join(possible));
            }
            // Nobody can catch it: the program would not run, so it is likelier that something here is not known well enough.
            Err(raise) if self.try_depth == 0 && raise.certain.is_none() => {
                self.note_failing_call(id, at);
                self.doubt_module();
                Value::unknown("the result of a call that fails", at)
            }
            result => result?,
        };
        if possible.is_empty() {
            return Ok(value);
        }
        possible.push(value);
        Ok(self.join(possible))
    }

    /// A function that comes back to itself without having decided anything on the way does so for ever.
    fn check_ends(&mut self, id: FnId, at: Option<Place>) -> Eval<()> {
        let Some(at) = at.filter(|_| self.calling.contains(&(id, self.decisions))) else {
            return Ok(());
        };
        if self.try_depth == 0 {
            return Err(self.raised_by_library("RecursionError", WITHOUT_END, at));
        }
        // Another exception may end it before.
        self.note_possible_raise(Raise::new("RecursionError"));
        Ok(())
    }

    /// Where a function is defined, for calls that nobody wrote.
    fn definition_of(&self, id: FnId) -> Option<Place> {
        let function = &self.functions[id.0 as usize];
        let FunctionDef::Def(stmt) = function.def else {
            return None;
        };
        match &function.code[stmt] {
            Stmt::Function(def) => Some(Place {
                file: function.file,
                unit: function.unit,
                expr: def.name,
            }),
            _ => None,
        }
    }

    /// An outermost call did all the work that it may: what it was to wire may be missing, whoever looks at its result.
    fn note_used_up(&mut self, recorded: usize, at: Option<Place>) {
        self.call_budget = (self.call_budget / 2).max(FOREIGN_STEP_BUDGET);
        if let Some(at) = at
            && self.source.files().contains(&at.file)
        {
            let what = self.source_words(at).unwrap_or_else(|| "call".to_owned());
            let reason = self.reason(USED_UP, at);
            self.report(at, what, &reason);
            self.doubt(recorded, &reason);
        }
    }

    /// A call in an outermost one was too deep to be followed: where something was wired, more may have been to come, whoever
    /// looks at its result.
    fn note_cut_off(&mut self, recorded: usize, at: Option<Place>) {
        let Some(cut_off) = self.cut_off.take() else { return };
        let mut places = [Some(cut_off), at].into_iter().flatten();
        let Some(place) = places.find(|place| self.source.files().contains(&place.file)) else {
            return;
        };
        if self.recorded.len() > recorded {
            let reason = self.reason(TOO_DEEP, place);
            let is_told = self.unresolved.iter().any(|(_, entry)| entry.why == *reason);
            if !is_told {
                let what = self.source_words(place).unwrap_or_else(|| "call".to_owned());
                self.report(place, what, &reason);
            }
            self.doubt(recorded, &reason);
        }
    }

    fn made(&self) -> Made {
        Made {
            functions: self.functions.len(),
            classes: self.classes.len(),
            bindings: self.journals.last().map_or(0, Vec::len),
        }
    }

    /// Empties the frame of a call that is over, unless what was `made` since may refer to it.
    fn leave(&mut self, frame: FrameId, made: Made) {
        if self.functions.len() > made.functions || self.classes.len() > made.classes {
            return;
        }
        self.frames[frame.0 as usize].vars = Names::default();
        if let Some(journal) = self.journals.last_mut() {
            let since = journal.split_off(made.bindings.min(journal.len()));
            journal.extend(since.into_iter().filter(|(bound_in, _, _)| *bound_in != frame));
        }
    }

    fn body_unit(&mut self, object: &super::value::FunctionObject, unit: UnitId) -> Arc<facts::Unit> {
        self.entered.insert((object.file, unit));
        self.source
            .facts(object.file)
            .and_then(|facts| facts.units.get(unit.0 as usize).map(|unit| unit.unit().clone()))
            .unwrap_or_default()
    }

    /// `await value`.
    pub(crate) fn await_value(&mut self, value: Value, at: Place) -> Value {
        match value {
            Value::Suspended(suspended) => self
                .resume(suspended.0, suspended.1.clone(), Some(at))
                .unwrap_or_else(|_| Value::unknown("the result of a coroutine that fails", Some(at))),
            Value::LibObject(object) if object.callee.as_ref() == "asyncio.Future" => {
                object.args.get(0, "result").cloned().unwrap_or(Value::None)
            }
            value => value,
        }
    }

    /// What `with manager as target` binds.
    pub(crate) fn enter_context(&mut self, manager: Value, at: Place) -> Value {
        match &manager {
            Value::Suspended(_) => match self.items_of(&manager, at) {
                Items::Known(items) => match items.into_iter().next() {
                    Some(Value::Maybe(inner)) => Value::clone(&inner),
                    Some(value) => value,
                    None => Value::None,
                },
                Items::Unknown(reason) => Value::Unknown(reason),
            },
            Value::Object(_) => match self.attribute_of(&manager, &SmolStr::new_static("__enter__"), Some(at)) {
                Some(method) => {
                    let entered = self
                        .call(&method, Args::default(), Some(at))
                        .unwrap_or_else(|_| manager.clone());
                    self.await_value(entered, at)
                }
                None => match self.attribute_of(&manager, &SmolStr::new_static("__aenter__"), Some(at)) {
                    Some(method) => {
                        let entered = self
                            .call(&method, Args::default(), Some(at))
                            .unwrap_or_else(|_| manager.clone());
                        self.await_value(entered, at)
                    }
                    None => manager,
                },
            },
            Value::LibObject(object) if data_files::is_open_file(object) => manager,
            _ => Value::unknown("the value of a context manager", Some(at)),
        }
    }

    /// What a manager of the workspace does at the end of its `with`.
    pub(crate) fn leave_context(&mut self, manager: &Value, at: Place) {
        if !matches!(manager, Value::Object(_)) {
            return;
        }
        for name in ["__exit__", "__aexit__"] {
            if let Some(method @ Value::Bound(_)) = self.attribute_of(manager, &SmolStr::new_static(name), Some(at)) {
                let nothing = Args::of([Value::None, Value::None, Value::None]);
                if let Ok(left) = self.call(&method, nothing, Some(at)) {
                    self.await_value(left, at);
                }
            }
        }
    }

    /// Applies a decorator to what it decorates. Decorators that are not followed leave the function in place, as
    /// `functools.wraps` does for FastAPI, which reads the signature of what is wrapped.
    pub(crate) fn decorate(&mut self, decorator: Value, target: Value, at: Place) -> Eval<Value> {
        Ok(match &decorator {
            Value::Unknown(reason) => {
                self.note_wrapper(
                    &target,
                    &format!("decorated by something that is not known ({})", reason.text),
                    at,
                );
                target
            }
            Value::Lib(name) if super::library::is_transparent_decorator(name) => target,
            _ => {
                let result = self.call(&decorator, Args::of([target.clone()]), Some(at));
                match result {
                    Ok(Value::Unknown(reason)) => {
                        if !super::library::is_transparent_result(&decorator) {
                            self.note_wrapper(&target, &format!("its decorator is not followed ({})", reason.text), at);
                        }
                        target
                    }
                    Ok(Value::LibObject(object)) if matches!(target, Value::Function(_) | Value::Class(_)) => {
                        if !super::library::is_transparent_decorator(&object.callee) {
                            self.note_wrapper(&target, &format!("its decorator `{}` is not read", object.callee), at);
                        }
                        target
                    }
                    // The function itself, or something that is not known.
                    Ok(Value::OneOf(values))
                        if values.contains(&target)
                            && values.iter().all(|value| *value == target || value.is_unknown()) =>
                    {
                        let unknown = values.iter().find_map(|value| match value {
                            Value::Unknown(reason) => Some(reason.text.clone()),
                            _ => None,
                        });
                        let why = unknown.unwrap_or_else(|| "a condition".into());
                        self.note_wrapper(&target, &format!("its decorator is not followed ({why})"), at);
                        target
                    }
                    Ok(value) => value,
                    Err(raise) if raise.certain.is_some() => return Err(raise),
                    Err(_) => {
                        self.doubt_module();
                        target
                    }
                }
            }
        })
    }

    /// A wrapper of which nothing is known may change a function's signature.
    fn note_wrapper(&mut self, target: &Value, reason: &str, at: Place) {
        if let Value::Function(function) = target {
            let reason = crate::Reason {
                text: reason.into(),
                place: Some(at),
            };
            self.opaque.entry(*function).or_insert(reason);
        }
    }

    /// A library callable's result, kept symbolic.
    pub(crate) fn lib_object(&mut self, callee: &str, args: Args, at: Option<Place>) -> Value {
        self.hand_over(&args, &Value::lib(callee), at);
        if !super::library::is_declarative(callee) {
            self.expose(&args);
        }
        match at {
            Some(at) => Value::LibObject(Arc::new(LibObject {
                callee: callee.into(),
                args,
                at,
            })),
            None => Value::unknown(format!("the result of `{callee}`"), None),
        }
    }
}

fn returned(flow: Flow) -> Value {
    match flow {
        Flow::Return(value) => value,
        _ => Value::None,
    }
}
