//! The operations that make a table and take it away again, as Alembic's own revisions write them.

use super::columns::{Column, Table};

/// What a revision does, and what it needs.
pub(super) struct Operations {
    pub(super) upgrade: Vec<String>,
    pub(super) downgrade: Vec<String>,
    /// `from module import name` of types.
    pub(super) imports: Vec<(String, String)>,
}

/// Those that make a table.
pub(super) fn of(table: &Table) -> Operations {
    let mut parts: Vec<String> = table.columns.iter().map(column).collect();
    parts.extend(table.constraints.iter().cloned());
    let name = &table.name;
    let mut upgrade = vec![format!("op.create_table(\"{name}\", {},)", parts.join(", "))];
    let mut downgrade = Vec::new();
    for index in &table.indexes {
        let columns: Vec<String> = index.columns.iter().map(|column| format!("\"{column}\"")).collect();
        let unique = if index.is_unique { ", unique=True" } else { "" };
        upgrade.push(format!(
            "op.create_index({}, \"{name}\", [{}]{unique})",
            index.name,
            columns.join(", ")
        ));
        downgrade.insert(0, format!("op.drop_index({}, table_name=\"{name}\")", index.name));
    }
    downgrade.push(format!("op.drop_table(\"{name}\")"));
    Operations {
        upgrade,
        downgrade,
        imports: table.imports.iter().cloned().collect(),
    }
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
