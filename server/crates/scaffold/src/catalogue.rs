//! What can be built, as help and documentation tell it: each scaffold describes itself beside its code.

use crate::{
    auth, database, endpoint, errors, health, lifespan, logging, middleware, require, resource, router, schemas,
    settings, table, testing,
};

/// A scaffold as its users know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About {
    /// Its name, in kebab case.
    pub name: &'static str,
    /// The arguments of `routewright` that ask for it, without options.
    pub command: &'static str,
    /// One line, without a full stop.
    pub summary: &'static str,
    /// What it adds, what it takes from the project, and what it leaves alone, in Markdown.
    pub docs: &'static str,
}

/// Every scaffold, from the smallest to what surrounds all of an app.
#[must_use]
pub fn catalogue() -> &'static [About] {
    &[
        endpoint::ABOUT,
        router::ABOUT,
        resource::ABOUT,
        schemas::ABOUT,
        table::ABOUT,
        auth::ABOUT,
        require::ABOUT,
        database::ABOUT,
        errors::ABOUT,
        middleware::ABOUT,
        settings::ABOUT,
        lifespan::ABOUT,
        health::ABOUT,
        logging::ABOUT,
        testing::ABOUT,
    ]
}

/// The scaffold of this name.
#[must_use]
pub fn about(name: &str) -> Option<&'static About> {
    catalogue().iter().find(|scaffold| scaffold.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_kebab_case_and_unique() {
        for (at, scaffold) in catalogue().iter().enumerate() {
            let name = scaffold.name;
            assert!(
                name.chars().all(|c| c == '-' || c.is_ascii_lowercase()) && !name.is_empty(),
                "{name}"
            );
            assert_eq!(about(name), Some(&catalogue()[at]), "{name} is there twice");
        }
    }

    #[test]
    fn every_scaffold_says_what_it_adds_and_what_it_leaves_alone() {
        for scaffold in catalogue() {
            let name = scaffold.name;
            assert!(scaffold.command.starts_with("add "), "{name}");
            assert!(
                !scaffold.summary.is_empty() && !scaffold.summary.ends_with('.'),
                "{name}"
            );
            for part in ["**Adds**", "**Takes from the project**", "**Leaves alone**"] {
                assert!(scaffold.docs.contains(part), "{name} lacks {part}");
            }
        }
    }
}
