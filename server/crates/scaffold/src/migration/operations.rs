//! The operations that make tables and columns and take them away again, as Alembic's own revisions write them.

use super::columns::{Column, Table};
use std::collections::BTreeSet;

/// What a revision does, and what it needs.
pub(super) struct Operations {
    pub(super) upgrade: Vec<String>,
    pub(super) downgrade: Vec<String>,
    /// `from module import name` of types.
    pub(super) imports: Vec<(String, String)>,
}

/// What is to be made.
#[derive(Default)]
pub(super) struct Additions {
    pub(super) tables: Vec<Table>,
    /// A table that is there, with its new columns alone.
    pub(super) columns: Option<Table>,
    /// Whether a table is changed by copying it, as SQLite needs it for most changes.
    pub(super) is_batch: bool,
}

impl Additions {
    pub(super) fn are_none(&self) -> bool {
        self.tables.is_empty() && self.columns.is_none()
    }
}

/// The operations that make all of it.
pub(super) fn of(additions: &Additions) -> Operations {
    let mut operations = Operations {
        upgrade: Vec::new(),
        downgrade: Vec::new(),
        imports: Vec::new(),
    };
    for table in &additions.tables {
        let (upgrade, downgrade) = make(table);
        operations.upgrade.extend(upgrade);
        operations.downgrade.splice(0..0, downgrade);
    }
    if let Some(table) = &additions.columns {
        let (upgrade, downgrade) = extend(table, additions.is_batch);
        operations.upgrade.extend(upgrade);
        operations.downgrade.splice(0..0, downgrade);
    }
    let tables = additions.tables.iter().chain(&additions.columns);
    let imports: BTreeSet<_> = tables.flat_map(|table| table.imports.iter().cloned()).collect();
    operations.imports = imports.into_iter().collect();
    operations
}

/// The operations that make a table, and those that take it away.
fn make(table: &Table) -> (Vec<String>, Vec<String>) {
    let mut parts: Vec<String> = table.columns.iter().map(column).collect();
    parts.extend(table.constraints.iter().cloned());
    let name = &table.name;
    let mut upgrade = vec![format!("op.create_table(\"{name}\", {},)", parts.join(", "))];
    for index in &table.indexes {
        let columns: Vec<String> = index.columns.iter().map(|column| format!("\"{column}\"")).collect();
        let unique = if index.is_unique { ", unique=True" } else { "" };
        upgrade.push(format!(
            "op.create_index({}, \"{name}\", [{}]{unique})",
            index.name,
            columns.join(", ")
        ));
    }
    // The indexes go with it; on their own, MySQL lets none go that a foreign key needs.
    (upgrade, vec![format!("op.drop_table(\"{name}\")")])
}

/// The operations that add the columns of a table to it, and those that take them away.
fn extend(table: &Table, is_batch: bool) -> (Vec<String>, Vec<String>) {
    let name = &table.name;
    let (object, target, indent) = match is_batch {
        true => ("batch_op", String::new(), "    "),
        false => ("op", format!("\"{name}\", "), ""),
    };
    let head: Vec<String> = is_batch
        .then(|| format!("with op.batch_alter_table(\"{name}\") as batch_op:"))
        .into_iter()
        .collect();
    let (mut upgrade, mut downgrade) = (head.clone(), head);
    upgrade.extend(
        table
            .columns
            .iter()
            .map(|added| format!("{indent}{object}.add_column({target}{})", column(added))),
    );
    downgrade.extend(
        table
            .columns
            .iter()
            .rev()
            .map(|added| format!("{indent}{object}.drop_column({target}\"{}\")", added.name)),
    );
    (upgrade, downgrade)
}

fn column(column: &Column) -> String {
    let mut parts = vec![format!("\"{}\"", column.name), column.ty.clone()];
    parts.extend(
        column
            .server_default
            .iter()
            .map(|default| format!("server_default={default}")),
    );
    parts.push(format!(
        "nullable={}",
        if column.is_nullable { "True" } else { "False" }
    ));
    parts.extend(column.comment.iter().map(|comment| format!("comment={comment}")));
    format!("sa.Column({})", parts.join(", "))
}
