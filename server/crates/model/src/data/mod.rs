//! Texts of data as Python's readers understand them: JSON, TOML and YAML. Nothing is read from disk here.

mod json;
mod toml;
mod yaml;

use std::sync::Arc;

/// Values that one text may hold; a table of routes has a hundredth of it.
const NODES: usize = 100_000;

/// What a text holds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Data {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Str(Arc<str>),
    List(Vec<Data>),
    /// Keys are different from each other.
    Dict(Vec<(Data, Data)>),
    /// What no value stands for here, such as a date.
    Other(&'static str),
}

/// How a text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Toml,
    Yaml,
}

impl Format {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Format::Json => "JSON",
            Format::Toml => "TOML",
            Format::Yaml => "YAML",
        }
    }
}

/// Reads a text; the error says what is wrong with it.
pub(crate) fn parse(format: Format, text: &str) -> Result<Data, String> {
    match format {
        Format::Json => json::parse(text),
        Format::Toml => toml::parse(text),
        Format::Yaml => yaml::parse(text),
    }
}

/// Counts values; an error where there are too many.
#[derive(Debug, Default)]
struct Count(usize);

impl Count {
    fn add(&mut self, nodes: usize) -> Result<(), String> {
        self.0 += nodes;
        if self.0 > NODES {
            return Err(format!("it holds more than {NODES} values"));
        }
        Ok(())
    }
}
