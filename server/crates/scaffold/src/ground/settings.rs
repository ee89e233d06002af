//! The project's settings, and how they are reached.

use super::modules::{Module, Modules, Origin, Symbol};
use facts::{Expr, ExprId, Stmt, StmtId, Unit};
use model::SchemaKind;
use style::walk;

/// The class of the settings, and how code reads them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The class.
    pub class: Symbol,
    /// What gives the one instance.
    pub access: Access,
    /// The names of its fields.
    pub fields: Vec<String>,
    /// Whether the fields are named in upper case.
    pub is_upper: bool,
    /// What is put before a variable's name in the environment.
    pub env_prefix: String,
}

/// What gives the instance of the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Access {
    /// An object: `settings`.
    Object(Symbol),
    /// A function without parameters: `get_settings`.
    Function(Symbol),
}

impl Access {
    /// What is imported for it.
    #[must_use]
    pub fn symbol(&self) -> &Symbol {
        match self {
            Access::Object(symbol) | Access::Function(symbol) => symbol,
        }
    }

    /// The expression that gives the instance.
    #[must_use]
    pub fn expression(&self) -> String {
        match self {
            Access::Object(symbol) => symbol.name.clone(),
            Access::Function(symbol) => format!("{}()", symbol.name),
        }
    }
}

impl Settings {
    /// A field's name as the class writes its own.
    #[must_use]
    pub fn field(&self, name: &str) -> String {
        let known = self.fields.iter().find(|field| field.eq_ignore_ascii_case(name));
        match known {
            Some(known) => known.clone(),
            None if self.is_upper => name.to_uppercase(),
            None => name.to_owned(),
        }
    }

    /// The variable of the environment that a field is read from.
    #[must_use]
    pub fn variable(&self, name: &str) -> String {
        format!("{}{}", self.env_prefix, name).to_uppercase()
    }
}

/// The settings of the project: of several classes the one whose instance is read from elsewhere.
pub(super) fn find(modules: &Modules<'_>) -> Option<Settings> {
    let mut found: Vec<(usize, Settings)> = Vec::new();
    for schema in modules.site.ctx.model.schemas.iter() {
        if schema.kind != SchemaKind::Settings || !schema.type_parameters.is_empty() {
            continue;
        }
        let Some(module) = modules.of(schema.def.file).filter(|module| !module.is_test) else {
            continue;
        };
        let class = modules.symbol(module, &schema.name);
        let set = modules.site.ctx.preferences.settings.as_ref();
        if set.is_some_and(|set| !set.is(&class.module, &class.name)) {
            continue;
        }
        let Some(access) = access(modules, module, &schema.name) else {
            continue;
        };
        let fields: Vec<String> = schema.fields.iter().map(|field| field.name.to_string()).collect();
        let env_prefix = schema.config.iter().find(|(key, _)| &**key == "env_prefix");
        let settings = Settings {
            is_upper: !fields.is_empty() && fields.iter().all(|name| *name == name.to_uppercase()),
            fields,
            class,
            env_prefix: env_prefix
                .map(|(_, value)| value.trim_matches(['"', '\'']).to_owned())
                .unwrap_or_default(),
            access,
        };
        found.push((readers(modules, &settings), settings));
    }
    found.sort_by_key(|(readers, settings)| (std::cmp::Reverse(*readers), settings.class.path.clone()));
    found.into_iter().next().map(|(_, settings)| settings)
}

/// An object or function that gives the one instance of a class.
fn access(modules: &Modules<'_>, of: &Module, class: &str) -> Option<Access> {
    let wanted = Origin::Own(of.file, class.to_owned());
    let makes = |module: &Module, unit: &Unit, expr: ExprId| match &unit[expr] {
        Expr::Call { func, .. } => modules.origin(module, unit, *func).as_ref() == Some(&wanted),
        _ => false,
    };
    let function = |module: &Module| {
        module.functions().into_iter().find_map(|(_, unit, function)| {
            if !function.params.list.is_empty() || function.is_async || function.is_generator {
                return None;
            }
            let returns = function
                .returns
                .and_then(|returns| modules.origin(module, unit, returns));
            let makes_it = || {
                let body = module.body(unit, function);
                body.is_some_and(|(unit, body)| returns_made(unit, body, &|e| makes(module, unit, e)))
            };
            let is_it = returns.as_ref() == Some(&wanted) || makes_it();
            is_it.then(|| Access::Function(modules.symbol(module, style::last_name(unit, function.name))))
        })
    };
    let object = |module: &Module| {
        module.values().into_iter().find_map(|(unit, name, value)| {
            makes(module, unit, value).then(|| Access::Object(modules.symbol(module, name)))
        })
    };
    let here = || function(of).or_else(|| object(of));
    here().or_else(|| {
        let mut others = modules.own().filter(|module| module.file != of.file);
        others.find_map(|module| function(module).or_else(|| object(module)))
    })
}

fn returns_made(unit: &Unit, body: &[StmtId], makes: &dyn Fn(ExprId) -> bool) -> bool {
    let mut found = false;
    walk::stmts(unit, body, &mut |id| {
        if let Stmt::Return(Some(value)) = &unit[id] {
            found |= makes(*value);
        }
    });
    found
}

/// How many modules import what gives the instance.
fn readers(modules: &Modules<'_>, settings: &Settings) -> usize {
    let symbol = settings.access.symbol();
    let imports = |module: &&Module| {
        module.unit().is_some_and(|unit| {
            unit.stmts.iter().any(|stmt| match stmt {
                Stmt::ImportFrom { names, .. } => names.iter().any(|name| name.name == symbol.name),
                _ => false,
            })
        })
    };
    modules.own().filter(imports).count()
}
