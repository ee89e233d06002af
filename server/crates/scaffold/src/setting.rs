//! Settings that a scaffold reads: fields of the project's own class, or of a class that is made for them.

use crate::{
    Refusal,
    draft::{Draft, Lines},
    environment,
    ground::{Ground, Part},
    imports::Need,
    packages, skeleton, template,
};
use minijinja::context;
use serde::Serialize;
use std::{borrow::Cow, collections::BTreeMap};

/// One of them.
#[derive(Clone, Debug)]
pub(crate) struct Setting {
    /// In lower case.
    pub(crate) name: &'static str,
    /// `str = "INFO"`.
    pub(crate) declaration: Cow<'static, str>,
    /// What `.env.example` says.
    pub(crate) example: Cow<'static, str>,
    /// What its type is imported for: module and name.
    pub(crate) need: Option<(&'static str, &'static str)>,
}

/// How settings are read.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Reading {
    /// The module and name to import.
    pub(crate) module: String,
    pub(crate) name: String,
    /// What gives the settings: `settings`, `get_settings()`.
    pub(crate) expression: String,
    /// The field of each setting.
    pub(crate) fields: BTreeMap<&'static str, String>,
}

/// Adds settings that the project lacks; how all of them are read.
///
/// # Errors
/// Where the module of the class does not parse.
pub(crate) fn add(draft: &mut Draft<'_>, ground: &Ground, settings: &[Setting]) -> Result<Reading, Refusal> {
    let format = &ground.format;
    let (path, class, reading) = match &ground.settings {
        Part::Found(found) => {
            let symbol = found.access.symbol();
            let fields = settings.iter().map(|setting| (setting.name, found.field(setting.name)));
            let reading = Reading {
                module: symbol.module.clone(),
                name: symbol.name.clone(),
                expression: found.access.expression(),
                fields: fields.collect(),
            };
            (found.class.path.clone(), found.class.name.clone(), reading)
        }
        Part::Free(path) => {
            let fields: Vec<String> = settings
                .iter()
                .map(|setting| format!("{}: {}", setting.name, setting.declaration))
                .collect();
            let text = template::render("settings/config.py", context! { fields })?;
            draft.module(path, &ground.written(&text)?, format)?;
            packages::require(draft, &[skeleton::SETTINGS_PACKAGE]);
            let fields = settings.iter().map(|setting| (setting.name, setting.name.to_owned()));
            let reading = Reading {
                module: ground.dotted(path),
                name: "get_settings".to_owned(),
                expression: "get_settings()".to_owned(),
                fields: fields.collect(),
            };
            (path.clone(), "Settings".to_owned(), reading)
        }
        Part::Refused(refusal) => return Err(refusal.clone()),
    };
    for setting in settings {
        let lines = Lines::Fields {
            class: class.clone(),
            text: format!("{}: {}", reading.fields[setting.name], setting.declaration),
        };
        let needs = setting.need.iter().map(|(module, name)| Need::member(module, name));
        draft.lines(&path, format, lines, needs.collect())?;
    }
    let variables: Vec<(String, String)> = settings
        .iter()
        .map(|setting| {
            let variable = match &ground.settings {
                Part::Found(found) => found.variable(&reading.fields[setting.name]),
                _ => setting.name.to_uppercase(),
            };
            (variable, setting.example.to_string())
        })
        .collect();
    let named: Vec<(&str, String)> = variables
        .iter()
        .map(|(name, value)| (name.as_str(), value.clone()))
        .collect();
    environment::example(draft, &named);
    Ok(reading)
}
