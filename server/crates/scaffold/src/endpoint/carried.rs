//! Code of another resource, carried over to this one: its nouns are replaced, and every name in it is looked up again.
//! Where something is not there for this resource, nothing is carried over.

use super::cousins::Cousin;
use super::draft::Line;
use super::evidence::{Evidence, is_user, names_path_param};
use super::nouns::replace_nouns;
use super::schemas;
use super::siblings::{Code, Param, name_of};
use crate::imports::Need;
use crate::resolve::{self, Binding, Resolved};
use crate::{Context, print};
use base::FileId;
use facts::{Arg, Expr, ExprId, FPart, Stmt, StmtId, Unit, UnitId};
use model::SchemaKind;
use std::collections::BTreeMap;
use style::{walk, words};

/// Names of a built-in scope that bodies call.
const BUILTINS: &[&str] = &[
    "len",
    "list",
    "dict",
    "set",
    "tuple",
    "str",
    "int",
    "float",
    "bool",
    "sum",
    "min",
    "max",
    "any",
    "all",
    "sorted",
    "enumerate",
    "zip",
    "range",
    "isinstance",
    "getattr",
    "setattr",
    "next",
    "iter",
    "reversed",
    "print",
    "Exception",
    "ValueError",
    "KeyError",
    "type",
    "object",
    "map",
    "filter",
    "round",
    "abs",
];

/// What every Pydantic model and SQLAlchemy class has beside its fields.
const CLASS_MEMBERS: &[&str] = &[
    "model_validate",
    "model_construct",
    "model_validate_json",
    "from_orm",
    "parse_obj",
    "construct",
    "metadata",
];

/// What results, queries, pages and lists have, whatever they hold.
const RESULT_MEMBERS: &[&str] = &[
    "all",
    "append",
    "data",
    "dict",
    "extend",
    "fetchall",
    "filter",
    "first",
    "get",
    "items",
    "join",
    "json",
    "keys",
    "limit",
    "mappings",
    "model_copy",
    "model_dump",
    "offset",
    "one",
    "one_or_none",
    "options",
    "order_by",
    "rowcount",
    "scalar",
    "scalar_one",
    "scalars",
    "select_from",
    "subquery",
    "total",
    "unique",
    "values",
    "where",
];

/// Keys that stand for the items whatever they are called.
const GENERAL_KEYS: &[&str] = &[
    "items", "data", "results", "records", "rows", "values", "entries", "content", "objects", "elements", "result",
];

/// Replaces the nouns of one resource by those of another.
pub(super) struct Carrier<'a> {
    evidence: &'a Evidence<'a>,
    cousin: &'a Cousin,
    code: Code<'a>,
    /// What is replaced, longer words first.
    words: Vec<(String, String)>,
    /// Local names that are given another one than the nouns tell.
    fixed: BTreeMap<String, String>,
    locals: Vec<String>,
    params: Vec<Param>,
    pub(super) needs: Vec<Need>,
    /// Whether something of the project that was carried over bears a noun.
    is_of_resource: bool,
}

impl<'a> Carrier<'a> {
    pub(super) fn new(evidence: &'a Evidence<'a>, cousin: &'a Cousin) -> Option<Self> {
        let code = cousin.code()?;
        let (one, many) = (&evidence.resource.one, &evidence.resource.many);
        let mut pairs = vec![(cousin.many.clone(), many.clone()), (cousin.one.clone(), one.clone())];
        pairs.dedup_by(|a, b| a.0 == b.0);
        // `crud_shows` behind `/show/{id}`.
        let plurals = (words::plural(&cousin.one), words::plural(one));
        if pairs.iter().all(|(from, _)| *from != plurals.0) {
            pairs.push(plurals);
        }
        let mut carrier = Self {
            evidence,
            cousin,
            code,
            words: pairs,
            fixed: BTreeMap::new(),
            locals: bound_names(&code),
            params: code.params(),
            needs: Vec::new(),
            is_of_resource: false,
        };
        carrier.fix_id();
        Some(carrier)
    }

    /// The parameter of the item's path has its own name on either side.
    fn fix_id(&mut self) {
        let theirs = style::split_item(&self.cousin.path).1;
        let ours = self.evidence.id_param();
        if let (Some(theirs), Some(ours)) = (theirs, ours) {
            self.fixed.insert(theirs.to_owned(), ours.name);
        }
    }

    /// Gives a local name of the cousin's another name.
    pub(super) fn fix(&mut self, theirs: &str, ours: &str) {
        self.fixed.insert(theirs.to_owned(), ours.to_owned());
    }

    fn renamed(&self, name: &str) -> String {
        self.fixed
            .get(name)
            .cloned()
            .unwrap_or_else(|| replace_nouns(name, &self.words))
    }

    /// The cousin's whole body as lines.
    pub(super) fn body(&mut self) -> Option<Vec<Line>> {
        let mut lines = Vec::new();
        self.block(self.code.body, 0, &mut lines)?;
        Some(lines)
    }

    /// What follows after so many statements of its body, as lines.
    pub(super) fn rest(&mut self, after: usize) -> Option<Vec<Line>> {
        let mut lines = Vec::new();
        self.block(self.code.body.get(after..)?, 0, &mut lines)?;
        Some(lines)
    }

    /// One expression of its body, carried over.
    pub(super) fn expr(&mut self, expr: ExprId) -> Option<String> {
        let (unit, id) = (self.code.body_unit, self.code.body_id);
        self.text(unit, id, expr)
    }

    /// An annotation of its signature or an argument of its decorator, carried over.
    pub(super) fn outer(&mut self, expr: ExprId) -> Option<String> {
        let (unit, id) = (self.code.unit, self.code.unit_id);
        self.text(unit, id, expr)
    }

    /// The parameters that its body reads, with their annotations carried over; those of the path are left out.
    pub(super) fn params(&mut self) -> Option<Vec<Param>> {
        let mut found = Vec::new();
        for param in self.params.clone() {
            if !self.code.uses(&param.name) {
                continue;
            }
            if names_path_param(&self.cousin.path, &param.name) {
                if !names_path_param(self.evidence.path, &self.renamed(&param.name)) {
                    return None;
                }
                continue;
            }
            found.push(self.param(&param)?);
        }
        Some(found)
    }

    /// A parameter of its signature, carried over.
    pub(super) fn param(&mut self, param: &Param) -> Option<Param> {
        let mut carry = |expr: Option<ExprId>| match expr {
            Some(expr) => self.outer(expr).map(Some),
            None => Some(None),
        };
        Some(Param {
            annotation: carry(param.annotation_at)?,
            default: carry(param.default_at)?,
            name: self.renamed(&param.name),
            annotation_at: None,
            default_at: None,
            keyword_only: param.keyword_only,
        })
    }

    /// Whether a class that the cousin makes has fields of these names here.
    pub(super) fn has_members(&self, class: &str, names: &[String]) -> bool {
        let ours = replace_nouns(class, &self.words);
        ours == class || names.iter().all(|name| self.has_member(&ours, name))
    }

    fn block(&mut self, block: &[StmtId], depth: usize, lines: &mut Vec<Line>) -> Option<()> {
        for &stmt in block {
            self.stmt(stmt, depth, "if", lines)?;
        }
        Some(())
    }

    /// Statements that path operations are made of; nothing of a body with others is carried over.
    fn stmt(&mut self, id: StmtId, depth: usize, keyword: &str, lines: &mut Vec<Line>) -> Option<()> {
        let (unit, unit_id) = (self.code.body_unit, self.code.body_id);
        match &unit[id] {
            Stmt::If { test, body, orelse } => {
                let test = self.expr(*test)?;
                lines.push(Line::new(depth, format!("{keyword} {test}:")));
                self.block(body, depth + 1, lines)?;
                match orelse.as_slice() {
                    [] => {}
                    [inner] if self.code.source.stmt_text(unit_id, *inner).starts_with("elif") => {
                        self.stmt(*inner, depth, "elif", lines)?;
                    }
                    _ => {
                        lines.push(Line::new(depth, "else:"));
                        self.block(orelse, depth + 1, lines)?;
                    }
                }
            }
            Stmt::Expr(_)
            | Stmt::Assign { .. }
            | Stmt::AnnAssign { .. }
            | Stmt::AugAssign { .. }
            | Stmt::Return(_)
            | Stmt::Raise(_) => {
                let span = self.code.source.spans.stmt(unit_id, id);
                let mut exprs = Vec::new();
                walk::exprs_of_stmt(unit, id, &mut |expr| exprs.push(expr));
                let text = self.edited(unit, unit_id, span, &exprs)?;
                lines.push(Line::new(depth, flat(&text)));
            }
            _ => return None,
        }
        Some(())
    }

    fn text(&mut self, unit: &'a Unit, id: UnitId, expr: ExprId) -> Option<String> {
        let mut exprs = Vec::new();
        walk::exprs(unit, expr, &mut |expr| exprs.push(expr));
        let span = self.code.source.spans.expr(id, expr);
        Some(flat(&self.edited(unit, id, span, &exprs)?))
    }

    /// The text of a span in which every name of `exprs` is what this resource has for it.
    fn edited(&mut self, unit: &'a Unit, id: UnitId, span: base::Span, exprs: &[ExprId]) -> Option<String> {
        let mut edits: Vec<(base::Span, String)> = Vec::new();
        let source = self.code.source;
        let keys = general_keys(unit, exprs);
        for &expr in exprs {
            let at = source.spans.expr(id, expr);
            match &unit[expr] {
                Expr::Name(name) => edits.push((at, self.name(name)?)),
                Expr::Attr { value, name, name_at } => {
                    let new = self.attribute(unit, *value, name)?;
                    self.is_of_resource |= new != *name;
                    edits.push((source.spans.expr(id, *name_at), new));
                }
                Expr::Call { func, args } => self.check_keywords(unit, *func, args)?,
                Expr::Str(_) if !keys.contains(&expr) => {
                    edits.push((at, replace_nouns(at.text(&source.text), &self.words)));
                }
                Expr::FString(parts) => self.edit_f_string(id, at, parts, &mut edits),
                Expr::Lambda(..) | Expr::Yield(_) | Expr::YieldFrom(_) | Expr::Quoted(..) | Expr::Error => return None,
                _ => {}
            }
        }
        edits.sort_by_key(|(at, _)| (at.start, at.end));
        let mut text = String::new();
        let mut from = span.start;
        for (at, new) in edits {
            text.push_str(source.text.get(from as usize..at.start as usize)?);
            text.push_str(&new);
            from = at.end;
        }
        text.push_str(source.text.get(from as usize..span.end as usize)?);
        Some(text)
    }

    /// The words between the holes of an f-string.
    fn edit_f_string(&self, id: UnitId, at: base::Span, parts: &[FPart], edits: &mut Vec<(base::Span, String)>) {
        let source = self.code.source;
        let holes = parts.iter().filter_map(|part| match part {
            FPart::Hole { expr, .. } => Some(source.spans.expr(id, *expr)),
            FPart::Text(_) => None,
        });
        let mut from = at.start;
        for end in holes.map(Some).chain([None]) {
            let between = base::Span::new(from, end.map_or(at.end, |hole| hole.start));
            edits.push((between, replace_nouns(between.text(&source.text), &self.words)));
            from = end.map_or(at.end, |hole| hole.end);
        }
    }

    /// What a name is here; its import is noted where it takes one.
    fn name(&mut self, name: &str) -> Option<String> {
        let new = self.renamed(name);
        let is_local = self.locals.iter().any(|local| local == name) || self.params.iter().any(|p| p.name == *name);
        if is_local || (new == name && BUILTINS.contains(&name)) {
            return Some(new);
        }
        self.is_of_resource |= new != name;
        let (ctx, file, theirs) = (self.evidence.ctx, self.evidence.file(), self.cousin.source.file);
        if new == name {
            let meant = resolve::resolve(ctx, theirs, name)?;
            match resolve::resolve(ctx, file, name) {
                Some(known) if known == meant => {}
                Some(_) => return None,
                None if file == theirs => return None,
                None => {
                    let needs = schemas::needs_of(ctx, theirs, self.evidence.source, &[name.to_owned()]);
                    if needs.is_empty() {
                        return None;
                    }
                    self.needs.extend(needs);
                }
            }
            return Some(new);
        }
        if resolve::resolve(ctx, file, &new).is_some() {
            return Some(new);
        }
        self.needs.push(self.counterpart(name, &new)?);
        Some(new)
    }

    /// The import of what stands to this resource as `name` does to the cousin's.
    fn counterpart(&self, name: &str, new: &str) -> Option<Need> {
        let ctx = self.evidence.ctx;
        let facts = ctx.facts(self.cousin.source.file)?;
        let Binding::Member(module, member) = resolve::binding(ctx, self.cousin.source.file, &facts, name)? else {
            let schema = ctx.model.schemas.iter().find(|schema| *schema.name == *new)?;
            let (written, needs) = schemas::reference(ctx, self.evidence.source, schema);
            return (written == new).then(|| needs.into_iter().next()).flatten();
        };
        let member = replace_nouns(&member, &self.words);
        let modules = [replace_nouns(&module, &self.words), module];
        modules.into_iter().find_map(|module| {
            let file = resolve::module_file(ctx, self.evidence.file(), &module)?;
            (resolve::binds(ctx, file, &member) && member == new).then(|| Need::member(&module, &member))
        })
    }

    /// What an attribute is here; nothing where it can't be told that it exists.
    fn attribute(&self, unit: &Unit, value: ExprId, name: &str) -> Option<String> {
        let ctx = self.evidence.ctx;
        // `.items()` of a dict.
        let is_general = GENERAL_KEYS.contains(&name);
        let new = if is_general {
            name.to_owned()
        } else {
            replace_nouns(name, &self.words)
        };
        let Expr::Name(receiver) = &unit[value] else {
            return (new == name).then_some(new);
        };
        let ours = self.renamed(receiver);
        if let Some(param) = self.params.iter().find(|param| param.name == *receiver) {
            return match self.has_method(param, &new) {
                Some(exists) => exists.then_some(new),
                None => (new == name).then_some(new),
            };
        }
        if self.locals.iter().any(|local| local == receiver.as_str()) {
            return (new == name && self.is_field_kept(name)).then_some(new);
        }
        match resolve::resolve(ctx, self.cousin.source.file, receiver) {
            Some(Resolved::Module(_)) if ours != *receiver || new != name => {
                let resolved = resolve::resolve(ctx, self.evidence.file(), &ours);
                let Some(Resolved::Module(file)) = resolved else {
                    return None;
                };
                resolve::binds(ctx, file, &new).then_some(new)
            }
            Some(Resolved::Item(theirs, Binding::Value(value))) if ours != *receiver => {
                self.has_same_class((theirs, value), &ours, name).then_some(())?;
                (new == name).then_some(new)
            }
            Some(Resolved::Item(..)) if ours != *receiver => self.has_member(&ours, name).then(|| name.to_owned()),
            _ => (new == name).then_some(new),
        }
    }

    /// Whether a module's object here is made as the cousin's is, and has a method: `crud_books = CRUD(Book)` as
    /// `crud_items = CRUD(Item)`, by one class or by classes whose names differ in the noun.
    fn has_same_class(&self, theirs: (FileId, ExprId), ours: &str, method: &str) -> bool {
        let ctx = self.evidence.ctx;
        let class_of = |(file, value): (FileId, ExprId)| {
            let facts = ctx.facts(file)?;
            let unit = facts.units.first()?;
            match &unit[value] {
                Expr::Call { func, .. } => Some((
                    style::last_name(unit, *func).to_owned(),
                    resolve::class(ctx, file, unit, *func),
                )),
                _ => None,
            }
        };
        let here = match resolve::resolve(ctx, self.evidence.file(), ours) {
            Some(Resolved::Item(file, Binding::Value(value))) => class_of((file, value)),
            _ => None,
        };
        let (Some((here, class)), Some((theirs, _))) = (here, class_of(theirs)) else {
            return false;
        };
        // A class that is not read is the same library's.
        here == replace_nouns(&theirs, &self.words)
            && class.is_none_or(|(file, stmt)| class_has_method(ctx, file, stmt, method, 0))
    }

    /// Whether a service that a parameter gives has a method; nothing where it is no class of the project's.
    fn has_method(&self, param: &Param, method: &str) -> Option<bool> {
        let ctx = self.evidence.ctx;
        let (file, facts, expr) = resolve::plain_type(ctx, self.cousin.source.file, param.annotation_at?)?;
        let unit = facts.units.first()?;
        let (theirs, _) = resolve::class(ctx, file, unit, expr)?;
        let class = replace_nouns(style::last_name(unit, expr), &self.words);
        let is_schema = ctx.model.schemas.iter().any(|schema| *schema.name == *class);
        let module = replace_nouns(&ctx.modules.module_name(theirs), &self.words);
        let files = [Some(theirs), resolve::module_file(ctx, self.evidence.file(), &module)];
        let mut ours = files
            .into_iter()
            .flatten()
            .filter_map(|file| class_named(ctx, file, &class));
        let has_it = ours
            .next()
            .is_some_and(|(file, stmt)| class_has_method(ctx, file, stmt, method, 0));
        (!is_schema).then_some(has_it)
    }

    /// Whether a class of this resource has a field that the cousin's has.
    fn has_member(&self, class: &str, member: &str) -> bool {
        let schemas = &self.evidence.ctx.model.schemas;
        let Some(schema) = schemas.iter().find(|schema| *schema.name == *class) else {
            return false;
        };
        CLASS_MEMBERS.contains(&member)
            || schema.kind == SchemaKind::Enum
            || schema.fields.iter().any(|field| *field.name == *member)
    }

    /// Whether an attribute of a local is one of results and lists, or a field of our item.
    fn is_field_kept(&self, name: &str) -> bool {
        let schemas = [self.evidence.family.table(), self.evidence.family.output()];
        let mut fields = schemas.into_iter().flatten().flat_map(|schema| schema.fields.iter());
        RESULT_MEMBERS.contains(&name) || fields.any(|field| *field.name == *name)
    }

    /// A class of this resource must have the fields that the cousin's is given.
    fn check_keywords(&self, unit: &Unit, func: ExprId, args: &[Arg]) -> Option<()> {
        let class = style::last_name(unit, func);
        let ours = replace_nouns(class, &self.words);
        if ours == class || !class.starts_with(char::is_uppercase) {
            return Some(());
        }
        let keywords = args.iter().filter_map(|arg| match arg {
            Arg::Keyword { name, .. } => Some(name.as_str()),
            _ => None,
        });
        keywords
            .into_iter()
            .all(|name| self.has_member(&ours, name))
            .then_some(())
    }

    /// The local names and parameters that an expression of the body reads, as they are called here.
    pub(super) fn locals_in(&self, expr: ExprId) -> Vec<String> {
        let mut names = Vec::new();
        walk::exprs(self.code.body_unit, expr, &mut |expr| {
            if let Expr::Name(name) = &self.code.body_unit[expr]
                && (self.locals.iter().any(|local| local == name.as_str())
                    || self.params.iter().any(|param| param.name == name.as_str()))
            {
                names.push(self.renamed(name));
            }
        });
        names
    }

    /// Whether what was carried over so far speaks of the resource, and does not do the same for everybody.
    pub(super) fn speaks_of_resource(&self) -> bool {
        self.is_of_resource
    }

    /// Whether the body looks at who asks.
    pub(super) fn looks_at_who_asks(&self) -> bool {
        let mut params = self.params.iter();
        params.any(|param| {
            let is_asker = is_user(param);
            is_asker && self.code.uses(&param.name) && !names_path_param(&self.cousin.path, &param.name)
        })
    }
}

/// A class of a module, followed through imports.
fn class_named(ctx: &Context<'_>, file: FileId, name: &str) -> Option<(FileId, StmtId)> {
    match resolve::resolve(ctx, file, name)? {
        Resolved::Item(file, Binding::Def(stmt)) => Some((file, stmt)),
        _ => None,
    }
}

/// Whether a class, or one that it inherits from, defines a method.
pub(super) fn class_has_method(ctx: &Context<'_>, file: FileId, class: StmtId, method: &str, depth: usize) -> bool {
    let Some(facts) = ctx.facts(file) else { return false };
    let Some(unit) = facts.units.first() else { return false };
    let Stmt::Class(class) = &unit[class] else { return false };
    let is_it = |&stmt: &StmtId| matches!(&unit[stmt], Stmt::Function(own) if name_of(unit, own.name) == method);
    let is_inherited = || {
        class.args.iter().any(|arg| {
            let Arg::Positional(base) = arg else { return false };
            let base = match &unit[*base] {
                Expr::Subscript { value, .. } => *value,
                _ => *base,
            };
            let found = resolve::class(ctx, file, unit, base);
            found.is_some_and(|(file, stmt)| class_has_method(ctx, file, stmt, method, depth + 1))
        })
    };
    class.body.iter().any(is_it) || (depth < MAX_BASES && is_inherited())
}

/// How far up a method is looked for.
const MAX_BASES: usize = 3;

/// The names that a body binds.
fn bound_names(code: &Code<'_>) -> Vec<String> {
    let unit = code.body_unit;
    let mut targets: Vec<ExprId> = Vec::new();
    walk::stmts(unit, code.body, &mut |stmt| match &unit[stmt] {
        Stmt::Assign { targets: list, .. } => targets.extend(list),
        Stmt::AnnAssign { target, .. } | Stmt::For { target, .. } => targets.push(*target),
        _ => {}
    });
    code.each_expr(&mut |expr| match &unit[expr] {
        Expr::Comprehension { clauses, .. } => targets.extend(clauses.iter().map(|clause| clause.target)),
        Expr::Walrus(target, _) => targets.push(*target),
        _ => {}
    });
    let mut names = Vec::new();
    for target in targets {
        match &unit[target] {
            Expr::Name(name) => names.push(name.to_string()),
            Expr::Tuple(items) | Expr::List(items) => {
                names.extend(items.iter().map(|&item| name_of(unit, item).to_owned()));
            }
            _ => {}
        }
    }
    names
}

/// Keys of dicts that stay as they are.
fn general_keys(unit: &Unit, exprs: &[ExprId]) -> Vec<ExprId> {
    let is_general = |&key: &ExprId| matches!(&unit[key], Expr::Str(text) if GENERAL_KEYS.contains(&text.as_ref()));
    let dicts = exprs.iter().filter_map(|&expr| match &unit[expr] {
        Expr::Dict(items) => Some(items),
        _ => None,
    });
    dicts.flatten().filter_map(|(key, _)| *key).filter(is_general).collect()
}

/// Code of several lines on one.
fn flat(text: &str) -> String {
    if !text.contains('\n') || text.contains("\"\"\"") || text.contains("'''") {
        return text.to_owned();
    }
    let mut joined = String::new();
    for line in text.lines() {
        let bare = print::without_strings(line);
        let code = line.get(..bare.find('#').unwrap_or(line.len())).unwrap_or(line).trim();
        if code.starts_with([')', ']', '}']) {
            joined.truncate(joined.trim_end_matches([',', ' ']).len());
        } else if !joined.is_empty() && !joined.ends_with(['(', '[', '{']) {
            joined.push(' ');
        }
        joined.push_str(code);
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::flat;

    #[test]
    fn lines_are_joined() {
        assert_eq!(flat("f(\n    a,  # why\n    b,\n)"), "f(a, b)");
    }
}
