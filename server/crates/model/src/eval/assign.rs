//! Names and targets.

use super::{
    Context, Eval, Interp,
    expr::{nth, range_of},
    heap::Thing,
    iterate::Items,
    value::{DictEntry, FnId, FrameId, FrameKind, FunctionObject, ObjId, ObjectKind, Value},
};
use crate::Place;
use facts::{Expr, ExprId};
use smol_str::SmolStr;
use std::sync::Arc;

impl Interp<'_> {
    /// The text of a `Name` node.
    pub(crate) fn name_at(&self, cx: &Context, expr: ExprId) -> SmolStr {
        match &cx.code[expr] {
            Expr::Name(name) => name.clone(),
            _ => SmolStr::default(),
        }
    }

    pub(crate) fn qualified(&self, cx: &Context, name: &str) -> Arc<str> {
        let frame = self.frame(cx.frame);
        match (frame.kind, frame.qualname.is_empty()) {
            (_, true) => name.into(),
            (FrameKind::Function, _) => format!("{}.<locals>.{name}", frame.qualname).into(),
            _ => format!("{}.{name}", frame.qualname).into(),
        }
    }

    pub(crate) fn add_function(&mut self, function: FunctionObject) -> FnId {
        let id = FnId(self.functions.len() as u32);
        self.functions.push(function);
        id
    }

    /// Binds a name in a frame, noting what it was where a branch may have to be undone.
    pub(crate) fn set_in_frame(&mut self, frame: FrameId, name: SmolStr, value: Value) {
        let old = self.frames[frame.0 as usize].vars.insert(name.clone(), value);
        if let Some(journal) = self.journals.last_mut() {
            journal.push((frame, name, old));
        }
    }

    /// Binds a name as an assignment in `cx` does.
    pub(crate) fn set_name(&mut self, cx: &Context, name: SmolStr, value: Value) {
        let frame = self.frame_to_bind(cx.frame, &name);
        self.set_in_frame(frame, name, value);
    }

    fn frame_to_bind(&self, frame: FrameId, name: &str) -> FrameId {
        if !self.frame(frame).outer_names.iter().any(|outer| outer == name) {
            return frame;
        }
        let mut outer = self.frame(frame).parent;
        while let Some(id) = outer {
            if self.frame(id).vars.contains_key(name) || self.frame(id).parent.is_none() {
                return id;
            }
            outer = self.frame(id).parent;
        }
        frame
    }

    /// Assigns to any target; `at` is where the value is written.
    pub(crate) fn assign(&mut self, cx: &Context, target: ExprId, value: Value, at: Option<Place>) -> Eval<()> {
        match &cx.code[target] {
            Expr::Name(name) => {
                self.note_binding(cx, target, name, &value);
                self.set_name(cx, name.clone(), value);
            }
            Expr::Tuple(targets) | Expr::List(targets) => self.unpack(cx, targets, &value)?,
            Expr::Starred(inner) => self.assign(cx, *inner, value, at)?,
            Expr::Attr {
                value: receiver, name, ..
            } => {
                let receiver = self.eval(cx, *receiver)?;
                self.assign_attribute(&receiver, name, value, at)?;
            }
            Expr::Subscript {
                value: container,
                index,
            } => {
                let container = self.eval(cx, *container)?;
                let key = self.eval(cx, *index)?;
                self.set_item(&container, key, value, at);
            }
            _ => {}
        }
        Ok(())
    }

    fn unpack(&mut self, cx: &Context, targets: &[ExprId], value: &Value) -> Eval<()> {
        let at = targets.first().map(|&target| cx.place(target));
        let items = match at.map(|at| self.items_of(value, at)) {
            Some(Items::Known(items)) => items,
            _ => Vec::new(),
        };
        let star = targets
            .iter()
            .position(|&target| matches!(cx.code[target], Expr::Starred(_)));
        let tail = star.map_or(0, |star| targets.len() - star - 1);
        for (i, &target) in targets.iter().enumerate() {
            let part = match star {
                Some(star) if i == star => {
                    let end = items.len().saturating_sub(tail).max(star);
                    let middle = items.get(star..end).unwrap_or(&[]).to_vec();
                    Some(self.new_list(middle))
                }
                Some(star) if i > star => items.get((items.len() + i).wrapping_sub(targets.len())).cloned(),
                _ => items.get(i).cloned(),
            };
            let part = part.unwrap_or_else(|| match value {
                Value::Unknown(reason) => Value::Unknown(reason.clone()),
                _ => Value::unknown("a part of a value that is not known", at),
            });
            self.assign(cx, target, part, None)?;
        }
        Ok(())
    }

    fn set_item(&mut self, container: &Value, key: Value, value: Value, at: Option<Place>) {
        match container {
            Value::Dict(id) | Value::List(id) if self.stays(*id) => return,
            Value::Routes(_) if self.is_rehearsal => return,
            _ => {}
        }
        self.heed_operator(container);
        if let Value::Dict(id) | Value::List(id) = container {
            self.note_change(Thing::Object(*id));
        }
        match container {
            Value::Dict(id) => {
                self.put_entry(*id, DictEntry { key, value, at });
            }
            Value::Routes(router) if matches!(key, Value::Slice(_)) => {
                let at = self.somewhere(at);
                self.set_routes(*router, &value, at);
            }
            Value::List(id) if let Value::Slice(parts) = &key => self.replace_slice(*id, parts, &value, at),
            Value::List(id) => {
                let items = self.list_items(*id);
                let Some(i) = (match key {
                    Value::Int(i) => nth(items.len(), i),
                    _ => None,
                }) else {
                    return;
                };
                let value = if self.condition_depth > self.object(*id).condition_depth {
                    self.join(vec![items[i].clone(), value])
                } else {
                    value
                };
                if let ObjectKind::List(items) = &mut self.object_mut(*id).kind {
                    items[i] = value;
                }
            }
            _ => {}
        }
    }

    /// `items[start:stop] = values`.
    fn replace_slice(&mut self, id: ObjId, parts: &[Option<Value>; 3], values: &Value, at: Option<Place>) {
        let at = self.somewhere(at);
        let is_exact = self.object(id).open.is_none()
            && self.condition_depth <= self.object(id).condition_depth
            && !self.list_items(id).iter().any(|item| matches!(item, Value::Maybe(_)));
        let range = range_of(parts, self.list_items(id).len());
        let reason = match (range.filter(|_| is_exact), self.items_of(values, at)) {
            (Some(range), Items::Known(new)) => {
                if let ObjectKind::List(items) = &mut self.object_mut(id).kind {
                    items.splice(range.start..range.end.max(range.start), new);
                }
                return;
            }
            (_, Items::Unknown(reason)) => reason,
            (None, _) => self.reason("a part of a list that is replaced is not known", at),
        };
        // What is left of it, and what came, is not known.
        let object = self.object_mut(id);
        object.open.get_or_insert(reason);
        if let ObjectKind::List(items) = &mut object.kind {
            let perhaps = |item: Value| match item {
                item @ Value::Maybe(_) => item,
                item => Value::Maybe(Arc::new(item)),
            };
            *items = std::mem::take(items).into_iter().map(perhaps).collect();
        }
    }

    /// Notes that what a target is rests on an assumption.
    pub(crate) fn note_assumed(&mut self, cx: &Context, target: ExprId, value: &Value) {
        match &cx.code[target] {
            Expr::Name(name) => {
                let frame = self.frame_to_bind(cx.frame, name);
                self.assume_name(frame, name.clone(), value);
            }
            Expr::Attr {
                value: receiver, name, ..
            } if may_be_assumed(value) && matches!(&cx.code[*receiver], Expr::Name(_)) => {
                if let Ok(Value::Object(object)) = self.eval(cx, *receiver) {
                    self.assumed_attributes.insert((object, name.clone()));
                }
            }
            _ => {}
        }
    }

    /// Notes that what a name is bound to rests on an assumption.
    pub(crate) fn assume_name(&mut self, frame: FrameId, name: SmolStr, value: &Value) {
        if may_be_assumed(value) {
            self.assumed_names.insert((frame, name));
        }
    }

    /// Counts an assumption where the name was bound by one.
    pub(crate) fn count_assumed(&mut self, frame: FrameId, name: &str, value: &Value) {
        if may_be_assumed(value)
            && !self.assumed_names.is_empty()
            && self.assumed_names.contains(&(frame, SmolStr::new(name)))
        {
            self.assumptions += 1;
        }
    }

    /// Reads a name as Python does: the scope, the functions around it, the module, the builtins.
    pub(crate) fn lookup(&mut self, cx: &Context, name: &str, at: ExprId) -> Eval<Value> {
        let mut scope = Some(cx.frame);
        while let Some(id) = scope {
            let frame = self.frame(id);
            if let Some(value) = frame.vars.get(name) {
                let value = value.clone();
                self.count_assumed(id, name, &value);
                return Ok(self.force(value));
            }
            scope = frame.parent;
        }
        if let Some(value) = super::builtins::builtin(name) {
            return Ok(value);
        }
        match name {
            "__name__" => return Ok(Value::Str(self.source.module_name(cx.file))),
            "__file__" => return Ok(self.file_name(cx.file)),
            "__path__" => {
                if let Some(path) = self.package_path(cx.file) {
                    return Ok(path);
                }
            }
            "__package__" => {
                let name = self.source.module_name(cx.file);
                let package = match self.source.is_package(cx.file) {
                    true => &*name,
                    false => name.rsplit_once('.').map_or("", |(package, _)| package),
                };
                return Ok(Value::str(package));
            }
            _ => {}
        }
        self.check_unbound(cx, name, at)?;
        Ok(Value::unknown(
            format!("`{name}` is not bound to anything that is known"),
            Some(cx.place(at)),
        ))
    }

    /// Resolves a reference into a module that was still being imported.
    pub(crate) fn force(&mut self, value: Value) -> Value {
        match value {
            Value::ImportRef(file, name) => match self.modules.get(&file) {
                Some(state) => match self.frame(state.frame).vars.get(&name).cloned() {
                    Some(Value::ImportRef(..)) | None => {
                        let is_damaged = self.source.facts(file).is_some_and(|facts| facts.damaged);
                        let why = match is_damaged {
                            true => "is not found: its module has syntax that can't be read",
                            false => "is not bound yet: its module is in an import cycle",
                        };
                        Value::unknown(format!("`{name}` {why}"), None)
                    }
                    Some(value) => value,
                },
                None => Value::unknown(format!("`{name}` is in a module that was not imported"), None),
            },
            value => value,
        }
    }
}

/// Whether conditions may rest on what a value is: a constant, or something that is there only where a library is.
fn may_be_assumed(value: &Value) -> bool {
    matches!(
        value,
        Value::Bool(_)
            | Value::None
            | Value::Int(_)
            | Value::Str(_)
            | Value::Lib(_)
            | Value::LibObject(_)
            | Value::Function(_)
            | Value::Class(_)
    )
}
