//! Imports: each module runs once, when it is first imported.

use super::{
    CALL_STEP_BUDGET, Context, Eval, Interp, ModuleState, ModuleStatus,
    flow::Raise,
    library,
    value::{Args, FrameId, FrameKind, Value},
};
use crate::{ModuleRef, ModuleSource};
use base::FileId;
use facts::{Expr, ImportName, UnitId};
use smol_str::SmolStr;
use std::sync::Arc;

/// Depth of imports within imports; Python itself gives up near a thousand frames.
const IMPORT_DEPTH: usize = 400;

impl Interp<'_> {
    /// Runs a module unless it has run or is running; gives its scope.
    pub(crate) fn run_module(&mut self, file: FileId) -> Option<FrameId> {
        if let Some(importer) = self.running_module() {
            self.imports.entry(importer).or_default().insert(file);
        }
        if let Some(state) = self.modules.get(&file) {
            return Some(state.frame);
        }
        let facts = self.source.facts(file)?;
        if self.running.len() > IMPORT_DEPTH {
            return None;
        }
        // The package comes first, and may import this very module.
        self.run_parent_package(file);
        if let Some(state) = self.modules.get(&file) {
            return Some(state.frame);
        }
        let frame = self.new_frame(FrameKind::Module, None, Arc::from(""));
        self.modules.insert(
            file,
            ModuleState {
                frame,
                status: ModuleStatus::Running,
                fails: false,
                raised: None,
            },
        );
        if let Some(unit) = facts.units.first() {
            let context = Context {
                file,
                unit: UnitId::MODULE,
                code: unit.unit().clone(),
                frame,
                function: None,
            };
            // Conditions, budgets and branches of the importer are not the module's.
            let conditions = std::mem::take(&mut self.condition_depth);
            let journals = std::mem::take(&mut self.journals);
            let depth = std::mem::take(&mut self.call_depth);
            let (steps, limit) = (self.call_steps, self.call_limit);
            let budget = std::mem::replace(&mut self.call_budget, CALL_STEP_BUDGET);
            let ran_out = std::mem::take(&mut self.ran_out);
            let cut_off = self.cut_off.take();
            let decorator = self.decorator.take();
            let is_rehearsal = std::mem::take(&mut self.is_rehearsal);
            let try_depth = std::mem::take(&mut self.try_depth);
            let spare_depth = std::mem::take(&mut self.spare_depth);
            let possible_raise = self.possible_raise.take();
            let is_failing = std::mem::take(&mut self.is_failing);
            let certainty = self.enter_module(try_depth);
            self.running.push(file);
            if let Err(raise) = self.exec_outer_block(&context, &unit.body) {
                self.end_module(file, raise);
            }
            self.running.pop();
            self.leave_module(certainty);
            let fails = std::mem::replace(&mut self.is_failing, is_failing);
            if let Some(state) = self.modules.get_mut(&file) {
                state.fails = fails;
            }
            self.is_rehearsal = is_rehearsal;
            self.try_depth = try_depth;
            self.spare_depth = spare_depth;
            self.possible_raise = possible_raise;
            self.decorator = decorator;
            self.call_depth = depth;
            (self.call_steps, self.call_limit) = (steps, limit);
            (self.call_budget, self.ran_out) = (budget, ran_out);
            self.cut_off = cut_off;
            self.journals = journals;
            self.condition_depth = conditions;
        }
        if let Some(state) = self.modules.get_mut(&file) {
            state.status = ModuleStatus::Done;
        }
        Some(frame)
    }

    /// Whether a module's own code runs.
    pub(super) fn is_importing(&self, file: FileId) -> bool {
        let state = self.modules.get(&file);
        state.is_some_and(|state| state.status == ModuleStatus::Running)
    }

    /// Calls a factory as a module's own code would; `is_callers` tells whether it takes arguments.
    pub(crate) fn call_in_module(
        &mut self,
        file: FileId,
        callee: &Value,
        args: Args,
        is_callers: bool,
    ) -> Option<Value> {
        let budget = std::mem::replace(&mut self.call_budget, CALL_STEP_BUDGET);
        self.begin(file);
        let result = self.in_factory(is_callers, |interp| interp.call(callee, args, None));
        self.end();
        self.call_budget = budget;
        result.ok()
    }

    /// Python imports `a` and `a.b` before `a.b.c`.
    fn run_parent_package(&mut self, file: FileId) {
        let name = self.source.module_name(file);
        let Some((parent, last)) = name.rsplit_once('.') else {
            return;
        };
        if let ModuleRef::File(package) = self.source.resolve(file, parent)
            && package != file
            && let Some(frame) = self.run_module(package)
        {
            self.frames[frame.0 as usize]
                .vars
                .entry(last.into())
                .or_insert(Value::Module(file));
        }
    }

    /// `import a.b.c`, `import a.b.c as d`.
    pub(crate) fn exec_import(&mut self, cx: &Context, names: &[ImportName]) -> Eval<()> {
        for name in names {
            let module = self.import_module(cx.file, &name.name)?;
            match name.alias {
                Some(alias) => self.set_name(cx, self.name_at(cx, alias), module),
                None => {
                    let top = name.name.split('.').next().unwrap_or(&name.name);
                    let value = if top.len() == name.name.len() {
                        module
                    } else {
                        self.import_module(cx.file, top)?
                    };
                    self.set_name(cx, top.into(), value);
                }
            }
        }
        Ok(())
    }

    /// Imports a module by its absolute name.
    pub(crate) fn import_module(&mut self, from: FileId, name: &str) -> Eval<Value> {
        match self.source.resolve(from, name) {
            ModuleRef::File(file) => {
                self.imports.entry(from).or_default().insert(file);
                if *self.source.module_name(file) != *name {
                    // By this name it may be another module that is not found here.
                    self.inexact.insert(from);
                }
                self.run_module(file);
                if let Some(raise) = self.raised_by_import(file) {
                    return Err(raise);
                }
                if self.modules.get(&file).is_some_and(|state| state.fails) {
                    if self.spare_depth > 0 {
                        return Err(Raise::new("ModuleNotFoundError"));
                    }
                    self.is_failing = true;
                }
                self.bind_in_parents(from, name);
                Ok(Value::Module(file))
            }
            ModuleRef::Namespace => Ok(Value::Namespace(from, name.into())),
            ModuleRef::Unknown if self.spare_depth > 0 => {
                self.presumed_imports += 1;
                self.assumptions += 1;
                Ok(Value::Lib(library::canonical(name)))
            }
            ModuleRef::Library | ModuleRef::Unknown => Ok(Value::Lib(library::canonical(name))),
            ModuleRef::Missing => {
                self.is_failing |= self.spare_depth == 0;
                Err(Raise::new("ModuleNotFoundError"))
            }
        }
    }

    /// `import a.b` makes `b` an attribute of `a`.
    fn bind_in_parents(&mut self, from: FileId, name: &str) {
        let Some((parent, last)) = name.rsplit_once('.') else {
            return;
        };
        let (ModuleRef::File(package), ModuleRef::File(file)) =
            (self.source.resolve(from, parent), self.source.resolve(from, name))
        else {
            return;
        };
        if let Some(state) = self.modules.get(&package) {
            let frame = state.frame;
            self.frames[frame.0 as usize]
                .vars
                .entry(last.into())
                .or_insert(Value::Module(file));
        }
    }

    /// `from module import names`.
    pub(crate) fn exec_import_from(
        &mut self,
        cx: &Context,
        level: u32,
        module: &str,
        names: &[ImportName],
    ) -> Eval<()> {
        let Some(absolute) = absolute_name(self.source, cx.file, level, module) else {
            return Err(Raise::new("ImportError"));
        };
        let target = if absolute.is_empty() {
            Value::None
        } else {
            self.import_module(cx.file, &absolute)?
        };
        for name in names {
            if name.name == "*" {
                self.import_star(cx, &target);
                continue;
            }
            let assumed = self.assumptions;
            let value = self.import_name(cx, &absolute, &target, name)?;
            if self.assumptions != assumed {
                self.note_assumed(cx, name.alias.unwrap_or(name.name_at), &value);
            }
            let bound = name
                .alias
                .map_or_else(|| name.name.clone(), |alias| self.name_at(cx, alias));
            self.set_name(cx, bound, value);
        }
        Ok(())
    }

    fn import_name(&mut self, cx: &Context, absolute: &str, module: &Value, imported: &ImportName) -> Eval<Value> {
        let name = &imported.name;
        match module {
            Value::Module(file) => {
                if let Some(value) = self.module_attribute(*file, name) {
                    if let Value::Module(inner) = value
                        && let Some(raise) = self.raised_by_import(inner)
                    {
                        return Err(raise);
                    }
                    return Ok(value);
                }
                let submodule = format!("{absolute}.{name}");
                match self.source.resolve(cx.file, &submodule) {
                    ModuleRef::File(_) | ModuleRef::Namespace if self.source.is_package(*file) => {
                        self.import_module(cx.file, &submodule)
                    }
                    _ => self.missing_name(*file, name),
                }
            }
            Value::Namespace(..) => self.import_module(cx.file, &format!("{absolute}.{name}")),
            Value::Lib(library) => {
                // What a package decides by stands in constants, often in a module that has nothing to do with the framework.
                let constant = (is_constant(name) && self.is_same_package(cx.file, library))
                    .then(|| self.read_of_library(cx.file, &format!("{library}.{name}")))
                    .flatten();
                Ok(constant.unwrap_or_else(|| self.library_attribute(library, name, Some(cx.place(imported.name_at)))))
            }
            _ => self.import_module(cx.file, name),
        }
    }

    /// A name that a module does not have: a cycle, a name that the module makes by means that are not followed, or an
    /// `ImportError`.
    fn missing_name(&mut self, file: FileId, name: &SmolStr) -> Eval<Value> {
        let running = self
            .modules
            .get(&file)
            .is_some_and(|state| state.status == ModuleStatus::Running);
        let damaged = self.source.facts(file).is_none_or(|facts| facts.damaged);
        if running || damaged {
            return Ok(Value::ImportRef(file, name.clone()));
        }
        if let Some(getter) = self.module_attribute(file, &SmolStr::new("__getattr__")) {
            self.decisions += 1;
            return self.call(&getter, Args::of([Value::Str(name.as_str().into())]), None);
        }
        if self.module_is_open(file) {
            return Ok(Value::unknown(
                format!("`{name}` may come from a star import of a library"),
                None,
            ));
        }
        Err(Raise::new("ImportError"))
    }

    /// A module's own name or a submodule that was imported.
    pub(crate) fn module_attribute(&mut self, file: FileId, name: &SmolStr) -> Option<Value> {
        let frame = self.run_module(file)?;
        let value = self.frame(frame).vars.get(name).cloned()?;
        self.count_assumed(frame, name, &value);
        Some(self.force(value))
    }

    /// Whether a module has names that are not known.
    pub(crate) fn module_is_open(&self, file: FileId) -> bool {
        self.modules
            .get(&file)
            .is_some_and(|state| self.frame(state.frame).vars.contains_key("*"))
    }

    fn import_star(&mut self, cx: &Context, module: &Value) {
        match module {
            Value::Module(file) => {
                let Some(frame) = self.run_module(*file) else { return };
                for (name, value) in self.public_names(frame) {
                    self.set_name(cx, name, value);
                }
            }
            // The library's names are not read: remember that there are some.
            Value::Lib(library) => {
                for name in library::public_names(library) {
                    self.set_name(
                        cx,
                        SmolStr::new(name),
                        Value::Lib(library::canonical(&format!("{library}.{name}"))),
                    );
                }
                self.set_name(cx, SmolStr::new_static("*"), module.clone());
            }
            _ => {}
        }
    }

    fn public_names(&mut self, frame: FrameId) -> Vec<(SmolStr, Value)> {
        let vars = &self.frame(frame).vars;
        let listed = match vars.get("__all__") {
            Some(Value::List(list)) => Some(self.list_items(*list).to_vec()),
            Some(Value::Tuple(items)) => Some(items.to_vec()),
            _ => None,
        };
        let mut names: Vec<(SmolStr, Value)> = match listed {
            Some(listed) => listed
                .iter()
                .filter_map(Value::as_str)
                .filter_map(|name| Some((SmolStr::new(name), vars.get(name)?.clone())))
                .collect(),
            None => vars
                .iter()
                .filter(|(name, _)| !name.starts_with('_'))
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
        };
        names.sort_by(|a, b| a.0.cmp(&b.0));
        names
    }

    /// Notes the first name that an app or router is bound to in a module.
    pub(crate) fn note_binding(&mut self, cx: &Context, target: facts::ExprId, name: &SmolStr, value: &Value) {
        let Value::Object(object) = value else { return };
        let Some(router) = self.instance(*object).and_then(|instance| instance.router) else {
            return;
        };
        if self.frame(cx.frame).kind != FrameKind::Module || !matches!(cx.code[target], Expr::Name(_)) {
            return;
        }
        let module = self.source.module_name(cx.file);
        let place = cx.place(target);
        if self.router(router).name.is_none() {
            self.change_router(router, |router| {
                router.name = Some(format!("{module}:{name}").into());
                router.bound_at = Some(place);
            });
        }
    }
}

/// The absolute name of what is imported in a file from so many dots and a module; none beyond the top.
pub(crate) fn absolute_name(source: &dyn ModuleSource, file: FileId, level: u32, module: &str) -> Option<String> {
    if level == 0 {
        return Some(module.to_owned());
    }
    let own = source.module_name(file);
    let mut parts: Vec<&str> = own.split('.').collect();
    let up = if source.is_package(file) { level - 1 } else { level };
    for _ in 0..up {
        parts.pop()?;
    }
    if !module.is_empty() {
        parts.push(module);
    }
    Some(parts.join("."))
}

/// Whether a name is written as constants are: `IS_PYDANTIC_V2`.
fn is_constant(name: &str) -> bool {
    name.contains(|c: char| c.is_ascii_uppercase()) && !name.contains(|c: char| c.is_lowercase())
}
