//! What of the project's own the siblings' bodies call: services, repositories and modules of functions.

use super::evidence::{Evidence, is_session};
use super::siblings::{Code, Param, name_of};
use crate::resolve::{self, Binding, Resolved};
use base::FileId;
use facts::{Arg, Class, Expr, ExprId, FileFacts, Function, Stmt, StmtId, Unit, UnitId};
use std::collections::BTreeMap;
use std::sync::Arc;
use style::words;

/// What siblings call: `catalog.` of a module, `service.` of a parameter, or plain functions of a module.
pub(super) struct Receiver {
    /// What stands before the function's name, with its dot; empty for imported functions.
    pub(super) prefix: String,
    /// The parameter that is the receiver, for methods of a service.
    pub(super) param: Option<Param>,
    /// Where the module or class is defined.
    pub(super) file: FileId,
    /// Its functions, those of a class before those of its bases.
    pub(super) functions: Vec<Callee>,
    pub(super) is_class: bool,
    /// What it is called and what it is of: the object, its class, and what stands for the type parameters of its bases.
    names: Vec<String>,
    /// The module to import from, for imported functions.
    pub(super) module: Option<String>,
    /// How many calls siblings make; none where the file only imports it.
    pub(super) weight: usize,
}

/// A function that can be called.
#[derive(Clone)]
pub(super) struct Callee {
    pub(super) file: FileId,
    facts: Arc<FileFacts>,
    pub(super) stmt: StmtId,
    /// What stands for the type parameters of its class.
    pub(super) types: Types,
}

/// By the name of a type parameter what stands for it, and the file in which that is to be read.
pub(super) type Types = BTreeMap<String, (String, FileId)>;

impl Callee {
    /// The unit of its module, and the function there.
    pub(super) fn read(&self) -> Option<(&Unit, &Function)> {
        let unit = self.facts.units.first()?;
        match &unit[self.stmt] {
            Stmt::Function(function) => Some((unit, function)),
            _ => None,
        }
    }

    pub(super) fn name(&self) -> &str {
        self.read().map_or("", |(unit, function)| name_of(unit, function.name))
    }
}

impl Receiver {
    pub(super) fn function(&self, name: &str) -> Option<&Callee> {
        self.functions.iter().find(|callee| callee.name() == name)
    }

    /// Whether its names say that it is for the resource.
    pub(super) fn is_of_resource(&self, evidence: &Evidence<'_>) -> bool {
        let stem = words::snake(&evidence.family.stem);
        let own = [&evidence.resource.one, &evidence.resource.many, &stem];
        own.into_iter().any(|noun| self.is_named(noun))
    }

    /// Whether its names say that it is for another table than the resource's.
    pub(super) fn is_of_other(&self, evidence: &Evidence<'_>) -> bool {
        let mut tables = evidence.ctx.model.tables();
        !self.is_of_resource(evidence) && tables.any(|table| self.is_named(&words::snake(&table.name)))
    }

    fn is_named(&self, noun: &str) -> bool {
        let around = |name: &String| format!("_{}_", words::snake(name));
        [noun.to_owned(), words::plural(noun)].iter().any(|noun| {
            self.names
                .iter()
                .any(|name| around(name).contains(&format!("_{noun}_")))
        })
    }
}

/// What the siblings' bodies call of the project's own.
pub(super) fn receivers(evidence: &Evidence<'_>) -> Vec<Receiver> {
    let mut found: Vec<Receiver> = Vec::new();
    for peer in &evidence.peers {
        let code = &peer.code;
        let params = code.params();
        code.each_expr(&mut |e| {
            let Expr::Call { func, .. } = &code.body_unit[e] else {
                return;
            };
            let receiver = match &code.body_unit[*func] {
                Expr::Attr { value, .. } => match &code.body_unit[*value] {
                    Expr::Name(name) => match params.iter().find(|param| param.name == *name) {
                        Some(param) => of_param(evidence, code, param),
                        None => of_module(evidence, name),
                    },
                    Expr::Attr { .. } => of_member(evidence, code, *value),
                    _ => None,
                },
                Expr::Name(name) => of_function(evidence, name),
                _ => None,
            };
            let Some(receiver) = receiver else { return };
            match found
                .iter_mut()
                .find(|known| known.prefix == receiver.prefix && known.file == receiver.file)
            {
                Some(known) => known.weight += 1,
                None => found.push(receiver),
            }
        });
    }
    found.extend(imported_modules(evidence));
    found
}

/// The project's modules that the file imports by name.
fn imported_modules(evidence: &Evidence<'_>) -> Vec<Receiver> {
    let Some(unit) = evidence.source.module() else {
        return Vec::new();
    };
    let names = unit.body.iter().flat_map(|&id| match &unit[id] {
        Stmt::ImportFrom { names, .. } => names.as_slice(),
        _ => &[],
    });
    names
        .filter_map(|import| {
            let name = match import.alias {
                Some(alias) => name_of(unit, alias),
                None => import.name.as_str(),
            };
            let receiver = of_module(evidence, name).filter(|receiver| !receiver.is_class)?;
            Some(Receiver { weight: 0, ..receiver })
        })
        .collect()
}

/// A parameter whose type is a class of the project: a service or repository.
fn of_param(evidence: &Evidence<'_>, code: &Code<'_>, param: &Param) -> Option<Receiver> {
    if is_session(code, param) || code.unit_id != UnitId::MODULE {
        return None;
    }
    let (file, facts, expr) = resolve::plain_type(evidence.ctx, evidence.file(), param.annotation_at?)?;
    let (file, stmt) = resolve::class(evidence.ctx, file, facts.units.first()?, expr)?;
    let facts = evidence.ctx.facts(file)?;
    is_service(&facts, stmt).then(|| Receiver {
        param: Some(param.clone()),
        ..of_class(evidence, &param.name, file, stmt, &[])
    })
}

/// Whether a class has methods of its own, as a schema or a table rarely has.
fn is_service(facts: &FileFacts, class: StmtId) -> bool {
    let Some(unit) = facts.units.first() else {
        return false;
    };
    let Stmt::Class(class) = &unit[class] else {
        return false;
    };
    class.body.iter().any(|&stmt| matches!(unit[stmt], Stmt::Function(_)))
}

/// An object of a class; `given` stands for the class's type parameters.
fn of_class(evidence: &Evidence<'_>, name: &str, file: FileId, class: StmtId, given: &[(String, FileId)]) -> Receiver {
    let mut functions = Vec::new();
    let mut names = vec![name.rsplit('.').next().unwrap_or(name).to_owned()];
    methods(evidence, (file, class), given, 0, &mut functions, &mut names);
    Receiver {
        prefix: format!("{name}."),
        param: None,
        file,
        functions,
        is_class: true,
        names,
        module: None,
        weight: 1,
    }
}

/// The methods of a class and of the project's classes that it is made of, and the names of all that.
fn methods(
    evidence: &Evidence<'_>,
    (file, stmt): (FileId, StmtId),
    given: &[(String, FileId)],
    depth: usize,
    found: &mut Vec<Callee>,
    names: &mut Vec<String>,
) {
    let Some(facts) = evidence.ctx.facts(file) else { return };
    let Some(unit) = facts.units.first() else { return };
    let Stmt::Class(class) = &unit[stmt] else { return };
    let types: Types = type_params(evidence, file, unit, class)
        .into_iter()
        .zip(given.iter().cloned())
        .collect();
    names.extend(given.iter().map(|(text, _)| text.clone()));
    if depth == 0 {
        names.push(name_of(unit, class.name).to_owned());
    }
    let own = class
        .body
        .iter()
        .filter(|&&stmt| matches!(unit[stmt], Stmt::Function(_)));
    found.extend(own.map(|&stmt| Callee {
        file,
        facts: facts.clone(),
        stmt,
        types: types.clone(),
    }));
    for arg in &class.args {
        if let Arg::Positional(base) = arg
            && depth < 4
        {
            let (base, given) = generic(unit, file, *base, &types);
            if let Some(base) =
                resolve::class(evidence.ctx, file, unit, base).filter(|base| evidence.ctx.is_own(base.0))
            {
                methods(evidence, base, &given, depth + 1, found, names);
            }
        }
    }
}

/// `Base` and `A`, `B` of `Base[A, B]`.
fn generic(unit: &Unit, file: FileId, expr: ExprId, types: &Types) -> (ExprId, Vec<(String, FileId)>) {
    let Expr::Subscript { value, index } = &unit[expr] else {
        return (expr, Vec::new());
    };
    let items = match &unit[*index] {
        Expr::Tuple(items) => items.as_slice(),
        _ => std::slice::from_ref(index),
    };
    let given = items.iter().map(|&item| match types.get(name_of(unit, item)) {
        Some(outer) => outer.clone(),
        None => (type_text(unit, item, types), file),
    });
    (*value, given.collect())
}

/// The names of a class's type parameters, in their order.
fn type_params(evidence: &Evidence<'_>, file: FileId, unit: &Unit, class: &Class) -> Vec<String> {
    if !class.type_params.is_empty() {
        let params = class.type_params.iter();
        return params.map(|param| name_of(unit, param.name).to_owned()).collect();
    }
    let mut names: Vec<String> = Vec::new();
    for arg in &class.args {
        let Arg::Positional(base) = arg else { continue };
        let (base, given) = generic(unit, file, *base, &Types::new());
        // `Generic[…]` says the order, whatever other bases take.
        if matches!(style::last_name(unit, base), "Generic" | "Protocol") {
            return given.into_iter().map(|(name, _)| name).collect();
        }
        for (name, _) in given {
            if !names.contains(&name) && is_type_var(evidence, file, &name) {
                names.push(name);
            }
        }
    }
    names
}

fn is_type_var(evidence: &Evidence<'_>, file: FileId, name: &str) -> bool {
    let Some(Resolved::Item(file, Binding::Value(value))) = resolve::resolve(evidence.ctx, file, name) else {
        return false;
    };
    let facts = evidence.ctx.facts(file);
    let unit = facts.as_ref().and_then(|facts| facts.units.first());
    unit.is_some_and(|unit| match &unit[value] {
        Expr::Call { func, .. } => style::last_name(unit, *func) == "TypeVar",
        _ => false,
    })
}

/// An imported module of the project, or an instance that a module makes of its own class.
fn of_module(evidence: &Evidence<'_>, name: &str) -> Option<Receiver> {
    of_resolved(evidence, name, resolve::resolve(evidence.ctx, evidence.file(), name)?)
}

/// The same as a member of an imported module: `crud.book`.
fn of_member(evidence: &Evidence<'_>, code: &Code<'_>, expr: ExprId) -> Option<Receiver> {
    let is_param = |name: &str| code.params().iter().any(|param| param.name == name);
    let resolved = member(evidence, code.body_unit, expr, &is_param)?;
    of_resolved(evidence, code.expr(expr), resolved)
}

fn member(evidence: &Evidence<'_>, unit: &Unit, expr: ExprId, is_param: &dyn Fn(&str) -> bool) -> Option<Resolved> {
    match &unit[expr] {
        Expr::Name(name) if !is_param(name) => resolve::resolve(evidence.ctx, evidence.file(), name),
        Expr::Attr { value, name, .. } => match member(evidence, unit, *value, is_param)? {
            Resolved::Module(file) => {
                let module = evidence.ctx.modules.module_name(file).to_string();
                resolve::imported(evidence.ctx, file, &Binding::Member(module, name.to_string()))
            }
            _ => None,
        },
        _ => None,
    }
}

fn of_resolved(evidence: &Evidence<'_>, name: &str, resolved: Resolved) -> Option<Receiver> {
    match resolved {
        Resolved::Module(file) => {
            let facts = evidence.ctx.facts(file)?;
            Some(Receiver {
                prefix: format!("{name}."),
                param: None,
                file,
                functions: top_functions(file, &facts),
                is_class: false,
                names: vec![name.rsplit('.').next().unwrap_or(name).to_owned()],
                module: None,
                weight: 1,
            })
        }
        Resolved::Item(file, Binding::Value(value) | Binding::Annotated(_, Some(value))) => {
            let facts = evidence.ctx.facts(file)?;
            let unit = facts.units.first()?;
            let Expr::Call { func, .. } = &unit[value] else {
                return None;
            };
            let (func, given) = generic(unit, file, *func, &Types::new());
            let (file, class) = resolve::class(evidence.ctx, file, unit, func)?;
            Some(of_class(evidence, name, file, class, &given))
        }
        _ => None,
    }
}

/// A function that is imported by its own name: its module's others can be imported too.
fn of_function(evidence: &Evidence<'_>, name: &str) -> Option<Receiver> {
    let own = evidence.ctx.facts(evidence.file())?;
    let module = match resolve::binding(evidence.ctx, evidence.file(), &own, name)? {
        Binding::Member(module, _) => Some(module),
        _ => None,
    };
    let Resolved::Item(file, Binding::Def(stmt)) = resolve::resolve(evidence.ctx, evidence.file(), name)? else {
        return None;
    };
    let facts = evidence.ctx.facts(file)?;
    let is_function = matches!(&facts.units.first()?[stmt], Stmt::Function(_));
    let is_endpoint =
        file == evidence.file() && module.is_none() && evidence.neighbours.iter().any(|(code, _)| code.name() == name);
    (is_function && !is_endpoint).then(|| Receiver {
        prefix: String::new(),
        param: None,
        file,
        functions: top_functions(file, &facts),
        is_class: false,
        names: Vec::new(),
        module,
        weight: 1,
    })
}

/// The plain functions of a module; path operations and other decorated ones are not called.
fn top_functions(file: FileId, facts: &Arc<FileFacts>) -> Vec<Callee> {
    let Some(unit) = facts.units.first() else {
        return Vec::new();
    };
    let is_plain = |stmt: &&StmtId| matches!(&unit[**stmt], Stmt::Function(function) if function.decorators.is_empty());
    let plain = unit.body.iter().filter(is_plain);
    plain
        .map(|&stmt| Callee {
            file,
            facts: facts.clone(),
            stmt,
            types: Types::new(),
        })
        .collect()
}

/// An annotation as text, as far as comparisons need it, with what stands for type parameters in their place.
pub(super) fn type_text(unit: &Unit, expr: ExprId, types: &Types) -> String {
    let text = |expr: ExprId| type_text(unit, expr, types);
    match &unit[expr] {
        Expr::Name(name) => types
            .get(&**name)
            .map_or_else(|| name.to_string(), |(text, _)| text.clone()),
        Expr::None => "None".to_owned(),
        Expr::Attr { value, name, .. } => format!("{}.{name}", text(*value)),
        Expr::Subscript { value, index } => format!("{}[{}]", text(*value), text(*index)),
        Expr::Binary(left, _, right) => format!("{} | {}", text(*left), text(*right)),
        Expr::Tuple(items) => items.iter().map(|&item| text(item)).collect::<Vec<_>>().join(", "),
        Expr::Quoted(_, inner) => text(*inner),
        _ => String::new(),
    }
}
