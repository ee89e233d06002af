//! What siblings get an item from, where that gives no row of the session: dicts or schemas, out of a function that is
//! annotated so, or out of an object of a library, which keeps its rows to itself.

use super::evidence::{Evidence, Peer};
use super::receivers::{Callee, Types, receivers, type_text};
use super::siblings::{Code, Param, name_of};
use crate::Context;
use crate::imports::Need;
use crate::resolve::{self, Binding, Resolved};
use crate::schema_names::is_data;
use base::FileId;
use facts::{BinaryOp, Expr, ExprId, Stmt, StmtId, Unit, UnitId};
use model::SchemaKind;
use style::{Action, Source};

/// How many assignments are followed from an object to its class.
const MAX_HOPS: usize = 4;

/// What is no row, and where siblings get it.
pub(super) struct Giver {
    /// The function or object, as siblings write it.
    pub(super) name: String,
    /// What they say that the item is, and what that must import.
    pub(super) ty: (String, Vec<Need>),
}

/// What a type is to a session.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Row,
    Data,
    Unknown,
}

/// Whose class it is.
enum Class {
    Own(FileId, StmtId),
    Library,
}

impl Evidence<'_> {
    /// What siblings get the item from, where it is no row.
    pub(super) fn giver(&self) -> Option<Giver> {
        if let Some(entity) = self.entity_dependency() {
            return self.depended_on(&entity);
        }
        let entity = self.lookup()?.entity?;
        let peers = self.peers.iter().filter(|peer| peer.action.is_of_one());
        let mut found = peers.filter_map(|peer| {
            let (annotation, value) = assigned(&peer.code, &entity)?;
            Some((peer, annotation, value))
        });
        let (peer, annotation, value) = found.next()?;
        let sort = annotation.map_or(Sort::Unknown, |annotation| {
            self.sort(self.file(), peer.code.body_unit, annotation, &Types::new())
        });
        let called = called(&peer.code, value)?;
        let name = match sort {
            Sort::Row => return None,
            Sort::Data => {
                let object = self.gives_no_rows(peer, called);
                object.unwrap_or_else(|| peer.code.expr(called).to_owned())
            }
            Sort::Unknown => self.gives_no_rows(peer, called)?,
        };
        let ty = match annotation {
            Some(annotation) => (some(peer.code.expr(annotation)), Vec::new()),
            None => ("Any".to_owned(), vec![Need::member("typing", "Any")]),
        };
        Some(Giver { name, ty })
    }

    /// A dependency that is annotated as something else than a row.
    fn depended_on(&self, entity: &Param) -> Option<Giver> {
        let (file, facts, expr) = resolve::plain_type(self.ctx, self.file(), entity.annotation_at?)?;
        let unit = facts.units.first()?;
        let is_data = self.sort(file, unit, expr, &Types::new()) == Sort::Data;
        let written = type_text(unit, expr, &Types::new());
        is_data.then(|| Giver {
            name: written.clone(),
            ty: (written, Vec::new()),
        })
    }

    /// The function or object behind a call, where what it gives is no row.
    fn gives_no_rows(&self, peer: &Peer<'_>, called: ExprId) -> Option<String> {
        let code = &peer.code;
        let (prefix, name, object) = match &code.body_unit[called] {
            Expr::Name(name) => (String::new(), name.as_str(), None),
            Expr::Attr { value, name, .. } => (format!("{}.", code.expr(*value)), name.as_str(), Some(*value)),
            _ => return None,
        };
        let known = receivers(self).into_iter().find(|receiver| receiver.prefix == prefix);
        if let Some(callee) = known.as_ref().and_then(|receiver| receiver.function(name)) {
            return (self.declared(callee) == Sort::Data).then(|| code.expr(called).to_owned());
        }
        let object = object.filter(|_| known.is_none_or(|receiver| receiver.is_class))?;
        let Expr::Name(root) = &code.body_unit[object] else {
            return None;
        };
        let is_of_library = match code.params().into_iter().find(|param| param.name == *root) {
            Some(param) if super::evidence::is_session(code, &param) => false,
            Some(param) => {
                let (file, facts, expr) = resolve::plain_type(self.ctx, self.file(), param.annotation_at?)?;
                self.is_foreign(class_of(self.ctx, file, facts.units.first()?, expr, 0)?, name)
            }
            None => match resolve::resolve(self.ctx, self.file(), root)? {
                Resolved::Library(..) => true,
                Resolved::Item(file, Binding::Value(value) | Binding::Annotated(_, Some(value))) => {
                    let facts = self.ctx.facts(file)?;
                    let unit = facts.units.first()?;
                    let Expr::Call { func, .. } = &unit[value] else {
                        return None;
                    };
                    self.is_foreign(class_of(self.ctx, file, unit, *func, 0)?, name)
                }
                _ => false,
            },
        };
        is_of_library.then(|| code.expr(object).to_owned())
    }

    /// Whether a method is a library's: its class is, or one that the project's class inherits it from.
    fn is_foreign(&self, class: Class, method: &str) -> bool {
        match class {
            Class::Library => true,
            Class::Own(file, stmt) => {
                let is_table = self.schema_at(file, stmt).is_some_and(is_row);
                !is_table && !super::carried::class_has_method(self.ctx, file, stmt, method, 0)
            }
        }
    }

    /// What a function says that it returns, or what it makes where it says nothing.
    fn declared(&self, callee: &Callee) -> Sort {
        let Some((unit, function)) = callee.read() else {
            return Sort::Unknown;
        };
        if let Some(returns) = function.returns {
            return self.sort(callee.file, unit, returns, &callee.types);
        }
        let Some(source) = Source::read(self.ctx.files, callee.file) else {
            return Sort::Unknown;
        };
        let Some(code) = Code::new(&source, UnitId::MODULE, callee.stmt) else {
            return Sort::Unknown;
        };
        let mut is_data = false;
        style::walk::stmts(code.body_unit, code.body, &mut |stmt| {
            if let Stmt::Return(Some(value)) = code.body_unit[stmt] {
                is_data |= self.makes_data(&code, value);
            }
        });
        if is_data { Sort::Data } else { Sort::Unknown }
    }

    /// `{…}`, `dict(row)`, `VenueRead(…)`, `VenueRead.model_validate(row)`.
    fn makes_data(&self, code: &Code<'_>, value: ExprId) -> bool {
        match &code.body_unit[value] {
            Expr::Dict(_) => true,
            Expr::Call { func, .. } => {
                let class = match &code.body_unit[*func] {
                    Expr::Attr { value, .. } => *value,
                    _ => *func,
                };
                let name = name_of(code.body_unit, class);
                name == "dict" || (!name.is_empty() && self.sort_named(code.source.file, name) == Sort::Data)
            }
            _ => false,
        }
    }

    /// What an annotation says, `None` aside.
    fn sort(&self, file: FileId, unit: &Unit, annotation: ExprId, types: &Types) -> Sort {
        let sort = |expr: ExprId| self.sort(file, unit, expr, types);
        match &unit[annotation] {
            Expr::Quoted(_, inner) => sort(*inner),
            Expr::Binary(left, BinaryOp::BitOr, right) => match sort(*left) {
                Sort::Unknown => sort(*right),
                known => known,
            },
            Expr::Subscript { value, index } => match style::last_name(unit, *value) {
                "Optional" | "Union" | "Annotated" => match &unit[*index] {
                    Expr::Tuple(items) => {
                        let sorts = items.iter().map(|&item| sort(item));
                        sorts
                            .into_iter()
                            .find(|sort| *sort != Sort::Unknown)
                            .unwrap_or(Sort::Unknown)
                    }
                    _ => sort(*index),
                },
                _ => sort(*value),
            },
            Expr::Name(name) => match types.get(name.as_str()) {
                Some((text, file)) => self.sort_named(*file, text),
                None => self.sort_named(file, name),
            },
            Expr::Attr { .. } => match resolve::class(self.ctx, file, unit, annotation) {
                Some((file, stmt)) => self.schema_at(file, stmt).map_or(Sort::Unknown, sort_of),
                None => Sort::Unknown,
            },
            _ => Sort::Unknown,
        }
    }

    fn sort_named(&self, file: FileId, name: &str) -> Sort {
        if matches!(name, "dict" | "Dict" | "Mapping" | "RowMapping") {
            return Sort::Data;
        }
        match resolve::resolve(self.ctx, file, name) {
            Some(Resolved::Item(file, Binding::Def(stmt))) => self.schema_at(file, stmt).map_or(Sort::Unknown, sort_of),
            _ => Sort::Unknown,
        }
    }

    fn schema_at(&self, file: FileId, stmt: StmtId) -> Option<SchemaKind> {
        let mut schemas = self.ctx.model.schemas.iter();
        let is_it = |schema: &&model::Schema| {
            schema.stmt.file == file && schema.stmt.unit == UnitId::MODULE && schema.stmt.stmt == stmt
        };
        schemas.find(is_it).map(|schema| schema.kind)
    }

    /// Whether an item that siblings get can't be changed by setting what it has, and deleted by the session.
    pub(super) fn is_changed_elsewhere(&self) -> Option<Giver> {
        let is_changed = matches!(self.action, Action::Update | Action::Replace | Action::Delete);
        let has_rows = self.session().is_some() && self.family.table().is_some();
        self.giver().filter(|_| is_changed && has_rows)
    }
}

fn is_row(kind: SchemaKind) -> bool {
    matches!(kind, SchemaKind::SqlAlchemy | SchemaKind::SqlModelTable)
}

fn sort_of(kind: SchemaKind) -> Sort {
    match kind {
        kind if is_row(kind) => Sort::Row,
        kind if is_data(kind) => Sort::Data,
        _ => Sort::Unknown,
    }
}

/// The annotation of a variable, and what it is given first.
fn assigned(code: &Code<'_>, name: &str) -> Option<(Option<ExprId>, ExprId)> {
    code.body.iter().find_map(|&stmt| match &code.body_unit[stmt] {
        Stmt::Assign { targets, value } => {
            let is_it = targets.iter().any(|&target| name_of(code.body_unit, target) == name);
            is_it.then_some((None, *value))
        }
        Stmt::AnnAssign {
            target,
            annotation,
            value: Some(value),
        } if name_of(code.body_unit, *target) == name => Some((Some(*annotation), *value)),
        _ => None,
    })
}

/// What a value is got by, awaited or not.
fn called(code: &Code<'_>, value: ExprId) -> Option<ExprId> {
    match &code.body_unit[value] {
        Expr::Await(inner) => called(code, *inner),
        Expr::Call { func, .. } => Some(*func),
        _ => None,
    }
}

/// A type without its `None`.
fn some(written: &str) -> String {
    written.strip_suffix(" | None").unwrap_or(written).to_owned()
}

/// The class behind an expression of a module, through aliases and type arguments.
fn class_of(ctx: &Context<'_>, file: FileId, unit: &Unit, expr: ExprId, hops: usize) -> Option<Class> {
    let resolved = match &unit[expr] {
        Expr::Subscript { value, .. } => return class_of(ctx, file, unit, *value, hops),
        Expr::Name(name) => resolve::resolve(ctx, file, name)?,
        Expr::Attr { value, name, .. } => {
            let base = name_of(unit, *value);
            match resolve::resolve(ctx, file, base) {
                Some(Resolved::Module(module)) => resolve::resolve(ctx, module, name)?,
                Some(library @ Resolved::Library(..)) => library,
                Some(Resolved::Item(..)) => return None,
                None => {
                    let facts = ctx.facts(file)?;
                    let is_module = matches!(resolve::binding(ctx, file, &facts, base), Some(Binding::Module(_)));
                    return is_module.then_some(Class::Library);
                }
            }
        }
        _ => return None,
    };
    match resolved {
        Resolved::Library(..) => Some(Class::Library),
        Resolved::Item(file, _) if !ctx.is_own(file) => Some(Class::Library),
        Resolved::Item(file, Binding::Def(stmt)) => {
            let facts = ctx.facts(file)?;
            let is_class = matches!(facts.units.first()?[stmt], Stmt::Class(_));
            is_class.then_some(Class::Own(file, stmt))
        }
        Resolved::Item(file, Binding::Value(value) | Binding::Annotated(_, Some(value))) if hops < MAX_HOPS => {
            let facts = ctx.facts(file)?;
            class_of(ctx, file, facts.units.first()?, value, hops + 1)
        }
        _ => None,
    }
}
