//! `Depends`, `Query` and their like, `Field`, settings, and type annotations.

use super::{
    Context, DependsRecord, Interp,
    expr::generic_args,
    value::{Args, ClassId, Marker, Value},
};
use crate::{Depends, DependsId, DependsTarget, Fact, Place};
use facts::{Expr, ExprId, Stmt};
use smol_str::SmolStr;
use std::sync::Arc;

/// What `super().__init__` is in a class that inherits `fastapi.params.Depends`.
pub(super) const DEPENDS_INIT: &str = "fastapi.params.Depends.__init__";

impl Interp<'_> {
    /// Calls of FastAPI's and Pydantic's markers.
    pub(crate) fn call_marker(&mut self, name: &str, args: &Args, at: Option<Place>) -> Option<Value> {
        Some(match name {
            "fastapi.Depends" | "fastapi.Security" => self.make_depends(name == "fastapi.Security", args, at?),
            "fastapi.Path" | "fastapi.Query" | "fastapi.Header" | "fastapi.Cookie" | "fastapi.Body"
            | "fastapi.Form" | "fastapi.File" => {
                let kind = SmolStr::new(name.trim_start_matches("fastapi."));
                Value::Marker(Arc::new(Marker {
                    kind,
                    args: args.clone(),
                }))
            }
            "pydantic.Field" | "sqlmodel.Field" => Value::Marker(Arc::new(Marker {
                kind: SmolStr::new_static("Field"),
                args: args.clone(),
            })),
            _ => return None,
        })
    }

    /// Whether a class of the workspace inherits `fastapi.params.Depends`: its instances are what `Depends(…)` gives.
    pub(super) fn is_depends_class(&self, class: ClassId) -> bool {
        self.inherits(class, "fastapi.Depends") || self.inherits(class, "fastapi.Security")
    }

    /// `fastapi.params.Depends.__init__`, called for the instance that comes first.
    pub(super) fn init_depends(&mut self, mut args: Args, at: Option<Place>) -> Value {
        let object = (!args.positional.is_empty()).then(|| args.positional.remove(0));
        if let (Some((Value::Object(object), _)), Some(at)) = (object, at) {
            let class = self.instance(object).and_then(super::compare::class_of);
            let is_security = class.is_some_and(|class| self.inherits(class, "fastapi.Security"));
            let depends = self.make_depends(is_security, &args, at);
            if let Some(instance) = self.instance_mut(object) {
                instance.attrs.insert(SmolStr::new_static(DEPENDS_INIT), depends);
            }
        }
        Value::None
    }

    /// What `fastapi.params.Depends.__init__` noted of an instance.
    pub(super) fn depends_of(&self, object: super::value::ObjId) -> Option<Value> {
        self.instance(object)?.attrs.get(DEPENDS_INIT).cloned()
    }

    /// An attribute of `Depends(…)` (`fastapi/params.py`).
    pub(super) fn depends_attribute(&self, id: DependsId, name: &str) -> Option<Value> {
        let record = &self.depends[id.0 as usize];
        match name {
            "dependency" => match &record.depends.target {
                Fact::Unknown(reason) => Some(Value::Unknown(Arc::new(reason.clone()))),
                Fact::Known(_) => Some(record.target.clone().unwrap_or(Value::None)),
            },
            "use_cache" => Some(Value::Bool(record.depends.use_cache)),
            _ => None,
        }
    }

    fn make_depends(&mut self, is_security: bool, args: &Args, at: Place) -> Value {
        let id = DependsId(self.depends.len() as u32);
        let target = args
            .get(0, "dependency")
            .cloned()
            .filter(|target| !matches!(target, Value::None));
        let scopes = match args.get(1, "scopes") {
            Some(Value::List(list)) if is_security => self
                .list_items(*list)
                .iter()
                .filter_map(|scope| scope.as_str().map(Arc::from))
                .collect(),
            _ => Vec::new(),
        };
        let depends = Depends {
            at,
            target_at: args.place(0, "dependency"),
            target: match &args.open {
                Some(reason) => Fact::Unknown(crate::Reason::clone(reason)),
                None => Fact::Known(DependsTarget::OwnType),
            },
            is_security,
            use_cache: !matches!(args.keyword("use_cache"), Some(Value::Bool(false))),
            scopes,
            scope: args.keyword("scope").and_then(Value::as_str).map(Arc::from),
        };
        let owner = self.owner(at.file);
        self.depends.push(DependsRecord { owner, depends, target });
        Value::Depends(id)
    }

    /// The default that a `Field(…)` gives.
    pub(crate) fn field_default(&mut self, marker: &Marker, at: Option<Place>) -> Value {
        let factory = match (marker.args.keyword("default_factory"), marker.args.keyword("factory")) {
            (Some(factory), _) | (None, Some(factory)) => Some(factory.clone()),
            _ => match marker.args.get(0, "default") {
                Some(Value::LibObject(factory)) if matches!(&*factory.callee, "attrs.Factory" | "attr.Factory") => {
                    factory.args.get(0, "factory").cloned()
                }
                _ => None,
            },
        };
        if let Some(factory) = factory {
            return self
                .call(&factory, Args::default(), at)
                .unwrap_or_else(|_| Value::unknown("a default factory that fails", at));
        }
        match marker.args.get(0, "default") {
            None | Some(Value::Ellipsis) => Value::unknown("a field without a default", at),
            Some(value) => value.clone(),
        }
    }

    /// The default that `dataclasses.field(…)` gives.
    pub(crate) fn dataclass_default(&mut self, args: &Args, at: Option<Place>) -> Value {
        let marker = Marker {
            kind: SmolStr::new_static("Field"),
            args: args.clone(),
        };
        self.field_default(&marker, at)
    }

    /// The default of an attrs field; `Factory(…, takes_self=True)` is given the instance.
    pub(crate) fn attrs_default(&mut self, args: &Args, object: super::value::ObjId, at: Place) -> Value {
        match args.get(0, "default") {
            Some(Value::LibObject(factory)) if factory.args.keyword("takes_self") == Some(&Value::Bool(true)) => {
                let make = factory.args.get(0, "factory").cloned().unwrap_or(Value::None);
                self.call(&make, Args::of([Value::Object(object)]), Some(at))
                    .unwrap_or_else(|_| Value::unknown("a default factory that fails", Some(at)))
            }
            _ => self.dataclass_default(args, Some(at)),
        }
    }

    /// A field of a settings class (pydantic-settings): the project's `.env`, or else its default.
    pub(crate) fn setting(&mut self, class: ClassId, name: &SmolStr, at: Option<Place>) -> Option<Value> {
        if !self.inherits(class, "pydantic_settings.BaseSettings") || !self.has_field(class, name) {
            return None;
        }
        self.assumptions += 1;
        let (prefix, reads_file) = self.settings_config(class);
        if reads_file {
            let key = format!("{prefix}{name}");
            let file = self.class(class).file;
            if let Some(text) = self.source.dotenv(file, &key) {
                return Some(self.parse_setting(class, name, &text));
            }
        }
        if self.class_attribute(class, name, None).is_none() {
            let reason = format!("the setting `{name}` has no default: its value comes from the environment");
            return Some(Value::unknown(reason, at));
        }
        None
    }

    /// `env_prefix`, and whether an `env_file` is read.
    fn settings_config(&mut self, class: ClassId) -> (String, bool) {
        let config = match self.class_attribute(class, "model_config", None) {
            Some((Value::LibObject(object), _)) => {
                let text = |name| object.args.keyword(name).and_then(Value::as_str).map(str::to_owned);
                Some((text("env_prefix"), object.args.keyword("env_file").is_some()))
            }
            Some((Value::Dict(dict), _)) => {
                let find = |name: &str| {
                    self.dict_entries(dict)
                        .iter()
                        .find(|entry| entry.key.as_str() == Some(name))
                        .map(|entry| &entry.value)
                };
                Some((
                    find("env_prefix").and_then(Value::as_str).map(str::to_owned),
                    find("env_file").is_some(),
                ))
            }
            _ => match self.class_attribute(class, "Config", None) {
                Some((Value::Class(config), _)) => Some((
                    self.own_attribute(config, "env_prefix")
                        .and_then(|value| value.as_str().map(str::to_owned)),
                    self.own_attribute(config, "env_file").is_some(),
                )),
                _ => None,
            },
        };
        let (prefix, reads_file) = config.unwrap_or((None, false));
        (prefix.unwrap_or_default(), reads_file)
    }

    /// A text of an environment file as its field's type reads it.
    fn parse_setting(&self, class: ClassId, name: &str, text: &Arc<str>) -> Value {
        let annotation = self
            .annotated_names(class)
            .find(|(field, _, _)| *field == name)
            .map(|(_, at, _)| at);
        let type_name = annotation
            .map(|at| crate::unparse::unparse(&self.class(class).code, at))
            .unwrap_or_default();
        match type_name.as_str() {
            "bool" => match text.to_lowercase().as_str() {
                "1" | "true" | "yes" | "on" | "t" | "y" => Value::Bool(true),
                "0" | "false" | "no" | "off" | "f" | "n" => Value::Bool(false),
                _ => Value::unknown("a setting that is not a truth value", None),
            },
            "int" => text
                .trim()
                .parse()
                .map_or_else(|_| Value::unknown("a setting that is not a number", None), Value::Int),
            _ => Value::Str(text.clone()),
        }
    }

    /// Evaluates an annotation, in quotes or not; one that fails is unknown. An alias is what it stands for.
    pub(crate) fn eval_annotation(&mut self, cx: &Context, expr: ExprId) -> Value {
        let value = self.eval_type(cx, expr);
        self.without_alias(value)
    }

    /// As [`Self::eval_annotation`]; an alias stays one.
    pub(crate) fn eval_type(&mut self, cx: &Context, expr: ExprId) -> Value {
        let expr = match &cx.code[expr] {
            Expr::Quoted(_, inner) => *inner,
            _ => expr,
        };
        // Python doesn't do it here.
        self.guarded(|interp| interp.eval(cx, expr))
            .unwrap_or_else(|_| Value::unknown("an annotation that fails", Some(cx.place(expr))))
    }

    /// `List[X]`, `Annotated[X, …]`, `Optional[X]`, …
    pub(crate) fn annotation_subscript(&mut self, container: &Value, key: Value) -> Value {
        let args = generic_args(key);
        match container.lib_name() {
            Some("typing.Annotated") => {
                let mut args = args.into_iter();
                match args.next() {
                    // Nested `Annotated` is flattened, as `typing` does.
                    Some(Value::Annotated(inner)) => {
                        let mut metadata = inner.1.clone();
                        metadata.extend(args);
                        Value::Annotated(Arc::new((inner.0.clone(), metadata)))
                    }
                    Some(first) => Value::Annotated(Arc::new((first, args.collect()))),
                    None => container.clone(),
                }
            }
            Some("typing.Optional") => {
                let mut members = args;
                members.push(Value::None);
                self.union(&members)
            }
            Some("typing.Union") => self.union(&args),
            _ => Value::Generic(Arc::new((container.clone(), args))),
        }
    }

    pub(crate) fn union(&self, members: &[Value]) -> Value {
        let mut flat: Vec<Value> = Vec::new();
        for member in members {
            match member {
                Value::Union(inner) => flat.extend(inner.iter().cloned()),
                member => flat.push(member.clone()),
            }
        }
        Value::Union(flat.into())
    }

    pub(crate) fn is_type(&self, value: &Value) -> bool {
        match value {
            Value::Class(_) | Value::None | Value::Generic(_) | Value::Union(_) | Value::Annotated(_) => true,
            Value::LibObject(object) => {
                matches!(
                    object.callee.as_ref(),
                    "typing.TypeVar" | "typing.NewType" | super::type_params::ALIAS
                ) || object.callee.starts_with("pydantic.con")
            }
            Value::Lib(name) => !name.starts_with("builtins.") || !name.ends_with("_method"),
            _ => false,
        }
    }

    /// A place for values that code out of sight makes: the start of the running module.
    pub(crate) fn somewhere(&self, at: Option<Place>) -> Place {
        at.or(self.decorator).unwrap_or(Place {
            file: self.running_module().unwrap_or(base::FileId(0)),
            unit: facts::UnitId::MODULE,
            expr: ExprId(0),
        })
    }

    /// The annotation of a function's parameter or result, as its `def` has it.
    pub(crate) fn function_def(&self, function: super::value::FnId) -> Option<(Arc<facts::Unit>, facts::StmtId)> {
        let object = &self.functions[function.0 as usize];
        match object.def {
            super::value::FunctionDef::Def(stmt) if matches!(object.code[stmt], Stmt::Function(_)) => {
                Some((object.code.clone(), stmt))
            }
            _ => None,
        }
    }
}
