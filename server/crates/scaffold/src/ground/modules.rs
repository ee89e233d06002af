//! The project's own modules: what each says at its top level, and where the names in it come from.

use crate::{Site, resolve};
use base::FileId;
use facts::{Class, Expr, ExprId, FileFacts, Function, FunctionBody, Stmt, StmtId, Unit, UnitId};
use resolve::Binding;

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::Arc,
};
use style::Source;

/// How many imports are followed from one name.
const MAX_HOPS: usize = 8;

/// What a file says that is of interest even where nothing leads from it to FastAPI yet.
const MARKS: [&str; 6] = [
    "sqlalchemy",
    "sqlmodel",
    "pydantic_settings",
    "BaseSettings",
    "TestClient",
    "AsyncClient",
];

/// Packages whose members are what their names say, wherever a package has them from.
const KNOWN: [&str; 9] = [
    "sqlalchemy",
    "sqlmodel",
    "pydantic",
    "pydantic_settings",
    "fastapi",
    "starlette",
    "httpx",
    "httpx2",
    "fastapi_users",
];

/// A name that a module of the project binds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// The absolute path of the file.
    pub path: PathBuf,
    /// The absolute dotted name of the module.
    pub module: String,
    /// The name; of a method that of its object before its own.
    pub name: String,
}

impl Symbol {
    /// What is imported to write it.
    pub(crate) fn imported(&self) -> &str {
        self.name.split('.').next().unwrap_or(&self.name)
    }
}

/// Where a name is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// In a library: module and name.
    Library(String, String),
    /// In a module of the project.
    Own(FileId, String),
}

/// A module of the project.
pub(super) struct Module {
    pub(super) path: PathBuf,
    pub(super) file: FileId,
    pub(super) facts: Arc<FileFacts>,
    /// Whether it is one of the tests.
    pub(super) is_test: bool,
}

impl Module {
    pub(super) fn unit(&self) -> Option<&Unit> {
        self.facts.units.first().map(|unit| &**unit)
    }

    /// The functions of its top level.
    pub(super) fn functions(&self) -> Vec<(StmtId, &Unit, &Function)> {
        let Some(unit) = self.unit() else { return Vec::new() };
        let functions = unit.body.iter().filter_map(|&id| match &unit[id] {
            Stmt::Function(function) => Some((id, unit, &**function)),
            _ => None,
        });
        functions.collect()
    }

    /// The classes of its top level.
    pub(super) fn classes(&self) -> Vec<(&Unit, &Class)> {
        let Some(unit) = self.unit() else { return Vec::new() };
        let classes = unit.body.iter().filter_map(|&id| match &unit[id] {
            Stmt::Class(class) => Some((unit, &**class)),
            _ => None,
        });
        classes.collect()
    }

    /// Names that its top level binds to values.
    pub(super) fn values(&self) -> Vec<(&Unit, &str, ExprId)> {
        let Some(unit) = self.unit() else { return Vec::new() };
        let mut values = Vec::new();
        for &id in &unit.body {
            let (target, value) = match &unit[id] {
                Stmt::Assign { targets, value } if targets.len() == 1 => (targets[0], *value),
                Stmt::AnnAssign {
                    target,
                    value: Some(value),
                    ..
                } => (*target, *value),
                Stmt::TypeAlias { name, value, .. } => (*name, *value),
                _ => continue,
            };
            if let Expr::Name(name) = &unit[target] {
                values.push((unit, name.as_str(), value));
            }
        }
        values
    }

    /// The body of one of its functions, in the unit that it is in.
    pub(super) fn body<'a>(&'a self, unit: &'a Unit, function: &'a Function) -> Option<(&'a Unit, &'a [StmtId])> {
        match &function.body {
            FunctionBody::Unit(UnitId(own)) => {
                let unit = self.facts.units.get(*own as usize)?;
                Some((unit, &unit.body))
            }
            FunctionBody::Block(block) => Some((unit, block)),
        }
    }
}

/// All of them, by path.
pub(super) struct Modules<'a> {
    pub(super) site: Site<'a>,
    pub(super) all: Vec<Module>,
    by_file: HashMap<FileId, usize>,
}

impl<'a> Modules<'a> {
    pub(super) fn read(site: Site<'a>) -> Self {
        let mut paths = site.disk.python_files();
        paths.retain(|path| path.starts_with(site.root) && !is_migration(site.root, path));
        paths.sort();
        paths.dedup();
        let all: Vec<Module> = paths.iter().filter_map(|path| read(&site, path)).collect();
        let by_file = all.iter().enumerate().map(|(at, module)| (module.file, at)).collect();
        Self { site, all, by_file }
    }

    /// Those that are no tests.
    pub(super) fn own(&self) -> impl Iterator<Item = &Module> {
        self.all.iter().filter(|module| !module.is_test)
    }

    pub(super) fn tests(&self) -> impl Iterator<Item = &Module> {
        self.all.iter().filter(|module| module.is_test)
    }

    pub(super) fn of(&self, file: FileId) -> Option<&Module> {
        self.by_file.get(&file).map(|&at| &self.all[at])
    }

    pub(super) fn symbol(&self, module: &Module, name: &str) -> Symbol {
        Symbol {
            path: module.path.clone(),
            module: self.site.ctx.modules.module_name(module.file).to_string(),
            name: name.to_owned(),
        }
    }

    pub(super) fn symbol_of(&self, origin: &Origin) -> Option<Symbol> {
        match origin {
            Origin::Own(file, name) => self.of(*file).map(|module| self.symbol(module, name)),
            Origin::Library(..) => None,
        }
    }

    /// What an expression of a module names.
    pub(super) fn origin(&self, module: &Module, unit: &Unit, expr: ExprId) -> Option<Origin> {
        match unit.exprs.get(expr.0 as usize)? {
            Expr::Quoted(_, inner) => self.origin(module, unit, *inner),
            Expr::Name(name) => self.follow(module, name),
            Expr::Attr { value, name, .. } => {
                let package = self.module_named(module, unit, *value)?;
                self.member(module.file, &package, name)
            }
            _ => None,
        }
    }

    /// Whether an expression names a member of a library, whichever module of it.
    pub(super) fn is_of(&self, module: &Module, unit: &Unit, expr: ExprId, package: &str, names: &[&str]) -> bool {
        match self.origin(module, unit, expr) {
            Some(Origin::Library(from, name)) => top(&from) == package && names.contains(&name.as_str()),
            _ => false,
        }
    }

    fn follow(&self, module: &Module, name: &str) -> Option<Origin> {
        let ctx = &self.site.ctx;
        let mut file = module.file;
        let mut facts = module.facts.clone();
        let mut name = name.to_owned();
        for _ in 0..MAX_HOPS {
            match resolve::binding(ctx, file, &facts, &name)? {
                Binding::Member(from, member) => {
                    if KNOWN.contains(&top(&from)) {
                        return Some(Origin::Library(from, member));
                    }
                    let Some(next) = resolve::module_file(ctx, file, &from) else {
                        return Some(Origin::Library(from, member));
                    };
                    facts = self.facts(next)?;
                    (file, name) = (next, member);
                }
                Binding::Module(_) => return None,
                Binding::Def(_) | Binding::Value(_) | Binding::Annotated(..) => return Some(Origin::Own(file, name)),
            }
        }
        None
    }

    /// The dotted name of the module that an expression names.
    fn module_named(&self, module: &Module, unit: &Unit, expr: ExprId) -> Option<String> {
        match unit.exprs.get(expr.0 as usize)? {
            Expr::Name(name) => match resolve::binding(&self.site.ctx, module.file, &module.facts, name)? {
                Binding::Module(name) => Some(name),
                Binding::Member(from, member) => Some(format!("{from}.{member}")),
                _ => None,
            },
            Expr::Attr { value, name, .. } => {
                let package = self.module_named(module, unit, *value)?;
                Some(format!("{package}.{name}"))
            }
            _ => None,
        }
    }

    fn member(&self, from: FileId, package: &str, name: &str) -> Option<Origin> {
        if KNOWN.contains(&top(package)) {
            return Some(Origin::Library(package.to_owned(), name.to_owned()));
        }
        match resolve::module_file(&self.site.ctx, from, package) {
            Some(file) => self.of(file).and_then(|module| self.follow(module, name)),
            None => Some(Origin::Library(package.to_owned(), name.to_owned())),
        }
    }

    fn facts(&self, file: FileId) -> Option<Arc<FileFacts>> {
        let known = self.of(file).map(|module| module.facts.clone());
        known.or_else(|| self.site.ctx.facts(file))
    }
}

fn top(module: &str) -> &str {
    module.split('.').next().unwrap_or(module)
}

fn read(site: &Site<'_>, path: &Arc<Path>) -> Option<Module> {
    let file = site.disk.file(path);
    let facts = site.ctx.facts(file).or_else(|| {
        let text = site.disk.text(path)?;
        let is_of_interest = MARKS.iter().any(|mark| text.contains(mark));
        is_of_interest.then(|| Source::parse(file, text).facts)
    })?;
    Some(Module {
        path: path.to_path_buf(),
        file,
        facts,
        is_test: is_test(site.root, path),
    })
}

/// Whether a file is one of the tests.
pub(crate) fn is_test(root: &Path, path: &Path) -> bool {
    let below = path.strip_prefix(root).unwrap_or(path);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let is_in_folder = below.iter().any(|part| part == "tests" || part == "test");
    is_in_folder || name == "conftest.py" || name.starts_with("test_") || name.ends_with("_test.py")
}

/// Migrations tell what was, and say nothing of how things are.
fn is_migration(root: &Path, path: &Path) -> bool {
    let folders = ["versions", "migrations", "alembic"];
    let below = path.strip_prefix(root).unwrap_or(path);
    below.iter().any(|part| folders.iter().any(|folder| part == *folder))
}
