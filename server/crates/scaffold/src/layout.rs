//! Where things stand in the project, or where they go: in the places that are there already, else in those of the layout
//! that a new project gets.

use crate::{Refusal, Site};
use std::path::{Path, PathBuf};
use style::{DEFAULT_LINE_LENGTH, Format, Shape};

/// A module of the project with a purpose of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Role {
    /// The one with the app.
    Main,
    /// Settings.
    Config,
    /// Errors and their handlers.
    Errors,
    /// The base of the tables.
    Base,
    /// Engine and session.
    Session,
    /// The router that the others are included in.
    Api,
    /// Pages of lists.
    Page,
    /// The fixtures of the tests.
    Conftest,
}

/// See the module.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    /// The folder that imports begin in.
    pub(crate) source_root: PathBuf,
    /// The folder of the app's package; the source root where there is none.
    pub(crate) package: PathBuf,
    pub(crate) shape: Shape,
    /// The folder of the project itself.
    root: PathBuf,
    /// Whether there is no app yet.
    is_new: bool,
    line_length: usize,
    preferences: style::Preferences,
}

impl Layout {
    /// The layout of a project, or the one that a new one gets.
    pub(crate) fn of(site: &Site<'_>) -> Self {
        let root = site.root.to_path_buf();
        let line_length = site.ctx.line_length.unwrap_or(DEFAULT_LINE_LENGTH);
        let app = site.ctx.model.apps.iter().find_map(|app| {
            let file = site.ctx.model.routers.get(app.router.0 as usize)?.made_at.file;
            let path = site.ctx.files.path(file);
            path.starts_with(&root).then_some((file, path))
        });
        let Some((file, path)) = app else {
            let package = root.join("app");
            return Self {
                source_root: root.clone(),
                package,
                shape: site.ctx.preferences.layout.unwrap_or(Shape::Layered),
                root,
                is_new: true,
                line_length,
                preferences: site.ctx.preferences.clone(),
            };
        };
        let module = site.ctx.modules.module_name(file);
        let depth = module.split('.').count() + usize::from(site.ctx.modules.is_package(file));
        let source_root = path.ancestors().nth(depth).unwrap_or(&root).to_path_buf();
        let package = match module.split_once('.') {
            Some((top, _)) => source_root.join(top),
            None => source_root.clone(),
        };
        let is_layered = ["core", "db", "api"]
            .iter()
            .any(|name| site.disk.is_folder(&package.join(name)));
        Self {
            source_root,
            package,
            shape: if is_layered { Shape::Layered } else { Shape::Flat },
            root,
            is_new: false,
            line_length,
            preferences: site.ctx.preferences.clone(),
        }
    }

    /// Where a module of the layout is made.
    pub(crate) fn path(&self, role: Role) -> PathBuf {
        let below = match (self.shape, role) {
            (_, Role::Conftest) => return self.root.join("tests/conftest.py"),
            (_, Role::Main) => "main.py",
            (Shape::Layered, Role::Config) => "core/config.py",
            (Shape::Layered, Role::Errors) => "core/errors.py",
            (Shape::Layered, Role::Base) => "db/base.py",
            (Shape::Layered, Role::Session) => "db/session.py",
            (Shape::Layered, Role::Api) => "api/router.py",
            (Shape::Layered, Role::Page) => "schemas/page.py",
            (_, Role::Config) => "config.py",
            (_, Role::Errors) => "errors.py",
            (_, Role::Base | Role::Session) => "database.py",
            (_, Role::Api) if self.is_new => "api.py",
            (_, Role::Api) => "main.py",
            (Shape::Flat, Role::Page) => "schemas.py",
            (Shape::Domain, Role::Page) => "pagination.py",
        };
        self.package.join(below)
    }

    /// The name under which a module is imported.
    pub(crate) fn dotted(&self, path: &Path) -> String {
        let below = path
            .strip_prefix(&self.source_root)
            .or_else(|_| path.strip_prefix(&self.root))
            .unwrap_or(path);
        let name = below.with_extension("");
        let mut parts: Vec<&str> = name.iter().filter_map(|part| part.to_str()).collect();
        if parts.last() == Some(&"__init__") {
            parts.pop();
        }
        parts.join(".")
    }

    /// How new files are formatted.
    pub(crate) fn format(&self) -> Format {
        Format::new(self.line_length, &self.preferences)
    }
}

/// A noun that names things of one kind, in its forms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Noun {
    /// `order_line`.
    pub(crate) one: String,
    /// `order_lines`.
    pub(crate) many: String,
    /// `OrderLine`.
    pub(crate) class: String,
}

impl Noun {
    /// Reads a noun, singular or plural, in any case.
    ///
    /// # Errors
    /// Where no class or function could be named so.
    pub(crate) fn read(name: &str) -> Result<Self, Refusal> {
        let snake = style::words::snake(name);
        let one = style::words::singular(&snake);
        let many = style::words::plural(&one);
        let class = style::words::camel(&one);
        let is_usable = style::words::is_identifier(&one) && style::words::is_identifier(&class) && one.is_ascii();
        let shadows = ["list", "type", "object", "model", "base", "session", "router", "app"];
        if !is_usable || shadows.contains(&one.as_str()) {
            return Err(Refusal::BadName(name.to_owned()));
        }
        // What has no plural still needs two names: `news` is one, `news_items` are many.
        let many = if many == one { format!("{one}_items") } else { many };
        Ok(Self { one, many, class })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nouns_are_read_in_any_form() {
        for name in ["order_line", "OrderLine", "order-lines", "orderLines"] {
            let noun = Noun::read(name).unwrap();
            assert_eq!(
                (noun.one.as_str(), noun.many.as_str(), noun.class.as_str()),
                ("order_line", "order_lines", "OrderLine")
            );
        }
        assert_eq!(Noun::read("people").unwrap().class, "Person");
        assert_eq!(Noun::read("news").unwrap().many, "news_items");
        for bad in ["", "2x", "class", "list", "a b!"] {
            let noun = Noun::read(bad);
            assert!(bad == "a b!" || noun.is_err(), "{bad}: {noun:?}");
        }
    }
}
