//! What of an installed library is read only when it is called: modules that say nothing of the framework.

use super::{
    Interp,
    value::{Args, Value},
};
use crate::Place;
use base::FileId;
use smol_str::SmolStr;

/// How often a name may be handed on from one module to another.
const HANDED_ON: usize = 8;

impl Interp<'_> {
    /// What a library's function or class is, where a call of it has to do with wiring: code of the same package calls it, its
    /// package requires the framework, or it is given an app or router.
    pub(crate) fn called_of_library(&mut self, name: &str, args: &Args, at: Option<Place>) -> Option<Value> {
        let from = at?.file;
        let is_handed = args.values().any(|value| self.router_of(value).is_some());
        let is_of_interest = match is_handed {
            true => !super::library::leaves_apps_alone(name),
            false => self.is_same_package(from, name) || self.is_about_framework(from, name),
        };
        is_of_interest.then(|| self.read_of_library(from, name)).flatten()
    }

    /// Whether a name is of a package that requires the framework without being it.
    pub(crate) fn is_about_framework(&self, from: FileId, name: &str) -> bool {
        let package = name.split('.').next().unwrap_or(name);
        !is_known(package) && self.source.requires_framework(from, package)
    }

    /// Whether a name is of the package that a file is in.
    pub(crate) fn is_same_package(&self, file: FileId, name: &str) -> bool {
        let module = self.source.module_name(file);
        name.split('.').next() == module.split('.').next()
    }

    /// What a dotted name of a library is bound to, read from its source: its own, or what the framework or Python offers.
    pub(crate) fn read_of_library(&mut self, from: FileId, name: &str) -> Option<Value> {
        let mut name = SmolStr::new(name);
        for _ in 0..HANDED_ON {
            match self.read_once(from, &name)? {
                Value::Lib(next) if is_known(&next) => return Some(Value::Lib(next)),
                Value::Lib(next) if *next != *name => name = SmolStr::new(&next),
                Value::Lib(_) => return None,
                value => return Some(value),
            }
        }
        None
    }

    fn read_once(&mut self, from: FileId, name: &str) -> Option<Value> {
        let mut module = name;
        let file = loop {
            module = module.rsplit_once('.')?.0;
            if let Some(file) = self.source.library_file(from, module) {
                break file;
            }
        };
        let mut value = Value::Module(file);
        for attribute in name[module.len() + 1..].split('.') {
            value = self.attribute_of(&value, &SmolStr::new(attribute), None)?;
        }
        Some(value)
    }
}

/// Whether a name is of the packages that are known without reading them.
fn is_known(name: &str) -> bool {
    let package = name.split('.').next().unwrap_or(name);
    matches!(package, "fastapi" | "starlette" | "pydantic" | "builtins" | "typing")
}
