//! Classes that describe data (Pydantic's `_fields.py`, `collect_model_fields`; `_dataclasses.py`).

use super::{CLASSES, Reader, annotation::is_named, bases::Inherited, docstring::string_statement, reason};
use crate::{
    contract::{Attributes, Class, ClassKind, ClassRef, Data, Default, Field, Metadata, SerializedDefault, Type},
    eval::value::{ClassId, Value},
    signature::config::{self, Config},
};
use facts::{Expr, ExprId, FunctionBody, Stmt, StmtId};
use smol_str::SmolStr;
use std::sync::Arc;

impl Reader<'_> {
    /// The type that a class of the project is.
    pub(super) fn class_type(&mut self, class: ClassId, args: Vec<Type>) -> Type {
        if self.interp.inherits(class, "fastapi.UploadFile") {
            return Type::Library("fastapi.UploadFile".into());
        }
        match self.kind(class) {
            Some(kind) => self.described(class, kind, &args),
            None => {
                let name = self.interp.class(class).name.clone();
                let why = match self.schema_hook(class).or_else(|| self.interp.unread_base(class)) {
                    Some(why) => why,
                    None => reason(format!("`{name}` is not a class that Pydantic reads"), None),
                };
                Type::Unknown(why)
            }
        }
    }

    /// The description of a class, if it is one that Pydantic reads.
    pub(super) fn class_ref(&mut self, class: ClassId) -> Option<ClassRef> {
        match self.class_type(class, Vec::new()) {
            Type::Class(class) => Some(class),
            _ => None,
        }
    }

    /// What kind of class it is, if it is one that Pydantic reads.
    pub(super) fn kind(&self, class: ClassId) -> Option<ClassKind> {
        let interp = &self.interp;
        let inherits = |name: &str| interp.inherits(class, name);
        if interp.enum_members(class).is_some() {
            Some(ClassKind::Enum)
        } else if inherits("pydantic.RootModel") {
            Some(ClassKind::RootModel)
        } else if inherits("pydantic.BaseModel") {
            Some(ClassKind::Model)
        } else if inherits("typing.TypedDict") {
            Some(ClassKind::TypedDict)
        } else if inherits("typing.NamedTuple") {
            Some(ClassKind::NamedTuple)
        } else {
            self.dataclass_kind(class)
        }
    }

    fn dataclass_kind(&self, class: ClassId) -> Option<ClassKind> {
        let order = self.interp.class(class).mro.iter();
        order
            .filter_map(|base| match base {
                Value::Class(base) => Some(*base),
                _ => None,
            })
            .find_map(|base| {
                self.interp.class(base).decorators.iter().find_map(|decorator| {
                    let name = match decorator {
                        Value::Lib(name) => name.as_ref(),
                        Value::LibObject(object) => object.callee.as_ref(),
                        _ => return None,
                    };
                    match name {
                        "dataclasses.dataclass" => Some(ClassKind::Dataclass),
                        "pydantic.dataclasses.dataclass" => Some(ClassKind::PydanticDataclass),
                        _ => None,
                    }
                })
            })
    }

    fn described(&mut self, class: ClassId, kind: ClassKind, args: &[Type]) -> Type {
        let object = self.interp.class(class).clone();
        let module = self.interp.source.module_name(object.file);
        let mut name = object.name.to_string();
        let mut qualified = format!("{module}.{}", object.qualname);
        // Two classes of one module may have one name.
        let key = format!("class {}{}", class.0, self.exact(args));
        let is_model = matches!(kind, ClassKind::Model | ClassKind::RootModel);
        if !args.is_empty() {
            let shown: Vec<String> = args.iter().map(|arg| self.display(arg)).collect();
            qualified = format!("{qualified}[{}]", shown.join(","));
            if is_model {
                name = format!("{name}[{}]", shown.join(", "));
            }
        }
        if let Some(&known) = self.by_key.get(&key) {
            return Type::Class(known);
        }
        if self.classes.len() >= CLASSES {
            return Type::Unknown(reason("there are more classes than are followed", None));
        }
        let number = ClassRef(self.classes.len() as u32);
        self.by_key.insert(key, number);
        self.classes.push(Class {
            kind,
            name: name.into(),
            qualified: qualified.into(),
            schema: self.schema_of.get(&class).copied(),
            // The class that Pydantic makes for the arguments has no docstring.
            doc: self.class_doc(class).filter(|_| args.is_empty() || !is_model),
            config: Attributes::default(),
            fields: Vec::new(),
            computed: Vec::new(),
            members: Vec::new(),
            output: None,
            deprecated: object.decorators.iter().any(|decorator| match decorator {
                Value::LibObject(object) => object.callee.ends_with(".deprecated"),
                _ => false,
            }),
            unknown: self.schema_hook(class).or_else(|| self.interp.unread_base(class)),
        });
        // Numbered before its fields are read: it may name itself.
        self.fill(number, class, kind, args);
        Type::Class(number)
    }

    fn fill(&mut self, number: ClassRef, class: ClassId, kind: ClassKind, args: &[Type]) {
        if kind == ClassKind::Enum {
            let (members, unknown) = self.enum_values(class);
            let entry = &mut self.classes[number.0 as usize];
            entry.members = members;
            entry.unknown = entry.unknown.take().or(unknown);
            return;
        }
        let lineage = self.lineage(class, args);
        let config = match kind {
            ClassKind::Model | ClassKind::RootModel => self.interp.model_config(class),
            _ => self.dataclass_config(class),
        };
        let mut fields: Vec<Field> = Vec::new();
        for inherited in &lineage {
            for field in self.own_fields(inherited, kind, &config) {
                match fields.iter_mut().find(|known| known.name == field.name) {
                    Some(known) => *known = field,
                    None => fields.push(field),
                }
            }
        }
        if kind == ClassKind::RootModel && fields.is_empty() {
            fields.push(self.root_field(class, &lineage));
        }
        for field in &mut fields {
            self.apply_alias_generator(field, &config);
        }
        let shown = self.shown_config(&config);
        let decorated = self.decorated(&lineage, &config);
        for (names, metadata) in decorated.fields {
            for field in &mut fields {
                if names.iter().any(|name| *name == *field.name || name == "*") {
                    field.metadata.push(metadata.clone());
                }
            }
        }
        let entry = &mut self.classes[number.0 as usize];
        entry.fields = fields;
        entry.computed = decorated.computed;
        entry.output = decorated.output;
        entry.config = shown;
        entry.unknown = entry.unknown.take().or(decorated.unknown);
    }

    fn own_fields(&mut self, inherited: &Inherited, kind: ClassKind, config: &Config) -> Vec<Field> {
        let class = inherited.class;
        let object = self.interp.class(class).clone();
        let Stmt::Class(def) = &object.code[object.stmt] else {
            return Vec::new();
        };
        let is_total = !object
            .keywords
            .iter()
            .any(|(name, value)| name == "total" && *value == Value::Bool(false));
        let documents = config::find(config, "use_attribute_docstrings") == Some(&Value::Bool(true));
        let cx = self.interp.class_context(class);
        let mut fields = Vec::new();
        for (i, &stmt) in def.body.iter().enumerate() {
            let Some((name, annotation, value)) = annotated_name(&object.code, stmt) else {
                continue;
            };
            if name.starts_with('_') && kind != ClassKind::TypedDict || name == "model_config" {
                continue;
            }
            let annotation = self.interp.eval_type(&cx, annotation);
            if is_class_variable(&annotation) {
                continue;
            }
            let annotation = self.interp.with_classes_of_libraries(cx.file, annotation);
            let assigned = value.and_then(|_| self.interp.own_attribute(class, &name));
            if matches!(&assigned, Some(Value::LibObject(object)) if object.callee.ends_with(".Relationship")) {
                continue;
            }
            let mut field = self.field(&name, Some(&annotation), assigned.as_ref(), &inherited.variables);
            let is_required = matches!(&annotation, Value::Generic(parts) if is_named(&parts.0, "Required"));
            if kind == ClassKind::TypedDict && !is_total && !is_required {
                field.default = Default::Factory;
            }
            let doc = def
                .body
                .get(i + 1)
                .and_then(|&next| string_statement(&object.code, next));
            if let (true, Some(doc), None) = (documents, doc, field.attributes.get("description")) {
                field.attributes.set("description", Data::Str(doc));
            }
            fields.push(field);
        }
        fields
    }

    /// The field of `RootModel[…]` where no class writes it.
    fn root_field(&mut self, class: ClassId, lineage: &[Inherited]) -> Field {
        let root = lineage.iter().rev().find_map(|inherited| {
            let ty = self.root_argument(inherited.class)?;
            Some(self.field("root", Some(&ty), None, &inherited.variables))
        });
        root.unwrap_or_else(|| {
            let name = self.interp.class(class).name.clone();
            let mut field = self.field("root", None, None, &Vec::new());
            field.ty = Type::Unknown(reason(format!("what `{name}` is the root model of is not known"), None));
            field
        })
    }

    fn dataclass_config(&self, class: ClassId) -> Config {
        let mut config = Config::new();
        for decorator in &self.interp.class(class).decorators {
            if let Value::LibObject(object) = decorator
                && let Some(Value::LibObject(given)) = object.args.keyword("config")
            {
                let given = given.args.keywords.iter();
                config.extend(given.map(|(name, value, _)| (name.clone(), value.clone())));
            }
        }
        config
    }

    fn apply_alias_generator(&mut self, field: &mut Field, config: &Config) {
        let Some(made) = self.interp.generated_aliases(config, &field.name) else {
            return;
        };
        let made = made.map(|alias| self.data(&alias));
        let overrides = matches!(field.attributes.get("alias_priority"), Some(Data::Int(priority)) if *priority <= 1);
        let names = ["validation_alias", "serialization_alias", "alias"];
        for (name, alias) in names.into_iter().zip(made) {
            if alias != Data::None && (overrides || field.attributes.get(name).is_none()) {
                field.attributes.set(name, alias);
            }
        }
    }

    /// Validators, serializers and computed fields along a lineage.
    fn decorated(&mut self, lineage: &[Inherited], config: &Config) -> Decorated {
        let mut found = Decorated::default();
        for inherited in lineage {
            let object = self.interp.class(inherited.class).clone();
            let Stmt::Class(def) = &object.code[object.stmt] else {
                continue;
            };
            for &stmt in &def.body {
                if let Stmt::Function(function) = &object.code[stmt] {
                    for &decorator in &function.decorators {
                        self.decorated_method(inherited, function, decorator, config, &mut found);
                    }
                }
            }
        }
        found
    }

    fn decorated_method(
        &mut self,
        inherited: &Inherited,
        function: &facts::Function,
        decorator: ExprId,
        config: &Config,
        found: &mut Decorated,
    ) {
        let cx = self.interp.class_context(inherited.class);
        // Only Pydantic's own decorators are of interest, whatever name they go by.
        let (callee, has_args) = match &cx.code[decorator] {
            Expr::Call { func, .. } => (*func, true),
            _ => (decorator, false),
        };
        let callee = match self.interp.eval(&cx, callee) {
            Ok(Value::Lib(name)) if name.starts_with("pydantic.") => name,
            _ => return,
        };
        let args = match (has_args, self.interp.eval(&cx, decorator)) {
            (true, Ok(Value::LibObject(object))) => object.args.clone(),
            _ => crate::eval::value::Args::default(),
        };
        let names: Vec<SmolStr> = args
            .positional
            .iter()
            .filter_map(|(value, _)| value.as_str().map(SmolStr::new))
            .collect();
        let returns = function.returns.map(|at| self.interp.eval_annotation(&cx, at));
        let returns = returns.map(|returns| self.ty(&returns, &inherited.variables));
        match callee.rsplit('.').next().unwrap_or_default() {
            "computed_field" => {
                let field = self.computed_field(inherited, function, &args, returns, config);
                found.computed.retain(|known| known.name != field.name);
                found.computed.push(field);
            }
            "field_serializer" => {
                let output = self.output(returns, &args, SerializedDefault::Dropped);
                found.fields.extend(output.map(|output| (names, output)));
            }
            "model_serializer" => found.output = returns.or(found.output.take()),
            "field_validator" => {
                let input = match args.keyword("json_schema_input_type").cloned() {
                    Some(input) => Some(self.ty(&input, &inherited.variables)),
                    None => (args.keyword("mode").and_then(Value::as_str) == Some("plain")).then_some(Type::Any),
                };
                found.fields.extend(input.map(|input| (names, Metadata::Input(input))));
            }
            _ => {}
        }
    }

    fn computed_field(
        &mut self,
        inherited: &Inherited,
        function: &facts::Function,
        args: &crate::eval::value::Args,
        returns: Option<Type>,
        config: &Config,
    ) -> Field {
        let object = self.interp.class(inherited.class).clone();
        let name: Arc<str> = match &object.code[function.name] {
            Expr::Name(name) => name.as_str().into(),
            _ => "".into(),
        };
        let mut field = self.field(&name, None, None, &Vec::new());
        field.attributes = super::field::marker_attributes(self, args);
        field.ty = match (args.keyword("return_type").cloned(), returns) {
            (Some(given), _) => self.ty(&given, &inherited.variables),
            (None, Some(returns)) => returns,
            (None, None) => Type::Any,
        };
        if field.attributes.get("description").is_none()
            && let Some(doc) = self.body_doc(&object, function)
        {
            field.attributes.set("description", Data::Str(doc));
        }
        self.apply_alias_generator(&mut field, config);
        field
    }

    fn body_doc(&self, object: &crate::eval::value::ClassObject, function: &facts::Function) -> Option<Arc<str>> {
        match &function.body {
            FunctionBody::Block(block) => string_statement(&object.code, *block.first()?),
            FunctionBody::Unit(unit) => {
                let facts = self.interp.source.facts(object.file)?;
                let body = facts.units.get(unit.0 as usize)?;
                string_statement(body, *body.body.first()?)
            }
        }
    }
}

/// What Pydantic's decorators say of a class.
#[derive(Default)]
struct Decorated {
    /// For fields of these names.
    fields: Vec<(Vec<SmolStr>, Metadata)>,
    computed: Vec<Field>,
    output: Option<Type>,
    unknown: Option<crate::Reason>,
}

/// `name: annotation = value`.
fn annotated_name(code: &facts::Unit, stmt: StmtId) -> Option<(SmolStr, ExprId, Option<ExprId>)> {
    match &code[stmt] {
        Stmt::AnnAssign {
            target,
            annotation,
            value,
        } => match &code[*target] {
            Expr::Name(name) => Some((name.clone(), *annotation, *value)),
            _ => None,
        },
        _ => None,
    }
}

fn is_class_variable(annotation: &Value) -> bool {
    match annotation {
        Value::Generic(parts) => is_named(&parts.0, "ClassVar"),
        other => is_named(other, "ClassVar"),
    }
}
