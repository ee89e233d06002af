//! What a schema's class says beside its fields: computed fields, validators, configuration, type parameters, table.

use super::Linker;
use crate::{
    Field, SchemaKind, Validator,
    eval::value::{Args, ClassId, Value},
    unparse::unparse,
};
use facts::{Arg, Class, Expr, ExprId, Function, Stmt, Unit};
use std::sync::Arc;

/// See the module.
#[derive(Debug, Default)]
pub(super) struct ClassExtras {
    pub(super) computed: Vec<Field>,
    pub(super) validators: Vec<Validator>,
    pub(super) config: Vec<(Arc<str>, Arc<str>)>,
}

impl ClassExtras {
    fn set(&mut self, key: &str, value: String) {
        let key: Arc<str> = key.into();
        self.config.retain(|(known, _)| *known != key);
        self.config.push((key, value.into()));
    }
}

impl Linker<'_> {
    /// Read along the order of resolution, so that what a class says wins over its bases.
    pub(super) fn class_extras(&mut self, class: ClassId, kind: SchemaKind) -> ClassExtras {
        let mut extras = ClassExtras::default();
        if matches!(kind, SchemaKind::Enum | SchemaKind::TypedDict) {
            return extras;
        }
        for base in self.interp.class(class).mro.clone().iter().rev() {
            if let Value::Class(base) = base {
                self.add_extras(*base, &mut extras);
            }
        }
        extras
    }

    fn add_extras(&mut self, class: ClassId, extras: &mut ClassExtras) {
        let object = self.interp.class(class).clone();
        let code = &object.code;
        let Stmt::Class(def) = &code[object.stmt] else { return };
        for arg in &def.args {
            if let Arg::Keyword { name, value, .. } = arg
                && !matches!(name.as_str(), "metaclass" | "table")
            {
                extras.set(name, unparse(code, *value));
            }
        }
        for stmt in &def.body {
            match &code[*stmt] {
                Stmt::Assign { targets, value }
                    if targets.iter().any(|target| is_named(code, *target, "model_config")) =>
                {
                    add_config(code, *value, extras);
                }
                Stmt::AnnAssign {
                    target,
                    value: Some(value),
                    ..
                } if is_named(code, *target, "model_config") => add_config(code, *value, extras),
                Stmt::Class(inner) if is_named(code, inner.name, "Config") => add_inner_config(code, inner, extras),
                Stmt::Function(function) if !function.decorators.is_empty() => {
                    self.add_function(class, code, function, extras);
                }
                _ => {}
            }
        }
    }

    /// A method with a decorator of Pydantic's or SQLAlchemy's.
    fn add_function(&mut self, class: ClassId, code: &Unit, function: &Function, extras: &mut ClassExtras) {
        let Expr::Name(name) = &code[function.name] else { return };
        let cx = self.interp.class_context(class);
        for decorator in &function.decorators {
            let (callee, args) = match &code[*decorator] {
                Expr::Call { func, args } => (*func, args.as_slice()),
                _ => (*decorator, &[][..]),
            };
            let Value::Lib(library) = self.interp.eval_annotation(&cx, callee) else {
                continue;
            };
            match library.rsplit('.').next().unwrap_or_default() {
                "computed_field" | "hybrid_property" => {
                    let ty = function.returns.map(|at| {
                        let value = self.interp.eval_annotation(&cx, at);
                        self.type_use(&value, cx.place(at))
                    });
                    let field = Field {
                        name: name.as_str().into(),
                        alias: keyword_text(code, args, "alias"),
                        at: cx.place(function.name),
                        ty,
                        required: true,
                        discriminator: None,
                        is_relationship: false,
                    };
                    extras.computed.retain(|known| known.name != field.name);
                    extras.computed.push(field);
                }
                kind @ ("field_validator" | "model_validator" | "validator" | "root_validator" | "field_serializer"
                | "model_serializer" | "validates") => {
                    let texts = args.iter().filter_map(|arg| match arg {
                        Arg::Positional(value) => text(code, *value),
                        _ => None,
                    });
                    let validator = Validator {
                        name: name.as_str().into(),
                        decorator: kind.into(),
                        fields: texts.collect(),
                    };
                    extras.validators.retain(|known| known.name != validator.name);
                    extras.validators.push(validator);
                }
                _ => {}
            }
        }
    }

    /// Names in the brackets of the class (PEP 695), or of `Generic[…]`.
    pub(super) fn type_parameters(&mut self, class: ClassId) -> Vec<Arc<str>> {
        let object = self.interp.class(class).clone();
        let code = &object.code;
        let Stmt::Class(def) = &code[object.stmt] else {
            return Vec::new();
        };
        let own = def.type_params.iter().map(|parameter| parameter.name);
        let mut names: Vec<ExprId> = own.collect();
        let cx = self.interp.class_context(class);
        for arg in &def.args {
            if let Arg::Positional(base) = arg
                && let Expr::Subscript { value, index } = &code[*base]
                && let Value::Lib(library) = self.interp.eval_annotation(&cx, *value)
                && matches!(&*library, "typing.Generic" | "typing.Protocol")
            {
                match &code[*index] {
                    Expr::Tuple(items) => names.extend(items),
                    _ => names.push(*index),
                }
            }
        }
        names.iter().map(|name| unparse(code, *name).into()).collect()
    }

    /// Whether `@as_declarative()` makes a class the base of tables (`sqlalchemy/orm/decl_api.py`).
    pub(super) fn is_declarative_base(&self, class: ClassId) -> bool {
        let mut decorators = self.interp.class(class).decorators.iter();
        decorators.any(|decorator| match decorator {
            Value::LibObject(object) => object.callee.ends_with("as_declarative"),
            _ => false,
        })
    }

    /// `__tablename__`, where it is a string or a function of the class says it; a table of SQLModel is called as its class
    /// without it (`sqlmodel/main.py`).
    pub(super) fn table_name(&mut self, class: ClassId, kind: SchemaKind) -> Option<Arc<str>> {
        match self.interp.class_attribute(class, "__tablename__", None) {
            Some((function @ Value::Function(_), _)) => {
                let declared = self.interp.own_attribute(class, "__abstract__");
                let is_base = declared == Some(Value::Bool(true)) || self.is_base_of_tables(class);
                let args = Args::of([Value::Class(class)]);
                let name = (!is_base).then(|| self.interp.call(&function, args, None))?;
                name.ok()?.as_str().map(Arc::from)
            }
            Some((value, _)) => value.as_str().map(Arc::from),
            None if kind == SchemaKind::SqlModelTable => Some(self.interp.class(class).name.to_lowercase().into()),
            None => None,
        }
    }

    /// Whether a class is itself the base that tables inherit from, which is none.
    fn is_base_of_tables(&self, class: ClassId) -> bool {
        let is_library = |base: &Value| match base {
            Value::Lib(name) => name.starts_with("sqlalchemy.orm.DeclarativeBase"),
            _ => false,
        };
        self.is_declarative_base(class) || self.interp.class(class).bases.iter().any(is_library)
    }
}

fn is_named(code: &Unit, expr: ExprId, name: &str) -> bool {
    matches!(&code[expr], Expr::Name(known) if known == name)
}

fn text(code: &Unit, expr: ExprId) -> Option<Arc<str>> {
    match &code[expr] {
        Expr::Str(text) => Some(text.clone()),
        _ => None,
    }
}

fn keyword_text(code: &Unit, args: &[Arg], wanted: &str) -> Option<Arc<str>> {
    args.iter().find_map(|arg| match arg {
        Arg::Keyword { name, value, .. } if name == wanted => text(code, *value),
        _ => None,
    })
}

/// `ConfigDict(key=value)` or `{"key": value}`.
fn add_config(code: &Unit, value: ExprId, extras: &mut ClassExtras) {
    match &code[value] {
        Expr::Call { args, .. } => {
            for arg in args {
                if let Arg::Keyword { name, value, .. } = arg {
                    extras.set(name, unparse(code, *value));
                }
            }
        }
        Expr::Dict(entries) => {
            for (key, value) in entries {
                if let Some(key) = key.and_then(|key| text(code, key)) {
                    extras.set(&key, unparse(code, *value));
                }
            }
        }
        _ => {}
    }
}

/// `class Config:`, as Pydantic 1 has it.
fn add_inner_config(code: &Unit, inner: &Class, extras: &mut ClassExtras) {
    for stmt in &inner.body {
        if let Stmt::Assign { targets, value } = &code[*stmt]
            && let Some(Expr::Name(key)) = targets.first().map(|target| &code[*target])
        {
            extras.set(key, unparse(code, *value));
        }
    }
}
