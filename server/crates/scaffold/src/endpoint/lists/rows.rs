//! Where a function reads rows or items, and where it can be said which of them, and in which order.

use crate::{Site, resource::texts};
use model::{Schema, SchemaKind};
use ruff_python_ast::{
    Expr, ExprCall, Stmt, StmtFunctionDef,
    visitor::source_order::{SourceOrderVisitor, walk_expr},
};
use ruff_text_size::{Ranged, TextRange};

/// What a function reads.
pub(super) enum Rows<'m> {
    /// Rows of a table.
    Table(Selected<'m>),
    /// What a module keeps in memory.
    Memory {
        /// The items, as an expression.
        items: String,
        /// What stands for all of them, and for what.
        places: Vec<(TextRange, Place)>,
    },
}

/// Rows of a table that a function selects.
pub(super) struct Selected<'m> {
    pub(super) schema: &'m Schema,
    /// The columns of texts that may be looked for.
    pub(super) texts: Vec<String>,
    /// The class as the function names it.
    pub(super) class: String,
    pub(super) selects: Vec<Select>,
    /// Where the arguments of each `order_by(…)` begin, and whether there are some.
    pub(super) orders: Vec<(usize, bool)>,
}

impl Selected<'_> {
    pub(super) fn is_sqlmodel(&self) -> bool {
        self.schema.kind == SchemaKind::SqlModelTable
    }
}

/// What selects rows.
#[derive(Clone, Copy)]
pub(super) struct Select {
    /// Where its expression begins, and where it ends: a condition goes there.
    start: usize,
    pub(super) end: usize,
    /// The method that takes a condition.
    pub(super) method: &'static str,
    /// Whether it counts them.
    pub(super) is_count: bool,
}

/// What stands for all items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A list of them, or what is gone through.
    Items,
    /// How many they are.
    Count,
}

/// What the function reads; nothing where it reads no rows itself. Where the resource's `table` is known, others don't count.
pub(super) fn of<'m>(
    site: &Site<'m>,
    text: &str,
    function: &StmtFunctionDef,
    stores: &[String],
    table: Option<&'m Schema>,
) -> Option<Rows<'m>> {
    let mut finder = Finder {
        model: site.ctx.model,
        text,
        stores,
        wanted: table,
        table: None,
        selects: Vec::new(),
        orders: Vec::new(),
        items: None,
        kept: Vec::new(),
    };
    for stmt in &function.body {
        finder.visit_stmt(stmt);
    }
    if let Some((class, schema)) = finder.table {
        return Some(Rows::Table(Selected {
            schema,
            texts: texts(&site.ctx, schema).into_iter().map(|(name, _)| name).collect(),
            class,
            selects: finder.selects,
            orders: finder.orders,
        }));
    }
    Some(Rows::Memory {
        items: finder.items?,
        places: finder.kept,
    })
}

struct Finder<'a, 'm> {
    model: &'m model::Model,
    text: &'a str,
    /// Names that hold items in memory.
    stores: &'a [String],
    wanted: Option<&'m Schema>,
    table: Option<(String, &'m Schema)>,
    selects: Vec<Select>,
    orders: Vec<(usize, bool)>,
    items: Option<String>,
    kept: Vec<(TextRange, Place)>,
}

impl<'a, 'm> Finder<'a, 'm> {
    fn source(&self, expr: &Expr) -> &'a str {
        &self.text[expr.range()]
    }

    /// The table that an expression names.
    fn table_of(&self, expr: &Expr) -> Option<&'m Schema> {
        let name = match expr {
            Expr::Name(name) => name.id.as_str(),
            Expr::Attribute(attribute) => attribute.attr.as_str(),
            _ => return None,
        };
        match self.wanted {
            Some(wanted) => (*wanted.name == *name).then_some(wanted),
            None => self.model.table(name),
        }
    }

    /// `Book` of `func.count(Book.id)`.
    fn counted(expr: &Expr) -> Option<&Expr> {
        let call = expr.as_call_expr()?;
        let name = match &*call.func {
            Expr::Attribute(attribute) => attribute.attr.as_str(),
            Expr::Name(name) => name.id.as_str(),
            _ => return None,
        };
        let [only] = &*call.arguments.args else { return None };
        let column = only.as_attribute_expr().filter(|_| name == "count")?;
        Some(&column.value)
    }

    /// The rows that a call selects.
    fn select(&mut self, call: &ExprCall) {
        let (name, method) = match &*call.func {
            Expr::Name(name) => (name.id.as_str(), "where"),
            Expr::Attribute(attribute) => match attribute.attr.as_str() {
                "query" => ("select", "filter"),
                name => (name, "where"),
            },
            _ => return,
        };
        if !matches!(name, "select" | "select_from") {
            return;
        }
        let [first] = &*call.arguments.args else { return };
        let counted = Self::counted(first);
        let first = counted.unwrap_or(first);
        let Some(schema) = self.table_of(first) else { return };
        let class = self.source(first).to_owned();
        if self.table.as_ref().is_some_and(|(known, _)| *known != class) {
            return;
        }
        self.table = Some((class, schema));
        let select = Select {
            start: call.start().to_usize(),
            end: call.end().to_usize(),
            method,
            is_count: counted.is_some() || name == "select_from",
        };
        // `select(func.count(Book.id)).select_from(Book)` is one: the outer call is seen first.
        if self.selects.iter().all(|known| known.start != select.start) {
            self.selects.push(select);
        }
    }

    /// `rows.order_by(…)`.
    fn order(&mut self, call: &ExprCall) {
        let attribute = call.func.as_attribute_expr();
        if attribute.is_some_and(|attribute| attribute.attr.as_str() == "order_by") {
            let arguments = &call.arguments;
            self.orders
                .push((arguments.start().to_usize() + 1, !arguments.is_empty()));
        }
    }

    fn is_store(&self, expr: &Expr) -> bool {
        expr.as_name_expr()
            .is_some_and(|name| self.stores.iter().any(|store| *store == name.id.as_str()))
    }

    /// `store.values()` or the store itself, as an expression of its items.
    fn items_of(&self, expr: &Expr) -> Option<String> {
        match expr {
            Expr::Call(call) => {
                let attribute = call.func.as_attribute_expr()?;
                let is_values = attribute.attr.as_str() == "values" && call.arguments.is_empty();
                (is_values && self.is_store(&attribute.value)).then(|| self.source(expr).to_owned())
            }
            _ => self.is_store(expr).then(|| self.source(expr).to_owned()),
        }
    }
}

impl<'a> SourceOrderVisitor<'a> for Finder<'_, '_> {
    fn visit_expr(&mut self, expr: &'a Expr) {
        if let Expr::Call(call) = expr {
            self.select(call);
            self.order(call);
            let name = call.func.as_name_expr().map_or("", |name| name.id.as_str());
            if let ("list" | "len" | "sorted" | "tuple", [only]) = (name, &*call.arguments.args)
                && let Some(items) = self.items_of(only)
            {
                let (range, place) = match name {
                    "len" => (expr.range(), Place::Count),
                    "list" if call.arguments.keywords.is_empty() => (expr.range(), Place::Items),
                    _ => (only.range(), Place::Items),
                };
                // What counts a dictionary counts its keys.
                if place == Place::Items {
                    self.items = Some(items);
                }
                self.kept.push((range, place));
                return;
            }
        }
        if let Some(items) = self.items_of(expr) {
            self.items = Some(items);
            self.kept.push((expr.range(), Place::Items));
            return;
        }
        walk_expr(self, expr);
    }
}

/// The function whose name begins at an offset.
pub(super) fn function_named_at(block: &[Stmt], start: usize) -> Option<&StmtFunctionDef> {
    block.iter().find_map(|stmt| match stmt {
        Stmt::FunctionDef(function) if function.name.start().to_usize() == start => Some(function),
        _ => crate::draft::python::blocks(stmt)
            .into_iter()
            .find_map(|block| function_named_at(block, start)),
    })
}
