//! Where a function reads rows or items, and what narrows them to those that a text is found in.

use crate::{Site, resource::texts};
use model::{Schema, SchemaKind};
use ruff_python_ast::{
    Expr, ExprCall, Stmt, StmtFunctionDef,
    visitor::source_order::{SourceOrderVisitor, walk_expr},
};
use ruff_text_size::{Ranged, TextRange};

/// What a function reads.
pub(super) enum Rows {
    /// Rows of a table.
    Table {
        /// The class as the function names it.
        class: String,
        is_sqlmodel: bool,
        /// Columns of text.
        columns: Vec<String>,
        /// Behind what a condition goes, and the method that takes it.
        places: Vec<(usize, &'static str)>,
    },
    /// What a module keeps in memory.
    Memory {
        /// The items, as an expression.
        items: String,
        /// What stands for all of them, and for what.
        places: Vec<(TextRange, Place)>,
    },
}

/// What stands for all items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A list of them, or what is gone through.
    Items,
    /// How many they are.
    Count,
}

/// What the function reads; nothing where it reads no rows itself.
pub(super) fn of(site: &Site<'_>, text: &str, function: &StmtFunctionDef, stores: &[String]) -> Option<Rows> {
    let mut finder = Finder {
        site,
        text,
        stores,
        table: None,
        places: Vec::new(),
        items: None,
        kept: Vec::new(),
    };
    for stmt in &function.body {
        finder.visit_stmt(stmt);
    }
    if let Some((class, schema)) = finder.table {
        return Some(Rows::Table {
            class,
            is_sqlmodel: schema.kind == SchemaKind::SqlModelTable,
            columns: texts(schema).into_iter().map(|(name, _)| name).collect(),
            places: finder.places,
        });
    }
    Some(Rows::Memory {
        items: finder.items?,
        places: finder.kept,
    })
}

struct Finder<'a> {
    site: &'a Site<'a>,
    text: &'a str,
    /// Names that hold items in memory.
    stores: &'a [String],
    table: Option<(String, &'a Schema)>,
    places: Vec<(usize, &'static str)>,
    items: Option<String>,
    kept: Vec<(TextRange, Place)>,
}

impl<'a> Finder<'a> {
    fn source(&self, expr: &Expr) -> &'a str {
        &self.text[expr.range()]
    }

    /// The table that an expression names.
    fn table_of(&self, expr: &Expr) -> Option<&'a Schema> {
        let name = match expr {
            Expr::Name(name) => name.id.as_str(),
            Expr::Attribute(attribute) => attribute.attr.as_str(),
            _ => return None,
        };
        let model: &'a model::Model = self.site.ctx.model;
        let mut schemas = model.schemas.iter();
        schemas.find(|schema| &*schema.name == name && schema.table.is_some())
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
        let Some(schema) = self.table_of(first) else { return };
        let class = self.source(first).to_owned();
        match &self.table {
            Some((known, _)) if *known != class => {}
            _ => {
                self.table = Some((class, schema));
                self.places.push((call.end().to_usize(), method));
            }
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

impl<'a> SourceOrderVisitor<'a> for Finder<'_> {
    fn visit_expr(&mut self, expr: &'a Expr) {
        if let Expr::Call(call) = expr {
            self.select(call);
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
