//! The dependencies with which a project says who is asking.

use super::Requirement;
use crate::{Site, draft::python, ground::Symbol};
use ruff_python_ast::{Expr, ExprCall, Stmt, StmtFunctionDef};
use ruff_text_size::Ranged;
use std::{collections::BTreeSet, path::Path};
use style::walk;

/// A dependency, and how the project's code asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Guard {
    pub(super) requirement: Requirement,
    /// What is depended on.
    pub(super) provider: Symbol,
    /// `Annotated[User, Depends(…)]` under a name.
    pub(super) alias: Option<Symbol>,
    /// The type that it gives, as its module writes it, with the module that has it.
    pub(super) gives: Option<(String, Symbol)>,
}

/// All that are found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Guards {
    pub(super) all: Vec<Guard>,
    /// What makes a dependency of roles.
    pub(super) role: Option<Factory>,
    /// What makes a dependency of scopes.
    pub(super) scopes: Option<Factory>,
    /// The dependency that reads `SecurityScopes` itself.
    pub(super) scoped: Option<Symbol>,
    /// Roles that the project asks for somewhere.
    pub(super) roles: BTreeSet<String>,
    /// Scopes that the project asks for somewhere.
    pub(super) scope_names: BTreeSet<String>,
}

/// A function or class whose call makes a dependency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Factory {
    pub(super) symbol: Symbol,
    /// Whether it returns `Depends(…)` or `Security(…)`, and not what stands in there.
    pub(super) is_marked: bool,
}

const ROLE_FACTORIES: [&str; 6] = [
    "require_role",
    "require_roles",
    "has_role",
    "RoleChecker",
    "role_required",
    "requires_role",
];
const SCOPE_FACTORIES: [&str; 4] = ["require_scopes", "require_scope", "requires_scopes", "has_scopes"];

impl Guards {
    /// Finds them; [`Site::guards`] does so once.
    pub(crate) fn read(site: &Site<'_>) -> Self {
        let mut guards = Self::default();
        let mut aliases = Vec::new();
        // Guards by less usual names: dependencies only where they ask for something themselves.
        let mut checks: Vec<(Guard, String)> = Vec::new();
        let mut files = site.disk.python_files();
        files.sort();
        for path in files {
            let below = path.strip_prefix(site.root).ok();
            let is_own = below.is_some_and(|below| !below.iter().any(|part| part == "tests" || part == "test"));
            if !is_own || !may_have_guards(site, &path) {
                continue;
            }
            let Some(text) = site.disk.text(&path) else {
                continue;
            };
            if !text.contains("epends") && !text.contains("current_user") {
                continue;
            }
            let Ok(suite) = python::suite(&text) else { continue };
            let file = site.disk.file(&path);
            let symbol = |name: &str| Symbol {
                path: path.to_path_buf(),
                module: site.ctx.modules.module_name(file).to_string(),
                name: name.to_owned(),
            };
            for stmt in &suite {
                match stmt {
                    Stmt::FunctionDef(function) => {
                        guards.function(function, &text, &symbol);
                        if let Some(guard) = check(function, &text, &symbol) {
                            checks.push((guard, text[function.parameters.range()].to_owned()));
                        }
                    }
                    Stmt::ClassDef(class) if ROLE_FACTORIES.contains(&class.name.as_str()) => {
                        let factory = Factory {
                            symbol: symbol(&class.name),
                            is_marked: false,
                        };
                        guards.role.get_or_insert(factory);
                    }
                    Stmt::Assign(assign) => {
                        let Some(Expr::Name(name)) = assign.targets.first() else {
                            continue;
                        };
                        guards.made(&name.id, &assign.value, &symbol);
                        if let Some((target, requirement)) = aliased(&assign.value) {
                            aliases.push((target, requirement, symbol(&name.id)));
                        }
                    }
                    _ => {}
                }
            }
        }
        for (guard, parameters) in checks {
            let mut words = parameters.split(|c: char| !c.is_alphanumeric() && c != '_');
            let is_alias = |word: &str| aliases.iter().any(|(_, _, alias)| alias.name == word);
            let asks = words.any(|word| matches!(word, "Depends" | "Security") || is_alias(word));
            if asks && guards.get(&guard.requirement).is_none() {
                guards.all.push(guard);
            }
        }
        for (target, requirement, alias) in aliases {
            guards.named(&target, requirement, alias);
        }
        guards.read_names(site);
        guards
    }

    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty() && self.role.is_none() && self.scopes.is_none() && self.scoped.is_none()
    }

    /// The roles and scopes that modules name when they ask for them.
    fn read_names(&mut self, site: &Site<'_>) {
        let named = |factory: &Option<Factory>| factory.as_ref().map(|factory| factory.symbol.name.clone());
        let (role, scopes) = (named(&self.role), named(&self.scopes));
        let is_scoped = self.scoped.is_some();
        if role.is_none() && scopes.is_none() && !is_scoped {
            return;
        }
        let files = site.disk.python_files();
        let own = files.iter().filter(|path| path.starts_with(site.root));
        for facts in own.filter_map(|path| site.ctx.files.facts(site.disk.file(path))) {
            let Some(unit) = facts.units.first() else { continue };
            for expr in &unit.exprs {
                let facts::Expr::Call { func, args } = expr else {
                    continue;
                };
                let called = style::last_name(unit, *func);
                match () {
                    () if role.as_deref() == Some(called) => self.roles.extend(strings(unit, args, None)),
                    () if scopes.as_deref() == Some(called) => self.scope_names.extend(strings(unit, args, None)),
                    () if is_scoped && called == "Security" => {
                        self.scope_names.extend(strings(unit, args, Some("scopes")));
                    }
                    () => {}
                }
            }
        }
    }

    /// The names by which code asks for any of them.
    pub(super) fn names(&self) -> BTreeSet<String> {
        let factories = [&self.role, &self.scopes]
            .into_iter()
            .flatten()
            .map(|factory| &factory.symbol);
        let guards = self
            .all
            .iter()
            .flat_map(|guard| std::iter::once(&guard.provider).chain(&guard.alias));
        factories.chain(guards).map(|symbol| symbol.name.clone()).collect()
    }

    pub(super) fn get(&self, requirement: &Requirement) -> Option<&Guard> {
        self.all.iter().find(|guard| guard.requirement == *requirement)
    }

    fn function(&mut self, function: &StmtFunctionDef, text: &str, symbol: &dyn Fn(&str) -> Symbol) {
        let name = function.name.as_str();
        let factory = || Factory {
            symbol: symbol(name),
            is_marked: function.body.iter().any(returns_marker),
        };
        if ROLE_FACTORIES.contains(&name) {
            self.role.get_or_insert_with(factory);
        }
        if SCOPE_FACTORIES.contains(&name) {
            self.scopes.get_or_insert_with(factory);
        }
        let Some(requirement) = requirement_of(name) else {
            return;
        };
        let params = &text[function.parameters.range()];
        if params.contains("SecurityScopes") {
            self.scoped.get_or_insert(symbol(name));
        }
        if self.get(&requirement).is_none() {
            self.all.push(guard_of(function, text, requirement, symbol));
        }
    }

    /// `current_active_user = fastapi_users.current_user(active=True)`.
    fn made(&mut self, name: &str, value: &Expr, symbol: &dyn Fn(&str) -> Symbol) {
        let Expr::Call(call) = value else { return };
        let Expr::Attribute(attribute) = &*call.func else {
            return;
        };
        if attribute.attr.as_str() != "current_user" {
            return;
        }
        let is_set = |keyword: &str| {
            let mut keywords = call.arguments.keywords.iter();
            keywords.any(|known| {
                known.arg.as_ref().is_some_and(|arg| arg.as_str() == keyword)
                    && known.value.as_boolean_literal_expr().is_some_and(|value| value.value)
            })
        };
        let requirement = match () {
            () if is_set("optional") => Requirement::Optional,
            () if is_set("superuser") => Requirement::Admin,
            () if is_set("active") => Requirement::Active,
            () => Requirement::User,
        };
        if self.get(&requirement).is_none() {
            self.all.push(Guard {
                requirement,
                provider: symbol(name),
                alias: None,
                gives: None,
            });
        }
    }

    fn named(&mut self, target: &str, requirement: Option<Requirement>, alias: Symbol) {
        if let Some(guard) = self.all.iter_mut().find(|guard| guard.provider.name == target) {
            guard.alias.get_or_insert(alias);
        } else if let Some(requirement) = requirement
            && self.get(&requirement).is_none()
        {
            self.all.push(Guard {
                requirement,
                provider: alias.clone(),
                alias: Some(alias),
                gives: None,
            });
        }
    }
}

/// Whether a statement is `return Depends(…)` or `return Security(…)`.
fn returns_marker(stmt: &Stmt) -> bool {
    let Stmt::Return(returned) = stmt else { return false };
    let call = returned.value.as_ref().and_then(|value| value.as_call_expr());
    let name = call.and_then(|call| match &*call.func {
        Expr::Name(name) => Some(name.id.as_str()),
        Expr::Attribute(attribute) => Some(attribute.attr.as_str()),
        _ => None,
    });
    matches!(name, Some("Depends" | "Security"))
}

/// The strings that stand in the positional arguments of a call, or in the one of a name.
fn strings(unit: &facts::Unit, args: &[facts::Arg], keyword: Option<&str>) -> Vec<String> {
    let mut found = Vec::new();
    for arg in args {
        let value = match (arg, keyword) {
            (facts::Arg::Positional(value), None) => *value,
            (facts::Arg::Keyword { name, value, .. }, Some(keyword)) if name == keyword => *value,
            _ => continue,
        };
        walk::exprs(unit, value, &mut |expr| {
            if let facts::Expr::Str(text) = &unit[expr] {
                found.push(text.to_string());
            }
        });
    }
    found
}

/// Whether a module is to be looked into: by what its top level binds, where that is known without reading its text.
fn may_have_guards(site: &Site<'_>, path: &Path) -> bool {
    let facts = site.ctx.files.facts(site.disk.file(path));
    let Some(unit) = facts.as_ref().and_then(|facts| facts.units.first()) else {
        return true;
    };
    unit.body.iter().any(|&id| match &unit[id] {
        facts::Stmt::Function(function) => {
            let name = style::last_name(unit, function.name);
            ROLE_FACTORIES.contains(&name) || SCOPE_FACTORIES.contains(&name) || requirement_of(name).is_some()
        }
        facts::Stmt::Class(class) => ROLE_FACTORIES.contains(&style::last_name(unit, class.name)),
        facts::Stmt::Assign { value, .. } => names_guard(unit, *value),
        _ => false,
    })
}

/// Whether a value may be a guard or stand for one: `users.current_user(…)`, `Annotated[User, Depends(…)]`.
fn names_guard(unit: &facts::Unit, value: facts::ExprId) -> bool {
    let mut found = false;
    walk::exprs(unit, value, &mut |expr| {
        let name = style::last_name(unit, expr);
        found |= name.contains("user")
            || name.contains("User")
            || ROLE_FACTORIES.contains(&name)
            || requirement_of(name).is_some();
    });
    found
}

/// What a dependency of a name asks for.
fn requirement_of(name: &str) -> Option<Requirement> {
    let words: Vec<&str> = name.split('_').collect();
    let has = |options: &[&str]| options.iter().any(|option| words.contains(option));
    let is_about_user = has(&["user", "account", "superuser", "admin", "principal"]);
    let is_current = has(&["current", "active", "admin", "superuser", "optional", "authenticated"]);
    let is_dependency = matches!(words.first(), Some(&("get" | "current" | "require" | "read")));
    if !is_about_user || !is_current || !is_dependency {
        return None;
    }
    Some(match () {
        () if has(&["optional", "none", "maybe"]) => Requirement::Optional,
        () if has(&["admin", "superuser", "staff"]) => Requirement::Admin,
        () if has(&["active"]) => Requirement::Active,
        () => Requirement::User,
    })
}

fn guard_of(
    function: &StmtFunctionDef,
    text: &str,
    requirement: Requirement,
    symbol: &dyn Fn(&str) -> Symbol,
) -> Guard {
    let name = function.name.as_str();
    let gives = function
        .returns
        .as_ref()
        .map(|returns| text[returns.range()].trim_matches(['"', '\'']).to_owned());
    Guard {
        requirement,
        provider: symbol(name),
        alias: None,
        gives: gives.map(|gives| (gives, symbol(name))),
    }
}

/// A function whose name says that it lets administrators in: `admin_required`, `verify_admin`.
fn check(function: &StmtFunctionDef, text: &str, symbol: &dyn Fn(&str) -> Symbol) -> Option<Guard> {
    const VERBS: [&str; 9] = [
        "allow", "assert", "check", "ensure", "is", "only", "requires", "validate", "verify",
    ];
    let name = function.name.as_str();
    let words: Vec<&str> = name.split('_').collect();
    let is_about = |word: &&str| matches!(*word, "admin" | "admins" | "superuser" | "superusers" | "staff");
    let is_checking = |word: &&str| VERBS.contains(word);
    let is_only = |word: &&str| matches!(*word, "required" | "only");
    let is_check = words.first().is_some_and(is_checking) || words.last().is_some_and(is_only) || words.len() == 1;
    // What answers whether someone is one lets everybody in.
    let refuses = function.decorator_list.is_empty() && text[function.range()].contains("raise ");
    (words.iter().any(is_about) && is_check && refuses).then(|| guard_of(function, text, Requirement::Admin, symbol))
}

/// What `Annotated[User, Depends(target)]` depends on; `require_role("admin")` asks for an administrator.
fn aliased(value: &Expr) -> Option<(String, Option<Requirement>)> {
    let Expr::Subscript(subscript) = value else { return None };
    if last(&subscript.value) != "Annotated" {
        return None;
    }
    let Expr::Tuple(parts) = &*subscript.slice else {
        return None;
    };
    let depends = parts.elts.iter().find_map(|part| match part {
        Expr::Call(call) if matches!(last(&call.func), "Depends" | "Security") => call.arguments.args.first(),
        _ => None,
    })?;
    match depends {
        Expr::Call(made) => Some((String::new(), role_of(made))),
        target => Some((last(target).to_owned(), None)),
    }
}

fn role_of(made: &ExprCall) -> Option<Requirement> {
    let is_admin = made.arguments.args.iter().any(|arg| {
        arg.as_string_literal_expr()
            .is_some_and(|text| text.value.to_str() == "admin")
    });
    (ROLE_FACTORIES.contains(&last(&made.func)) && is_admin && made.arguments.args.len() == 1)
        .then_some(Requirement::Admin)
}

/// The last name of a dotted name.
pub(super) fn last(expr: &Expr) -> &str {
    match expr {
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(attribute) => attribute.attr.as_str(),
        _ => "",
    }
}
