//! What `Field(…)`, `Query(…)` and their like say of a field or parameter: its default and its names.

use super::{Argument, config};
use crate::{
    Reason,
    eval::{
        Interp, library,
        value::{Args, Value},
    },
};
use std::sync::Arc;

/// A default that is made anew each time.
const FACTORY: &str = "dataclasses._HAS_DEFAULT_FACTORY";

/// See the module.
#[derive(Default)]
pub(crate) struct FieldFacts {
    /// Its default; of a factory only that it has one.
    pub(crate) default: Option<Value>,
    /// Whether a factory makes its default.
    pub(crate) has_factory: bool,
    /// `alias`, or what a generator makes of its name.
    pub(crate) alias: Option<Value>,
    /// `validation_alias`.
    pub(crate) validation_alias: Option<Value>,
    /// Whether `__init__` takes it.
    pub(super) is_taken: bool,
    pub(super) converter: Option<Value>,
}

impl FieldFacts {
    fn new() -> Self {
        Self {
            is_taken: true,
            ..Self::default()
        }
    }

    /// The names under which a request may give it, the first one first; none where that is its own
    /// (`fastapi/dependencies/utils.py`, `_get_param_aliases`).
    pub(crate) fn sent_as(&self) -> Vec<Arc<str>> {
        let text = |value: &Value| value.as_str().map(Arc::from);
        let of_alias = || self.alias.as_ref().and_then(text).into_iter().collect();
        match &self.validation_alias {
            Some(Value::Str(name)) => vec![name.clone()],
            Some(Value::LibObject(choices)) if choices.callee.ends_with(".AliasChoices") => {
                let names = choices.args.positional.iter().map(|(choice, _)| text(choice));
                names.collect::<Option<Vec<_>>>().unwrap_or_else(of_alias)
            }
            _ => of_alias(),
        }
    }

    /// Why its name can't be told, if so.
    pub(crate) fn unknown_alias(&self) -> Option<Reason> {
        let is_known = |alias: &Value| match alias {
            Value::Str(_) => true,
            Value::LibObject(object) => object.callee.starts_with("pydantic."),
            _ => false,
        };
        let mut aliases = [&self.alias, &self.validation_alias].into_iter().flatten();
        let unknown = aliases.find(|alias| !is_known(alias))?;
        Some(match unknown {
            Value::Unknown(why) => Reason::clone(why),
            _ => Reason {
                text: Arc::from("its alias is not known"),
                place: None,
            },
        })
    }

    /// Takes over what a `Field(…)` says; what comes later wins, also where it takes something back.
    fn take(&mut self, args: &Args) {
        let given = |name: &str| args.keyword(name).filter(|value| **value != Value::None).cloned();
        if given("default_factory").is_some() || given("factory").is_some() {
            self.default = Some(Value::lib(FACTORY));
            self.has_factory = true;
        }
        match args.get(0, "default") {
            Some(Value::Ellipsis) => self.default = None,
            Some(value) => self.default = Some(value.clone()),
            None => {}
        }
        if args.keyword("alias").is_some() {
            self.alias = given("alias");
            self.validation_alias = None;
        }
        if args.keyword("validation_alias").is_some() {
            self.validation_alias = given("validation_alias");
        }
        self.is_taken &= args.keyword("init") != Some(&Value::Bool(false));
        self.converter = given("converter").or(self.converter.take());
    }

    fn take_annotated(&mut self, ty: Option<&Value>) {
        if let Some(Value::Annotated(parts)) = ty {
            for item in &parts.1 {
                if let Value::Marker(marker) = item {
                    self.take(&marker.args);
                }
            }
        }
    }
}

impl Interp<'_> {
    /// What a parameter's annotation and its marker say of it.
    pub(crate) fn argument_facts(&self, argument: &Argument) -> FieldFacts {
        let mut facts = FieldFacts::new();
        facts.take_annotated(argument.annotation.as_ref());
        if let Some(Value::Marker(marker)) = &argument.default {
            facts.take(&marker.args);
        }
        facts
    }

    /// What a field's annotation, what is assigned to it and its class's configuration say of it.
    pub(crate) fn field_facts(
        &mut self,
        name: &str,
        ty: Option<&Value>,
        assigned: Option<&Value>,
        config: &config::Config,
    ) -> FieldFacts {
        let mut facts = FieldFacts::new();
        facts.take_annotated(ty);
        match assigned {
            Some(Value::Marker(marker)) => facts.take(&marker.args),
            Some(Value::LibObject(call)) if library::is_field_call(&call.callee) => facts.take(&call.args),
            Some(Value::LibObject(call)) if call.callee.ends_with(".Relationship") => facts.is_taken = false,
            Some(Value::Ellipsis) | None => {}
            Some(value) => facts.default = Some(value.clone()),
        }
        if facts.alias.is_none()
            && let Some([validation, _, alias]) = self.generated_aliases(config, name)
        {
            let given = |alias: Value| Some(alias).filter(|alias| *alias != Value::None);
            facts.alias = given(alias);
            facts.validation_alias = facts.validation_alias.or_else(|| given(validation));
        }
        facts
    }
}
