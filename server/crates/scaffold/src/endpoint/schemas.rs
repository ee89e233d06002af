//! Which of the project's schemas belong to a resource, and how a module refers to them.

use super::siblings::{Code, name_of};
use crate::imports::Need;
use crate::{
    Context, resolve,
    schema_names::{self, SchemaUse, is_data},
};
use base::FileId;
use facts::{Expr, Stmt, StmtId};
use model::{Schema, SchemaKind};
use style::{Action, Source};

/// What stands before or behind the resource's name in the names of its schemas.
const PREFIXES: &[&str] = &[
    "Create", "Update", "Replace", "Patch", "New", "Add", "Edit", "Read", "Public", "Partial", "DB",
];
const SUFFIXES: &[&str] = &[
    "Create", "Update", "Replace", "Patch", "Put", "Public", "Read", "Out", "Output", "Response", "In", "Input",
    "Base", "Schema", "Model", "DTO", "Dto", "Request", "Detail", "Details", "Partial", "InDB", "Db", "DB", "ORM",
    "Orm", "Entity", "Table", "Row", "Record", "Edit", "Add", "List", "Full",
];

/// The resource's name in a schema's name: `Author` of `AuthorUpdate`.
pub(crate) fn stem(name: &str) -> &str {
    let mut stem = name;
    loop {
        let shorter = SUFFIXES
            .iter()
            .find_map(|suffix| stem.strip_suffix(suffix))
            .or_else(|| PREFIXES.iter().find_map(|prefix| stem.strip_prefix(prefix)))
            .filter(|rest| rest.chars().next().is_some_and(char::is_uppercase));
        match shorter {
            Some(rest) => stem = rest,
            None => return stem,
        }
    }
}

fn is_orm(kind: SchemaKind) -> bool {
    matches!(kind, SchemaKind::SqlAlchemy | SchemaKind::SqlModelTable)
}

/// The schemas of a resource that a module can be meant to use.
pub(super) struct Family<'a> {
    ctx: &'a Context<'a>,
    file: FileId,
    /// The resource's name as a class, `Author`.
    pub(super) stem: String,
}

impl<'a> Family<'a> {
    pub(super) fn new(ctx: &'a Context<'a>, file: FileId, stem: String) -> Self {
        Self { ctx, file, stem }
    }

    /// What the operation may take as its body, what is likeliest first.
    pub(super) fn inputs(&self, action: Action) -> Vec<&'a Schema> {
        let named = |purpose| schema_names::candidates(self.ctx, purpose, &self.stem);
        let [create, update, replace] = [SchemaUse::Create, SchemaUse::Update, SchemaUse::Replace].map(named);
        let [create, update, replace] = [&create, &update, &replace].map(|names| self.first(names));
        let found = match action {
            Action::Create => vec![create],
            Action::Update => vec![update, create],
            Action::Replace => {
                let whole = update.filter(|schema| schema.fields.iter().any(|field| field.required));
                vec![replace, whole, create, update]
            }
            _ => Vec::new(),
        };
        found.into_iter().flatten().collect()
    }

    /// What the operation takes as its body.
    pub(super) fn input(&self, action: Action) -> Option<&'a Schema> {
        self.inputs(action).into_iter().next()
    }

    /// What operations answer with.
    pub(super) fn output(&self) -> Option<&'a Schema> {
        self.first(&schema_names::candidates(self.ctx, SchemaUse::Read, &self.stem))
    }

    /// The table.
    pub(super) fn table(&self) -> Option<&'a Schema> {
        let s = &self.stem;
        [
            s.clone(),
            format!("{s}Model"),
            format!("{s}DB"),
            format!("DB{s}"),
            format!("{s}ORM"),
            format!("{s}Orm"),
            format!("{s}Table"),
            format!("{s}Entity"),
        ]
        .iter()
        .find_map(|name| self.nearest(name, is_orm))
    }

    /// What clients send or get under a name.
    pub(super) fn named(&self, name: &str) -> Option<&'a Schema> {
        self.nearest(name, |kind| is_data(kind) || kind == SchemaKind::Enum)
    }

    fn first(&self, names: &[String]) -> Option<&'a Schema> {
        names.iter().find_map(|name| self.nearest(name, is_data))
    }

    /// The schema of that name whose module is nearest to the file.
    fn nearest(&self, name: &str, fits: fn(SchemaKind) -> bool) -> Option<&'a Schema> {
        let own = self.ctx.modules.module_name(self.file);
        let shared = |module: &str| {
            own.split('.')
                .zip(module.split('.'))
                .take_while(|(a, b)| a == b)
                .count()
        };
        self.ctx
            .model
            .schemas
            .iter()
            .filter(|schema| *schema.name == *name && fits(schema.kind))
            .filter(|schema| is_module_level(self.ctx, schema))
            .max_by_key(|schema| (schema.def.file == self.file, shared(&schema.module)))
    }
}

fn is_module_level(ctx: &Context<'_>, schema: &Schema) -> bool {
    resolve::binds(ctx, schema.def.file, &schema.name)
}

/// How a module writes the name of a schema, and what it must import for that.
pub(super) fn reference(ctx: &Context<'_>, source: &Source, schema: &Schema) -> (String, Vec<Need>) {
    let name = schema.name.to_string();
    if let Some(resolve::Resolved::Item(file, _)) = resolve::resolve(ctx, source.file, &name)
        && file == schema.def.file
    {
        return (name, Vec::new());
    }
    if let Some(alias) = module_alias(ctx, source, schema) {
        return (format!("{alias}.{name}"), Vec::new());
    }
    let module = importing_module(ctx, source, schema).unwrap_or_else(|| schema.module.to_string());
    let need = Need::Member(module, name.clone());
    (name, vec![need])
}

/// The name of an imported module through which its neighbours are written: `schemas` of `schemas.AuthorCreate`.
fn module_alias(ctx: &Context<'_>, source: &Source, schema: &Schema) -> Option<String> {
    let unit = source.module()?;
    let names = unit.body.iter().flat_map(|&id| match &unit[id] {
        Stmt::ImportFrom { names, .. } | Stmt::Import(names) => names.as_slice(),
        _ => &[],
    });
    for import in names {
        let alias = match import.alias {
            Some(alias) => name_of(unit, alias),
            None => import.name.as_str(),
        };
        if alias.contains('.') {
            continue;
        }
        if let Some(resolve::Resolved::Module(module)) = resolve::resolve(ctx, source.file, alias)
            && let Some(resolve::Resolved::Item(file, _)) = resolve::resolve(ctx, module, &schema.name)
            && file == schema.def.file
        {
            return Some(alias.to_owned());
        }
    }
    None
}

/// The module from which the file imports already and that offers the schema too, such as a package that re-exports it. What
/// a module imports for itself it does not offer.
fn importing_module(ctx: &Context<'_>, source: &Source, schema: &Schema) -> Option<String> {
    let unit = source.module()?;
    unit.body.iter().find_map(|&id| {
        let Stmt::ImportFrom { level, module, .. } = &unit[id] else {
            return None;
        };
        let absolute = resolve::absolute(ctx, source.file, *level, module);
        let file = resolve::module_file(ctx, source.file, &absolute)?;
        let offers = file == schema.def.file || ctx.modules.is_package(file) || only_imports(ctx, file);
        match resolve::resolve(ctx, file, &schema.name)? {
            resolve::Resolved::Item(found, _) if found == schema.def.file && offers => Some(absolute),
            _ => None,
        }
    })
}

/// Whether a module does no more than to gather what others define.
fn only_imports(ctx: &Context<'_>, file: FileId) -> bool {
    let facts = ctx.facts(file);
    let unit = facts.as_ref().and_then(|facts| facts.units.first());
    unit.is_some_and(|unit| {
        let is_import = |&id: &StmtId| matches!(unit[id], Stmt::Import(_) | Stmt::ImportFrom { .. } | Stmt::Expr(_));
        let names_all = |&id: &StmtId| match &unit[id] {
            Stmt::Assign { targets, .. } => targets.iter().all(|&target| name_of(unit, target) == "__all__"),
            _ => false,
        };
        unit.body.iter().all(|id| is_import(id) || names_all(id))
    })
}

/// The imports that text copied from another file needs: those of the names in it that are bound at that file's top.
pub(super) fn needs_of(ctx: &Context<'_>, from: FileId, to: &Source, names: &[String]) -> Vec<Need> {
    let Some(facts) = ctx.facts(from) else {
        return Vec::new();
    };
    names
        .iter()
        .filter(|_| from != to.file)
        .filter_map(|name| match resolve::binding(ctx, from, &facts, name)? {
            resolve::Binding::Member(module, member) => Some(Need::Member(module, member)),
            resolve::Binding::Module(module) => Some(Need::Module(module)),
            _ => Some(Need::Member(ctx.modules.module_name(from).to_string(), name.clone())),
        })
        .collect()
}

/// The class names that a body makes instances of or asks a session for.
pub(super) fn classes_in(code: &Code<'_>) -> Vec<String> {
    let mut names = Vec::new();
    code.each_expr(&mut |e| {
        let Expr::Call { func, args } = &code.body_unit[e] else {
            return;
        };
        let is_class = |name: &str| name.chars().next().is_some_and(char::is_uppercase);
        match &code.body_unit[*func] {
            Expr::Name(name) if is_class(name) => names.push(name.to_string()),
            Expr::Attr { value, name, .. } if is_class(name) || is_class(style::last_name(code.body_unit, *value)) => {
                let class = if is_class(name) { *func } else { *value };
                names.push(code.expr(class).to_owned());
            }
            _ => {}
        }
        let reads = matches!(
            style::last_name(code.body_unit, *func),
            "select" | "query" | "get" | "get_one" | "delete" | "update"
        );
        if reads
            && let Some(facts::Arg::Positional(first)) = args.first()
            && is_class(style::last_name(code.body_unit, *first))
        {
            names.push(code.expr(*first).to_owned());
        }
    });
    names
}
