//! The templates: whole Python modules in `templates/`, filled in by minijinja, strictly: an unknown name is an error.

use minijinja::{Environment, UndefinedBehavior, Value};
use std::sync::LazyLock;
use style::words;

/// Every template by its path below `templates/`.
const TEMPLATES: &[(&str, &str)] = &include!(concat!(env!("OUT_DIR"), "/templates.rs"));

static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(environment);

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_trim_blocks(true);
    environment.set_lstrip_blocks(true);
    environment.set_keep_trailing_newline(true);
    environment.add_filter("spoken", |name: &str| words::spoken(name));
    environment.add_filter("camel", |name: &str| words::camel(name));
    environment.add_filter("plural", |name: &str| words::plural(name));
    environment.add_filter("article", article);
    environment.set_loader(|name| {
        let found = TEMPLATES.iter().find(|(known, _)| *known == name);
        Ok(found.map(|(_, text)| (*text).to_owned()))
    });
    environment
}

/// `a book`, `an item`.
pub(crate) fn article(noun: &str) -> String {
    let is_vowel = noun.starts_with(['a', 'e', 'i', 'o', 'u']) && !noun.starts_with("us") && !noun.starts_with("uni");
    format!("{} {noun}", if is_vowel { "an" } else { "a" })
}

/// Fills in a template.
///
/// # Errors
/// A template that asks for what it is not given: a mistake of ours that the tests of each scaffold show.
pub(crate) fn render(name: &str, values: Value) -> Result<String, crate::Refusal> {
    let rendered = ENVIRONMENT
        .get_template(name)
        .and_then(|template| template.render(values));
    rendered.map_err(|error| {
        let problem = crate::SyntaxProblem {
            line: error.line().unwrap_or(0),
            message: error.to_string(),
        };
        crate::Refusal::Template(name.to_owned(), problem)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_is_one() {
        for (name, _) in TEMPLATES {
            ENVIRONMENT.get_template(name).unwrap();
        }
    }

    #[test]
    fn nouns_have_their_article() {
        assert_eq!(article("item"), "an item");
        assert_eq!(article("user"), "a user");
        assert_eq!(article("book"), "a book");
    }
}
