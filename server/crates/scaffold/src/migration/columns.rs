//! The columns, constraints and indexes of a model's table, read from its class and those that it inherits from.

mod naming;
mod referred;
mod types;

use super::{
    TableModel, Unclear,
    place::{Meaning, Place},
    unclear,
};
use crate::draft::Draft;
use naming::Conventions;
use ruff_python_ast::{self as ast, Expr, Stmt};
use ruff_text_size::Ranged;
use std::collections::{BTreeMap, BTreeSet};
use types::Types;

/// How many classes one may inherit from, over all.
const MAX_CLASSES: usize = 32;

/// How many foreign keys are followed for the type of a column: one may refer to another one.
const MAX_HOPS: usize = 4;

/// What Python alone is told of a column, and the database is not.
const SILENT: [&str; 15] = [
    "default",
    "default_factory",
    "insert_default",
    "onupdate",
    "init",
    "repr",
    "compare",
    "kw_only",
    "hash",
    "sort_order",
    "deferred",
    "doc",
    "info",
    "autoincrement",
    "active_history",
];

/// What `Field` of SQLModel tells Pydantic.
const VALIDATION: [&str; 14] = [
    "title",
    "description",
    "alias",
    "examples",
    "gt",
    "ge",
    "lt",
    "le",
    "min_length",
    "pattern",
    "regex",
    "schema_extra",
    "allow_inf_nan",
    "exclude",
];

/// A table that is to be made.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
    /// `sa.PrimaryKeyConstraint("id")` and its like.
    pub(super) constraints: Vec<String>,
    pub(super) indexes: Vec<Index>,
    /// Types that have to be imported: module and name.
    pub(super) imports: BTreeSet<(String, String)>,
}

/// A column as `sa.Column` is told.
#[derive(Clone, Debug)]
pub(super) struct Column {
    /// The attribute of the model.
    attribute: String,
    pub(super) name: String,
    pub(super) ty: String,
    pub(super) server_default: Option<String>,
    pub(super) is_nullable: bool,
    pub(super) comment: Option<String>,
    is_primary: bool,
    is_unique: bool,
    has_index: bool,
    /// What `ForeignKey` is told: the other column, and the rest as it is written.
    foreign: Option<(String, Vec<String>)>,
}

/// An index; its name as an expression.
#[derive(Debug)]
pub(super) struct Index {
    pub(super) name: String,
    pub(super) columns: Vec<String>,
    pub(super) is_unique: bool,
}

/// A class and where it stands.
struct Class {
    place: Place,
    text: String,
}

impl Table {
    pub(super) fn of(draft: &Draft<'_>, place: &Place, model: &TableModel<'_>) -> Result<Self, Unclear> {
        let Some(Meaning::Statement(place, text)) = place.meaning(draft, model.class) else {
            return unclear(format!("`{}` is not found", model.class));
        };
        let mut classes = Vec::new();
        line_up(draft, Class { place, text }, &mut classes)?;
        let mut reader = Reader {
            conventions: Conventions::of(draft, &classes)?,
            ..Reader::of(draft, &classes, model.table)?
        };
        reader.read(&classes)?;
        reader.table()
    }
}

impl Table {
    /// The table with the columns of these attributes alone.
    pub(super) fn only(mut self, attributes: &[&str]) -> Result<Self, Unclear> {
        self.columns
            .retain(|column| attributes.contains(&column.attribute.as_str()));
        self.constraints.clear();
        self.indexes.clear();
        let is_bound = |column: &&Column| column.is_unique || column.has_index || column.foreign.is_some();
        match self.columns.iter().find(is_bound) {
            Some(column) => unclear(format!("`{}` has a constraint or an index", column.name)),
            None if self.columns.len() < attributes.len() => unclear("not all new columns are found"),
            None => Ok(self),
        }
    }
}

/// The class and all that it inherits from within the project, the nearest first.
fn line_up(draft: &Draft<'_>, class: Class, classes: &mut Vec<Class>) -> Result<(), Unclear> {
    if classes.len() == MAX_CLASSES {
        return unclear("a class inherits from too many others");
    }
    let bases = bases_of(&class.text)?;
    let place = class.place.clone();
    classes.push(class);
    for base in bases {
        match place.meaning(draft, &base) {
            Some(Meaning::Statement(place, text)) if text_is_class(&text) => {
                line_up(draft, Class { place, text }, classes)?;
            }
            // `Base = declarative_base()`.
            Some(Meaning::Statement(..) | Meaning::Library(_)) => {}
            None => return unclear(format!("it can't be told what `{base}` is")),
        }
    }
    Ok(())
}

fn text_is_class(text: &str) -> bool {
    parsed(text).is_some_and(|stmt| stmt.is_class_def_stmt())
}

pub(super) fn parsed(text: &str) -> Option<Stmt> {
    let module = ruff_python_parser::parse_module(text).ok()?;
    module.into_suite().into_iter().next()
}

fn bases_of(text: &str) -> Result<Vec<String>, Unclear> {
    let Some(Stmt::ClassDef(class)) = parsed(text) else {
        return unclear("a model is not written as a class");
    };
    let bases = class.arguments.iter().flat_map(|arguments| &arguments.args);
    bases
        .map(|base| {
            let base = match base {
                // `Repository[User]`
                Expr::Subscript(subscript) => &subscript.value,
                base => base,
            };
            dotted(base).ok_or_else(|| Unclear("a model inherits from an expression".to_owned()))
        })
        .collect()
}

/// `a.b.c` as it is written.
pub(super) fn dotted(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Name(name) => Some(name.id.to_string()),
        Expr::Attribute(attribute) => Some(format!("{}.{}", dotted(&attribute.value)?, attribute.attr)),
        _ => None,
    }
}

struct Reader<'d, 'a> {
    draft: &'d Draft<'a>,
    types: Types,
    conventions: Conventions,
    name: String,
    columns: BTreeMap<String, Column>,
    order: Vec<String>,
    /// `__table_args__`, as it is written, and where.
    arguments: Option<(Place, String)>,
    /// The one attribute that is asked for, if not all are.
    only: Option<String>,
    /// How many more foreign keys are followed for the type of a column.
    hops: usize,
}

impl<'d, 'a> Reader<'d, 'a> {
    /// One that has read nothing yet, and names constraints as SQLAlchemy does.
    fn of(draft: &'d Draft<'a>, classes: &[Class], table: &str) -> Result<Self, Unclear> {
        Ok(Self {
            draft,
            types: Types::of(draft, classes)?,
            conventions: Conventions::default(),
            name: table.to_owned(),
            columns: BTreeMap::new(),
            order: Vec::new(),
            arguments: None,
            only: None,
            hops: MAX_HOPS,
        })
    }

    /// What a class says itself counts more than what it inherits.
    fn read(&mut self, classes: &[Class]) -> Result<(), Unclear> {
        classes.iter().try_for_each(|class| self.class(class))
    }
    fn class(&mut self, class: &Class) -> Result<(), Unclear> {
        let Some(Stmt::ClassDef(def)) = parsed(&class.text) else {
            return Ok(());
        };
        for stmt in &def.body {
            match stmt {
                Stmt::AnnAssign(assign) => {
                    if let Expr::Name(name) = &*assign.target {
                        let text = &class.text;
                        self.declared(class, &name.id, Some(&assign.annotation), assign.value.as_deref(), text)?;
                    }
                }
                Stmt::Assign(assign) => {
                    if let [Expr::Name(name)] = assign.targets.as_slice() {
                        self.declared(class, &name.id, None, Some(&assign.value), &class.text)?;
                    }
                }
                Stmt::FunctionDef(function) if is_declared(function) => {
                    let name = function.name.as_str();
                    if !name.starts_with("__") {
                        return unclear(format!("`{name}` of `{}` is made by a function", def.name));
                    }
                    if name == "__table_args__" {
                        return unclear(format!("`__table_args__` of `{}` is made by a function", def.name));
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn declared(
        &mut self,
        class: &Class,
        name: &str,
        annotation: Option<&Expr>,
        value: Option<&Expr>,
        text: &str,
    ) -> Result<(), Unclear> {
        match (name, value) {
            ("__tablename__", Some(Expr::StringLiteral(table))) => {
                self.name = table.value.to_str().to_owned();
                return Ok(());
            }
            ("__table_args__", Some(value)) => {
                if self.arguments.is_none() {
                    self.arguments = Some((class.place.clone(), text[value.range()].to_owned()));
                }
                return Ok(());
            }
            _ if name.starts_with('_') || self.columns.contains_key(name) => return Ok(()),
            _ if self.only.as_ref().is_some_and(|only| only != name) => return Ok(()),
            _ => {}
        }
        let Some(column) = self.column(class, name, annotation, value)? else {
            return Ok(());
        };
        self.order.push(name.to_owned());
        self.columns.insert(name.to_owned(), column);
        Ok(())
    }

    /// The column that a declaration makes; nothing where it is a relationship or something else.
    fn column(
        &mut self,
        class: &Class,
        name: &str,
        annotation: Option<&Expr>,
        value: Option<&Expr>,
    ) -> Result<Option<Column>, Unclear> {
        let text = &class.text;
        let call = match value {
            Some(Expr::Call(call)) => Some(call),
            _ => None,
        };
        let maker = call.and_then(|call| dotted(&call.func)).unwrap_or_default();
        let maker = maker.rsplit('.').next().unwrap_or_default();
        let is_field = maker == "Field";
        let mapped = annotation.and_then(|annotation| inner_of(annotation, "Mapped"));
        let declared = match (mapped, annotation, maker) {
            (_, _, "relationship" | "Relationship" | "column_property" | "synonym" | "association_proxy") => {
                return Ok(None);
            }
            (Some(inner), _, _) => Some(inner),
            (None, Some(annotation), _) if self.types.is_sqlmodel && inner_of(annotation, "ClassVar").is_none() => {
                Some(annotation)
            }
            (None, _, "Column" | "mapped_column") => None,
            _ => return Ok(None),
        };
        let (python, is_optional) = declared.map_or((None, false), types::without_none);
        let mut column = Column {
            attribute: name.to_owned(),
            name: name.to_owned(),
            ty: String::new(),
            server_default: None,
            is_nullable: declared.is_none() || is_optional,
            comment: None,
            is_primary: false,
            is_unique: false,
            has_index: false,
            foreign: None,
        };
        let mut explicit = None;
        if let Some(call) = call {
            for argument in &call.arguments.args {
                match argument {
                    Expr::StringLiteral(own) if !is_field => column.name = own.value.to_str().to_owned(),
                    _ if is_field => {}
                    Expr::Call(inner) if callee(inner) == "ForeignKey" => {
                        column.foreign = Some(self.foreign(text, inner)?)
                    }
                    Expr::Call(inner)
                        if ["Identity", "Computed", "Sequence", "CheckConstraint"]
                            .contains(&callee(inner).as_str()) =>
                    {
                        return unclear(format!("`{name}` has `{}`", callee(inner)));
                    }
                    Expr::EllipsisLiteral(_) => {}
                    other => explicit = Some(other),
                }
            }
            for keyword in &call.arguments.keywords {
                let Some(key) = &keyword.arg else {
                    return unclear(format!("`{name}` is told by `**`"));
                };
                match key.as_str() {
                    "primary_key" => column.is_primary = is_true(&keyword.value),
                    "nullable" => column.is_nullable = is_true(&keyword.value),
                    "unique" => column.is_unique = is_true(&keyword.value),
                    "index" => column.has_index = is_true(&keyword.value),
                    "foreign_key" => column.foreign = Some((literal(&keyword.value)?, Vec::new())),
                    "ondelete" => {
                        let said = format!("ondelete={}", &text[keyword.value.range()]);
                        if let Some((_, rest)) = &mut column.foreign {
                            rest.push(said);
                        }
                    }
                    "server_default" => {
                        column.server_default =
                            Some(self.types.expression(self.draft, &class.place, text, &keyword.value)?)
                    }
                    "sa_column_kwargs" => self.column_keywords(class, &keyword.value, &mut column)?,
                    "comment" => column.comment = Some(text[keyword.value.range()].to_owned()),
                    "name" => column.name = literal(&keyword.value)?,
                    "type_" | "sa_type" => explicit = Some(&keyword.value),
                    "max_length" if is_field => {}
                    key if SILENT.contains(&key) => {}
                    key if is_field
                        && (VALIDATION.contains(&key) || key == "max_digits" || key == "decimal_places") => {}
                    key => return unclear(format!("`{name}` is told `{key}`")),
                }
            }
        }
        if column.is_primary {
            column.is_nullable = false;
        }
        // SQLAlchemy gives a foreign key without a type that of the column which it refers to; SQLModel goes by the annotation.
        let referred = column.foreign.as_ref().filter(|_| explicit.is_none() && !is_field);
        let referred = referred.and_then(|(target, _)| referred::column(self.draft, target, self.hops));
        column.ty = match (explicit, python) {
            (Some(explicit), _) => self.types.explicit(self.draft, &class.place, text, explicit)?,
            _ if referred.is_some() => {
                let (ty, imports) = referred.unwrap_or_default();
                self.types.imports.extend(imports);
                ty
            }
            (None, Some(python)) => {
                self.types
                    .of_python(self.draft, &class.place, text, python, call.filter(|_| is_field))?
            }
            (None, None) => return unclear(format!("`{name}` has no type")),
        };
        Ok(Some(column))
    }

    /// What `Field` of SQLModel hands on to the column.
    fn column_keywords(&self, class: &Class, told: &Expr, column: &mut Column) -> Result<(), Unclear> {
        let Expr::Dict(dict) = told else {
            return unclear(format!("`sa_column_kwargs` of `{}` is not written out", column.name));
        };
        for item in &dict.items {
            match item.key.as_ref().map(literal).transpose()?.as_deref() {
                Some("server_default") => {
                    let default = self
                        .types
                        .expression(self.draft, &class.place, &class.text, &item.value)?;
                    column.server_default = Some(default);
                }
                Some(key) if SILENT.contains(&key) => {}
                _ => return unclear(format!("`{}` is told more by `sa_column_kwargs`", column.name)),
            }
        }
        Ok(())
    }

    fn foreign(&self, text: &str, call: &ast::ExprCall) -> Result<(String, Vec<String>), Unclear> {
        let Some(target) = call.arguments.args.first() else {
            return unclear("a foreign key leads nowhere");
        };
        let rest = call
            .arguments
            .keywords
            .iter()
            .map(|keyword| text[keyword.range()].to_owned());
        Ok((literal(target)?, rest.collect()))
    }

    fn table(mut self) -> Result<Table, Unclear> {
        // As Alembic's users have it: the key, what the model is about, and what all tables have.
        self.order.sort_by_key(|name| !self.columns[name].is_primary);
        let columns: Vec<Column> = self.order.iter().map(|name| self.columns[name].clone()).collect();
        let mut table = Table {
            name: self.name.clone(),
            ..Table::default()
        };
        let primary: Vec<&str> = columns
            .iter()
            .filter(|column| column.is_primary)
            .map(|column| &*column.name)
            .collect();
        if primary.is_empty() {
            return unclear(format!("`{}` has no primary key", self.name));
        }
        for column in &columns {
            if let Some((target, rest)) = &column.foreign {
                let (other, _) = target.rsplit_once('.').unwrap_or((target, ""));
                let name = self.conventions.name("fk", &self.name, &column.name, Some(target))?;
                let mut parts = vec![format!("[\"{}\"]", column.name), format!("[\"{target}\"]")];
                parts.extend(name.map(|name| format!("name={name}")));
                parts.extend(rest.iter().cloned());
                if other.is_empty() {
                    return unclear("a foreign key leads to no column");
                }
                table
                    .constraints
                    .push(format!("sa.ForeignKeyConstraint({})", parts.join(", ")));
            }
        }
        let name = self.conventions.name("pk", &self.name, primary[0], None)?;
        let mut parts: Vec<String> = primary.iter().map(|column| format!("\"{column}\"")).collect();
        parts.extend(name.map(|name| format!("name={name}")));
        table
            .constraints
            .push(format!("sa.PrimaryKeyConstraint({})", parts.join(", ")));
        for column in columns.iter().filter(|column| column.is_unique && !column.has_index) {
            let name = self.conventions.name("uq", &self.name, &column.name, None)?;
            let mut parts = vec![format!("\"{}\"", column.name)];
            parts.extend(name.map(|name| format!("name={name}")));
            table
                .constraints
                .push(format!("sa.UniqueConstraint({})", parts.join(", ")));
        }
        for column in columns.iter().filter(|column| column.has_index) {
            table.indexes.push(Index {
                name: self.conventions.index(&self.name, &column.name)?,
                columns: vec![column.name.clone()],
                is_unique: column.is_unique,
            });
        }
        table.columns = columns;
        if let Some((_, arguments)) = self.arguments.take() {
            self.table_arguments(&arguments, &mut table)?;
        }
        table.imports = self.types.imports;
        Ok(table)
    }

    /// What `__table_args__` says besides options of the table.
    fn table_arguments(&self, written: &str, table: &mut Table) -> Result<(), Unclear> {
        let Ok(parsed) = ruff_python_parser::parse_expression(written) else {
            return unclear("`__table_args__` does not parse");
        };
        let Expr::Tuple(tuple) = parsed.expr() else {
            return unclear("`__table_args__` is no tuple");
        };
        for element in &tuple.elts {
            let Expr::Call(call) = element else {
                return unclear("`__table_args__` has more than constraints");
            };
            let columns: Result<Vec<String>, Unclear> = call.arguments.args.iter().map(literal).collect();
            let columns = columns?;
            let has_name = call
                .arguments
                .keywords
                .iter()
                .any(|k| k.arg.as_ref().is_some_and(|n| n.as_str() == "name"));
            match callee(call).as_str() {
                "UniqueConstraint" if has_name && call.arguments.keywords.len() == 1 => {
                    let quoted: Vec<String> = columns.iter().map(|column| format!("\"{column}\"")).collect();
                    let name = &written[call.arguments.keywords[0].range()];
                    table
                        .constraints
                        .push(format!("sa.UniqueConstraint({}, {name})", quoted.join(", ")));
                }
                "Index" if call.arguments.keywords.is_empty() && columns.len() > 1 => table.indexes.push(Index {
                    name: format!("\"{}\"", columns[0]),
                    columns: columns[1..].to_vec(),
                    is_unique: false,
                }),
                other => return unclear(format!("`__table_args__` has `{other}`")),
            }
        }
        Ok(())
    }
}

fn is_declared(function: &ast::StmtFunctionDef) -> bool {
    function.decorator_list.iter().any(|decorator| {
        let name = dotted(&decorator.expression).unwrap_or_default();
        name.contains("declared_attr")
    })
}

pub(super) fn callee(call: &ast::ExprCall) -> String {
    let name = dotted(&call.func).unwrap_or_default();
    name.rsplit('.').next().unwrap_or_default().to_owned()
}

fn is_true(expr: &Expr) -> bool {
    matches!(expr, Expr::BooleanLiteral(literal) if literal.value)
}

fn literal(expr: &Expr) -> Result<String, Unclear> {
    match expr {
        Expr::StringLiteral(text) => Ok(text.value.to_str().to_owned()),
        _ => unclear("a name is no text"),
    }
}

/// `X` of `Mapped[X]`.
pub(super) fn inner_of<'e>(annotation: &'e Expr, wrapper: &str) -> Option<&'e Expr> {
    let Expr::Subscript(subscript) = annotation else {
        return None;
    };
    let name = dotted(&subscript.value)?;
    (name.rsplit('.').next() == Some(wrapper)).then_some(&*subscript.slice)
}
