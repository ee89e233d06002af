//! What a dependency demands of the user who is asking, where its code says so plainly: `if not user.is_superuser: raise …`,
//! `if user.role not in roles: raise …`.

use super::raises;
use crate::{
    Site,
    draft::python,
    excerpt::Excerpt,
    ground::Ground,
    resolve::{self, Binding},
    schemas::import_of,
};
use base::FileId;
use model::{Callable, CallableKind, DependsId, Role};
use ruff_python_ast::{
    CmpOp, Expr, ExprCall, Parameters, Stmt, StmtClassDef, StmtFunctionDef, UnaryOp,
    visitor::source_order::{SourceOrderVisitor, walk_expr},
};
use ruff_text_size::Ranged;
use std::collections::{BTreeMap, BTreeSet};

/// An attribute that the user has to have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Demand {
    pub(crate) attribute: String,
    /// As Python writes it.
    pub(crate) value: String,
    /// The imports of what the value names.
    pub(crate) imports: Vec<String>,
}

/// Words of attributes that say whether an account may be used at all.
const STATES: [&str; 13] = [
    "active",
    "enabled",
    "verified",
    "confirmed",
    "approved",
    "disabled",
    "blocked",
    "banned",
    "suspended",
    "deleted",
    "locked",
    "inactive",
    "archived",
];

impl Demand {
    /// Whether it is more than every user has.
    pub(crate) fn is_privilege(&self) -> bool {
        !self.attribute.split('_').any(|word| STATES.contains(&word))
    }

    /// What a user who has it is called: `admin`, `editor`.
    pub(crate) fn person(&self) -> String {
        let last = self.value.rsplit('.').next().unwrap_or(&self.value);
        let word = last.trim_matches(['"', '\'']).to_lowercase();
        let is_name = style::words::is_identifier(&word) && !["true", "false", "none"].contains(&word.as_str());
        if is_name { word } else { "admin".to_owned() }
    }
}

/// What a dependency demands, and the statuses with which it refuses who lacks a privilege.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Demands {
    pub(super) all: Vec<Demand>,
    pub(super) refused: BTreeSet<u16>,
}

/// What a dependency demands of the user; nothing where it refuses for other reasons, too.
pub(super) fn of(site: &Site<'_>, ground: &Ground, callable: &Callable, depends: DependsId) -> Option<Demands> {
    let file = callable.def?.file;
    let module = site.ctx.modules.module_name(file);
    let qualified = callable.name.strip_prefix(&*module)?.strip_prefix('.')?;
    let names: Vec<&str> = qualified.split('.').filter(|name| *name != "<locals>").collect();
    let users: BTreeSet<String> = callable
        .parameters
        .iter()
        .filter(|parameter| matches!(parameter.role, Role::Depends(_)))
        .map(|parameter| parameter.name.to_string())
        .collect();
    let own = site.ctx.files.path(file).starts_with(site.root);
    let excerpt = Excerpt::definition(site, file, names.first()?).filter(|_| own)?;
    let given = given(site, depends);
    let (function, values) = match (callable.kind, names.as_slice()) {
        (CallableKind::Function, [_]) => (excerpt.function()?, BTreeMap::new()),
        (CallableKind::Function, [_, inner]) => {
            let outer = excerpt.function()?;
            let values = bind(&outer.parameters, given.as_ref()?, 0);
            (function(&outer.body, inner)?, values)
        }
        (CallableKind::Instance, [_, ..]) => {
            let class = excerpt.class()?;
            (function(&class.body, "__call__")?, attributes(class, given.as_ref()?))
        }
        _ => return None,
    };
    let reader = Reader {
        site,
        ground,
        file,
        text: &excerpt.text,
        users,
        values,
    };
    reader.read(&function.body)
}

/// A value as it is written, and where.
type Written = (String, FileId);

/// The call that makes a dependency, `require_role("admin")`: its arguments by position and by name.
struct Given {
    positional: Vec<Written>,
    named: BTreeMap<String, Written>,
}

fn given(site: &Site<'_>, depends: DependsId) -> Option<Given> {
    let at = site.ctx.model.depends.get(depends.0 as usize)?.target_at?;
    let source = crate::draft::source(site, &site.ctx.files.path(at.file))?;
    let target = source.expr_text(at.unit, at.expr).to_owned();
    let made = made(site, at.file, &target)?;
    let (call, file) = made;
    let parsed = ruff_python_parser::parse_expression(&call).ok()?.into_expr();
    let call_expr = parsed.as_call_expr()?;
    let written = |expr: &Expr| (call[expr.range()].to_owned(), file);
    Some(Given {
        positional: call_expr.arguments.args.iter().map(written).collect(),
        named: call_expr
            .arguments
            .keywords
            .iter()
            .filter_map(|keyword| Some((keyword.arg.as_ref()?.to_string(), written(&keyword.value))))
            .collect(),
    })
}

/// The call behind what stands in `Depends(…)`: itself, or what the name is bound to.
fn made(site: &Site<'_>, file: FileId, target: &str) -> Option<Written> {
    if target.contains('(') {
        return Some((target.to_owned(), file));
    }
    match resolve::resolve(&site.ctx, file, target)? {
        resolve::Resolved::Item(file, Binding::Value(value)) => {
            let source = crate::draft::source(site, &site.ctx.files.path(file))?;
            Some((source.expr_text(facts::UnitId::MODULE, value).to_owned(), file))
        }
        _ => None,
    }
}

/// What each parameter is given.
fn bind(parameters: &Parameters, given: &Given, skipped: usize) -> BTreeMap<String, Vec<Written>> {
    let mut values: BTreeMap<String, Vec<Written>> = BTreeMap::new();
    let plain: Vec<_> = parameters
        .posonlyargs
        .iter()
        .chain(&parameters.args)
        .skip(skipped)
        .collect();
    for (parameter, value) in plain.iter().zip(&given.positional) {
        values.insert(parameter.name().to_string(), vec![value.clone()]);
    }
    if let Some(rest) = &parameters.vararg {
        let behind = given.positional.iter().skip(plain.len()).cloned();
        values.insert(rest.name.to_string(), behind.collect());
    }
    for (name, value) in &given.named {
        values.insert(name.clone(), vec![value.clone()]);
    }
    values
}

/// What the attributes of an instance are given: `self.roles = roles`.
fn attributes(class: &StmtClassDef, given: &Given) -> BTreeMap<String, Vec<Written>> {
    let Some(init) = function(&class.body, "__init__") else {
        return BTreeMap::new();
    };
    let values = bind(&init.parameters, given, 1);
    let assigned = init.body.iter().filter_map(|stmt| {
        let Stmt::Assign(assign) = stmt else { return None };
        let [Expr::Attribute(target)] = assign.targets.as_slice() else {
            return None;
        };
        let value = values.get(assign.value.as_name_expr()?.id.as_str())?;
        Some((target.attr.to_string(), value.clone()))
    });
    assigned.collect()
}

pub(super) fn function<'s>(block: &'s [Stmt], name: &str) -> Option<&'s StmtFunctionDef> {
    block.iter().find_map(|stmt| match stmt {
        Stmt::FunctionDef(function) if function.name.as_str() == name => Some(function),
        _ => None,
    })
}

struct Reader<'a> {
    site: &'a Site<'a>,
    ground: &'a Ground,
    file: FileId,
    text: &'a str,
    /// Parameters that hold the user.
    users: BTreeSet<String>,
    /// What other names hold.
    values: BTreeMap<String, Vec<Written>>,
}

impl Reader<'_> {
    fn read(&self, body: &[Stmt]) -> Option<Demands> {
        let mut demands = Demands::default();
        let mut let_through: Option<Vec<Demand>> = None;
        for stmt in body {
            match stmt {
                Stmt::If(branch) if branch.elif_else_clauses.is_empty() => match raises(&branch.body) {
                    true => self.add(&mut demands, self.against(&branch.test)?, &branch.body),
                    false if matches!(branch.body.last(), Some(Stmt::Return(_))) => {
                        let_through = Some(self.meets(&branch.test, true)?);
                    }
                    false => return None,
                },
                Stmt::Raise(_) => self.add(&mut demands, let_through.take()?, std::slice::from_ref(stmt)),
                stmt if raises(std::slice::from_ref(stmt)) => return None,
                _ => {}
            }
        }
        // Who is let through early has no part in what comes behind, unless that refuses.
        let_through.is_none().then_some(demands)
    }

    fn add(&self, demands: &mut Demands, new: Vec<Demand>, block: &[Stmt]) {
        if new.iter().any(Demand::is_privilege) {
            demands
                .refused
                .extend(raises::written(self.site, self.ground, self.file, block, self.text));
        }
        demands.all.extend(new);
    }

    /// What has to be so for a condition not to hold.
    fn against(&self, test: &Expr) -> Option<Vec<Demand>> {
        match test {
            Expr::BoolOp(all) if all.op == ruff_python_ast::BoolOp::Or => {
                let parts = all.values.iter().map(|part| self.against(part));
                Some(parts.collect::<Option<Vec<_>>>()?.concat())
            }
            Expr::BoolOp(_) => None,
            _ => self.meets(test, false),
        }
    }

    /// What has to be so for a plain condition to hold, or not to.
    fn meets(&self, test: &Expr, holds: bool) -> Option<Vec<Demand>> {
        match test {
            Expr::UnaryOp(not) if not.op == UnaryOp::Not => self.meets(&not.operand, !holds),
            Expr::Compare(compare) if compare.ops.len() == 1 => {
                let attribute = self.attribute(&compare.left)?;
                let is_demanded = match compare.ops[0] {
                    CmpOp::Eq | CmpOp::Is | CmpOp::In => holds,
                    CmpOp::NotEq | CmpOp::IsNot | CmpOp::NotIn => !holds,
                    _ => false,
                };
                let (value, file) = self.value(&compare.comparators[0]).filter(|_| is_demanded)?;
                Some(vec![self.demand(attribute, value, file)])
            }
            test => {
                let value = if holds { "True" } else { "False" };
                Some(vec![self.demand(self.attribute(test)?, value.to_owned(), self.file)])
            }
        }
    }

    fn demand(&self, attribute: String, value: String, file: FileId) -> Demand {
        let imports = match ruff_python_parser::parse_expression(&value) {
            Ok(parsed) => {
                let mut names = Names::default();
                names.visit_expr(parsed.expr());
                names
                    .0
                    .iter()
                    .filter_map(|name| import_of(self.site, file, name))
                    .collect()
            }
            Err(_) => Vec::new(),
        };
        Demand {
            attribute,
            value,
            imports,
        }
    }

    /// `role` of `user.role`.
    fn attribute(&self, expr: &Expr) -> Option<String> {
        let attribute = expr.as_attribute_expr()?;
        let holder = attribute.value.as_name_expr()?;
        self.users
            .contains(holder.id.as_str())
            .then(|| attribute.attr.to_string())
    }

    /// A value as it is written, the first one of several.
    fn value(&self, expr: &Expr) -> Option<Written> {
        let own = |expr: &Expr| (self.text[expr.range()].to_owned(), self.file);
        match expr {
            Expr::Tuple(tuple) => tuple.elts.first().map(own),
            Expr::List(list) => list.elts.first().map(own),
            Expr::Set(set) => set.elts.first().map(own),
            Expr::Name(name) => match self.values.get(name.id.as_str()) {
                Some(values) => first(values),
                None => Some(own(expr)),
            },
            Expr::Attribute(attribute) => match attribute.value.as_name_expr() {
                Some(holder) if holder.id == "self" => first(self.values.get(attribute.attr.as_str())?),
                _ => Some(own(expr)),
            },
            literal if literal.is_literal_expr() => Some(own(expr)),
            _ => None,
        }
    }
}

/// The first of some values, the first element of a list.
fn first(values: &[Written]) -> Option<Written> {
    let (text, file) = values.first()?;
    let parsed = ruff_python_parser::parse_expression(text).ok()?;
    let element = match parsed.expr() {
        Expr::List(list) => list.elts.first()?,
        Expr::Tuple(tuple) => tuple.elts.first()?,
        Expr::Set(set) => set.elts.first()?,
        expr => expr,
    };
    Some((text[element.range()].to_owned(), *file))
}

/// The names in an expression.
#[derive(Default)]
struct Names(BTreeSet<String>);

impl<'a> SourceOrderVisitor<'a> for Names {
    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(name) => {
                self.0.insert(name.id.to_string());
            }
            expr => walk_expr(self, expr),
        }
    }
}

/// Whether a block raises, itself or in a block within.
fn raises(block: &[Stmt]) -> bool {
    block.iter().any(|stmt| match stmt {
        Stmt::Raise(_) => true,
        stmt => python::blocks(stmt).into_iter().any(raises),
    })
}

/// The function that a call names, where it is one of a name.
pub(super) fn called(call: &ExprCall) -> Option<&str> {
    match &*call.func {
        Expr::Name(name) => Some(name.id.as_str()),
        Expr::Attribute(attribute) => Some(attribute.attr.as_str()),
        _ => None,
    }
}
