//! What the tables have in common: their base class, key and moments.

use super::modules::{Module, Modules, Symbol};
use facts::{Arg, Class, Expr, Stmt, Unit};
use model::{Schema, SchemaKind};
use style::{Evidence, IdType};

/// The base of the tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    /// The declarative base; nothing for SQLModel itself.
    pub class: Option<Symbol>,
    /// The type of the keys: `uuid.UUID`, `int`, …
    pub key_type: String,
    /// Whether the base itself has the key.
    pub has_key: bool,
    /// A class that has the key, which tables inherit from beside the base.
    pub key_mixin: Option<Symbol>,
    /// Whether the base itself says when a row was made.
    pub has_moments: bool,
    /// A class that says when a row was made, which tables inherit from beside the base.
    pub moments_mixin: Option<Symbol>,
    /// A column type of the project's own for moments in UTC.
    pub moment: Option<Symbol>,
}

impl Base {
    /// The same with keys of another type, where the base itself does not have them.
    pub(crate) fn keyed(mut self, id: Option<IdType>) -> Self {
        let wanted = match id {
            Some(IdType::Int) => "int",
            Some(IdType::Uuid) => "uuid.UUID",
            Some(IdType::Str) => "str",
            None if self.key_mixin.is_some() || ["int", "str"].contains(&self.key_type.as_str()) => return self,
            // What else a project's keys may be, nothing says how to make.
            None => "uuid.UUID",
        };
        if !self.has_key && self.key_type != wanted {
            self.key_type = wanted.to_owned();
            self.key_mixin = None;
        }
        self
    }

    /// SQLModel itself.
    pub(crate) fn sqlmodel(key_type: String) -> Self {
        Self {
            class: None,
            key_type,
            has_key: false,
            key_mixin: None,
            has_moments: false,
            moments_mixin: None,
            moment: None,
        }
    }

    /// Whether the tables are SQLModel's.
    #[must_use]
    pub fn is_sqlmodel(&self) -> bool {
        self.class.is_none()
    }
}

/// The field that says when a row was made.
const MADE: &str = "created_at";

pub(super) fn find(modules: &Modules<'_>) -> Option<Base> {
    let declarative = declarative(modules);
    let schemas = modules.site.ctx.model.schemas.iter();
    let tables: Vec<&Schema> = schemas
        .filter(|schema| modules.of(schema.def.file).is_some_and(|module| !module.is_test))
        .collect();
    let of_kind = |kind: SchemaKind| tables.iter().filter(move |schema| schema.kind == kind);
    let set = &modules.site.ctx.preferences;
    let is_named = set.base.as_ref().map(|base| base.is("sqlmodel", "SQLModel"));
    let uses_sqlmodel = of_kind(SchemaKind::SqlModelTable).count() > of_kind(SchemaKind::SqlAlchemy).count()
        || (declarative.is_none() && imports_sqlmodel(modules));
    let uses_sqlmodel = is_named.unwrap_or(match set.is_sqlmodel {
        Some(is_sqlmodel) => is_sqlmodel && imports_sqlmodel(modules),
        None => uses_sqlmodel,
    });
    let usual = usual_key(modules);
    if uses_sqlmodel {
        return Some(Base::sqlmodel(usual.unwrap_or_else(|| "uuid.UUID".to_owned())));
    }
    let (module, name) = declarative?;
    let has = |field: &str| {
        let mut classes = module.classes().into_iter();
        classes
            .any(|(unit, class)| style::last_name(unit, class.name) == name && declares(unit, class, field).is_some())
    };
    let own_key = class_named(module, &name).and_then(|(unit, class)| declares(unit, class, "id"));
    let key_mixin = mixin(modules, "id");
    let moments_mixin = mixin(modules, MADE);
    let key_type = own_key
        .clone()
        .or(usual)
        .or_else(|| key_mixin.as_ref().map(|(_, ty)| ty.clone()))
        .unwrap_or_else(|| "uuid.UUID".to_owned());
    Some(Base {
        class: Some(modules.symbol(module, &name)),
        has_key: own_key.is_some(),
        key_mixin: key_mixin.filter(|(_, ty)| *ty == key_type).map(|(symbol, _)| symbol),
        key_type,
        has_moments: has(MADE),
        moments_mixin: moments_mixin.map(|(symbol, _)| symbol),
        moment: moment(modules),
    })
}

/// The class that inherits from `DeclarativeBase` or is decorated to be such, or what `declarative_base()` makes.
fn declarative<'m>(modules: &'m Modules<'_>) -> Option<(&'m Module, String)> {
    const BASES: [&str; 3] = ["DeclarativeBase", "DeclarativeBaseNoMeta", "declarative_base"];
    modules.own().find_map(|module| {
        let classes = module.classes();
        let mut inheriting = classes.iter().filter(|(unit, class)| {
            let mut bases = class.args.iter().filter_map(positional);
            let mut decorators = class.decorators.iter();
            bases.any(|base| modules.is_of(module, unit, base, "sqlalchemy", &BASES))
                || decorators.any(|&decorator| match &unit[decorator] {
                    Expr::Call { func, .. } => modules.is_of(module, unit, *func, "sqlalchemy", &["as_declarative"]),
                    _ => false,
                })
        });
        let set = modules.site.ctx.preferences.base.as_ref();
        let own = modules.site.ctx.modules.module_name(module.file);
        let is_meant = |name: &str| set.is_none_or(|set| set.is(&own, name));
        let class = inheriting
            .find(|(unit, class)| is_meant(style::last_name(unit, class.name)))
            .map(|(unit, class)| style::last_name(unit, class.name).to_owned());
        let made = || {
            module
                .values()
                .into_iter()
                .find_map(|(unit, name, value)| match &unit[value] {
                    Expr::Call { func, .. }
                        if is_meant(name) && modules.is_of(module, unit, *func, "sqlalchemy", &BASES) =>
                    {
                        Some(name.to_owned())
                    }
                    _ => None,
                })
        };
        Some((module, class.or_else(made)?))
    })
}

fn positional(arg: &Arg) -> Option<facts::ExprId> {
    match arg {
        Arg::Positional(e) => Some(*e),
        _ => None,
    }
}

fn class_named<'m>(module: &'m Module, name: &str) -> Option<(&'m Unit, &'m Class)> {
    let mut classes = module.classes().into_iter();
    classes.find(|(unit, class)| style::last_name(unit, class.name) == name)
}

/// A class that is no table itself and declares a column, and the column's type.
fn mixin(modules: &Modules<'_>, field: &str) -> Option<(Symbol, String)> {
    modules.own().find_map(|module| {
        module.classes().into_iter().find_map(|(unit, class)| {
            let is_plain = class.args.iter().filter_map(positional).next().is_none();
            let ty = declares(unit, class, field)?;
            let is_column = !ty.is_empty() && is_plain && declares(unit, class, "__tablename__").is_none();
            is_column.then(|| (modules.symbol(module, style::last_name(unit, class.name)), ty))
        })
    })
}

/// A type of columns for moments in UTC.
fn moment(modules: &Modules<'_>) -> Option<Symbol> {
    const NAMES: [&str; 3] = [crate::moment::NAME, "UtcDateTime", "TZDateTime"];
    modules.own().find_map(|module| {
        let mut classes = module.classes().into_iter();
        let class = classes.find(|(unit, class)| NAMES.contains(&style::last_name(unit, class.name)))?;
        Some(modules.symbol(module, style::last_name(class.0, class.1.name)))
    })
}

/// The type of a column that the body of a class declares, `Mapped` taken off; empty where it says none.
fn declares(unit: &Unit, class: &Class, field: &str) -> Option<String> {
    class.body.iter().find_map(|&id| match &unit[id] {
        Stmt::AnnAssign {
            target,
            annotation,
            value,
        } if style::last_name(unit, *target) == field => {
            let inner = match &unit[*annotation] {
                Expr::Subscript { value, index } if style::last_name(unit, *value) == "Mapped" => *index,
                // What is only annotated is said to the type checker.
                _ => return value.map(|_| String::new()),
            };
            Some(dotted(unit, inner))
        }
        Stmt::Assign { targets, .. } if targets.iter().any(|&t| style::last_name(unit, t) == field) => {
            Some(String::new())
        }
        _ => None,
    })
}

/// A type's name; `UUID` is `uuid.UUID` however it is imported.
fn dotted(unit: &Unit, expr: facts::ExprId) -> String {
    match style::last_name(unit, expr) {
        "UUID" => "uuid.UUID".to_owned(),
        name => name.to_owned(),
    }
}

/// The type of most tables' keys.
fn usual_key(modules: &Modules<'_>) -> Option<String> {
    let usual = crate::ids::usual(&modules.site.ctx);
    let python = match usual.value {
        IdType::Int => "int",
        IdType::Uuid => "uuid.UUID",
        IdType::Str => "str",
    };
    (usual.evidence != Evidence::Default).then(|| python.to_owned())
}

fn imports_sqlmodel(modules: &Modules<'_>) -> bool {
    modules.own().any(|module| {
        module.unit().is_some_and(|unit| {
            unit.stmts.iter().any(|stmt| match stmt {
                Stmt::ImportFrom { module, .. } => module.split('.').next() == Some("sqlmodel"),
                Stmt::Import(names) => names.iter().any(|name| name.name == "sqlmodel"),
                _ => false,
            })
        })
    })
}
