//! What the project's configuration says about its style: it goes before what its code shows.

use crate::{ResponseStyle, StatusStyle};

/// What is set; what is not set is read off the code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preferences {
    /// `async def` or `def`.
    pub is_async: Option<bool>,
    /// `Annotated[T, Depends(…)]`, or `T = Depends(…)`.
    pub annotated: Option<bool>,
    /// Where the response's schema is said.
    pub response: Option<ResponseStyle>,
    /// How status codes are written.
    pub status: Option<StatusStyle>,
    /// Whether path operations have docstrings.
    pub docstrings: Option<bool>,
    /// The quote of ordinary strings.
    pub quote: Option<char>,
    /// One level of indentation.
    pub indent: Option<String>,
    /// The longest line, in columns.
    pub line_length: Option<usize>,
    /// The minor version of Python 3 that the code has to run on.
    pub python: Option<u8>,
    /// The type of ids: `int`, `UUID` or `str`.
    pub id: Option<IdType>,
    /// The schema that creates one, as a pattern: `{}Create`.
    pub create_schema: Option<String>,
    /// The schema that changes one: `{}Update`.
    pub update_schema: Option<String>,
    /// The schema that clients get: `{}Public`.
    pub read_schema: Option<String>,
    /// What is raised where something is not there.
    pub not_found: Option<NotFound>,
    /// How the project is laid out.
    pub layout: Option<Shape>,
    /// Whether tables are SQLModel's, or SQLAlchemy's.
    pub is_sqlmodel: Option<bool>,
    /// How tests ask the app.
    pub tests: Option<TestStyle>,
    /// What gives a database session.
    pub session: Option<Member>,
    /// The base of the tables.
    pub base: Option<Member>,
    /// The class of the settings.
    pub settings: Option<Member>,
    /// The fixture of the tests' client.
    pub client: Option<Member>,
}

/// A name of a module of the project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The module's dotted name.
    pub module: String,
    /// What it binds.
    pub name: String,
}

impl Member {
    fn named(value: &str) -> Option<Self> {
        let (module, name) = value.split_once(':')?;
        (!module.is_empty() && crate::words::is_identifier(name)).then(|| Self {
            module: module.to_owned(),
            name: name.to_owned(),
        })
    }

    /// Whether it is the one of these names.
    #[must_use]
    pub fn is(&self, module: &str, name: &str) -> bool {
        self.module == module && self.name == name
    }
}

impl std::fmt::Display for Member {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.module, self.name)
    }
}

/// How a project is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `main.py`, `models.py`, `schemas.py`, … beside each other.
    Flat,
    /// A package for each layer.
    Layered,
    /// A package for each noun, with its own router, schemas and models.
    Domain,
}

impl Shape {
    /// Every layout with its name in configuration.
    pub const NAMES: [(&'static str, Shape); 3] = [
        ("flat", Self::Flat),
        ("layered", Self::Layered),
        ("domain", Self::Domain),
    ];

    /// Its name in configuration.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Flat => "flat",
            Self::Layered => "layered",
            Self::Domain => "domain",
        }
    }
}

/// How tests ask the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TestStyle {
    /// With httpx' `AsyncClient`, run by AnyIO's plugin.
    AnyIo,
    /// With httpx' `AsyncClient`, run by pytest-asyncio.
    Asyncio,
    /// With FastAPI's `TestClient`.
    Sync,
}

impl TestStyle {
    /// Every style with its name in configuration.
    pub const NAMES: [(&'static str, TestStyle); 3] =
        [("anyio", Self::AnyIo), ("asyncio", Self::Asyncio), ("sync", Self::Sync)];

    /// Its name in configuration.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AnyIo => "anyio",
            Self::Asyncio => "asyncio",
            Self::Sync => "sync",
        }
    }
}

/// The type of a resource's ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IdType {
    /// `int`.
    Int,
    /// `uuid.UUID`.
    Uuid,
    /// `str`.
    Str,
}

impl IdType {
    /// Every type with its name in configuration.
    pub const NAMES: [(&'static str, IdType); 3] = [("int", Self::Int), ("uuid", Self::Uuid), ("str", Self::Str)];

    /// The type that a column's or field's annotation says: `Mapped[uuid.UUID]`.
    #[must_use]
    pub fn of_annotation(text: &str) -> Option<Self> {
        let names = [("UUID", Self::Uuid), ("str", Self::Str), ("int", Self::Int)];
        names
            .into_iter()
            .find(|(name, _)| text.contains(name))
            .map(|(_, kind)| kind)
    }

    /// Its name in configuration.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Int => "int",
            Self::Uuid => "uuid",
            Self::Str => "str",
        }
    }
}

/// What is raised where something is not there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum NotFound {
    /// FastAPI's `HTTPException`, with 404.
    HttpException,
    /// An error of the project that is given the name of what is missing: module and class.
    Own(String, String),
}

impl Preferences {
    /// Takes one setting by its name in configuration; `false` where there is no such setting, or no such value of it.
    pub fn set(&mut self, name: &str, value: &str) -> bool {
        fn put<T>(place: &mut Option<T>, value: Option<T>) -> bool {
            let is_value = value.is_some();
            if is_value {
                *place = value;
            }
            is_value
        }
        let switch = |yes: &str, no: &str| match value {
            _ if value == yes => Some(true),
            _ if value == no => Some(false),
            _ => None,
        };
        match name {
            "path-operations" => put(&mut self.is_async, switch("async", "sync")),
            "markers" => put(&mut self.annotated, switch("annotated", "default")),
            "docstrings" => put(&mut self.docstrings, switch("true", "false")),
            "response" => put(&mut self.response, ResponseStyle::named(value)),
            "status-codes" => put(&mut self.status, StatusStyle::named(value)),
            "quotes" => put(
                &mut self.quote,
                match value {
                    "double" => Some('"'),
                    "single" => Some('\''),
                    _ => None,
                },
            ),
            "indent" => put(
                &mut self.indent,
                match value {
                    "tab" => Some("\t".to_owned()),
                    width => width
                        .parse()
                        .ok()
                        .filter(|width| *width > 0)
                        .map(|width| " ".repeat(width)),
                },
            ),
            "line-length" => put(&mut self.line_length, value.parse().ok().filter(|width| *width > 0)),
            "python-version" => {
                let minor = value.strip_prefix("3.").and_then(|minor| minor.parse().ok());
                put(&mut self.python, minor)
            }
            "id" => put(&mut self.id, one_of(IdType::NAMES, value)),
            "create-schema" => put(&mut self.create_schema, pattern(value)),
            "update-schema" => put(&mut self.update_schema, pattern(value)),
            "read-schema" => put(&mut self.read_schema, pattern(value)),
            "layout" => put(&mut self.layout, one_of(Shape::NAMES, value)),
            "orm" => put(&mut self.is_sqlmodel, switch("sqlmodel", "sqlalchemy")),
            "tests" => put(&mut self.tests, one_of(TestStyle::NAMES, value)),
            "session" => put(&mut self.session, Member::named(value)),
            "base" => put(&mut self.base, Member::named(value)),
            "settings" => put(&mut self.settings, Member::named(value)),
            "client" => put(&mut self.client, Member::named(value)),
            "not-found" => put(&mut self.not_found, NotFound::named(value)),
            _ => false,
        }
    }
}

/// What is called so.
fn one_of<T: Copy, const N: usize>(names: [(&'static str, T); N], value: &str) -> Option<T> {
    let mut names = names.into_iter();
    names.find(|(known, _)| *known == value).map(|(_, kind)| kind)
}

/// A name with one hole for the resource's.
fn pattern(value: &str) -> Option<String> {
    let is_name = crate::words::is_identifier(&value.replacen("{}", "X", 1));
    (is_name && value.contains("{}")).then(|| value.to_owned())
}

impl NotFound {
    fn named(value: &str) -> Option<Self> {
        if value == "HTTPException" {
            return Some(Self::HttpException);
        }
        let (module, class) = value.split_once(':')?;
        (!module.is_empty() && crate::words::is_identifier(class))
            .then(|| Self::Own(module.to_owned(), class.to_owned()))
    }
}

impl ResponseStyle {
    /// Every style with its name in configuration.
    pub const NAMES: [(&'static str, ResponseStyle); 4] = [
        ("annotation", Self::Annotation),
        ("response_model", Self::Model),
        ("both", Self::Both),
        ("none", Self::Nothing),
    ];

    fn named(value: &str) -> Option<Self> {
        let mut names = Self::NAMES.into_iter();
        names.find(|(known, _)| *known == value).map(|(_, style)| style)
    }

    /// Its name in configuration.
    #[must_use]
    pub fn name(self) -> &'static str {
        let mut names = Self::NAMES.into_iter();
        names.find(|(_, style)| *style == self).map_or("none", |(name, _)| name)
    }
}

impl StatusStyle {
    fn named(value: &str) -> Option<Self> {
        match value {
            "number" => Some(Self::Number),
            "constant" => Some(Self::Constant),
            _ => None,
        }
    }

    /// Its name in configuration.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Constant => "constant",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_taken_by_name() {
        let mut preferences = Preferences::default();
        for (name, value) in [
            ("path-operations", "sync"),
            ("indent", "2"),
            ("python-version", "3.12"),
            ("create-schema", "New{}"),
            ("not-found", "app.errors:NotFoundError"),
            ("layout", "domain"),
            ("orm", "sqlmodel"),
            ("tests", "sync"),
            ("session", "app.db:get_db"),
        ] {
            assert!(preferences.set(name, value), "{name}");
        }
        assert_eq!(preferences.is_async, Some(false));
        assert_eq!(preferences.indent.as_deref(), Some("  "));
        assert_eq!(preferences.python, Some(12));
        let own = NotFound::Own("app.errors".to_owned(), "NotFoundError".to_owned());
        assert_eq!(preferences.not_found, Some(own));
        assert_eq!(preferences.layout, Some(Shape::Domain));
        assert_eq!(preferences.is_sqlmodel, Some(true));
        assert_eq!(preferences.tests, Some(TestStyle::Sync));
        assert!(preferences.session.as_ref().unwrap().is("app.db", "get_db"));
        let before = preferences.clone();
        for (name, value) in [
            ("indent", "0"),
            ("create-schema", "New"),
            ("id", "float"),
            ("layout", "round"),
            ("session", "get_db"),
            ("colour", "red"),
        ] {
            assert!(!preferences.set(name, value), "{name}");
        }
        assert_eq!(preferences, before);
    }

    #[test]
    fn the_type_of_an_id_is_read_off_an_annotation() {
        assert_eq!(IdType::of_annotation("Mapped[uuid.UUID]"), Some(IdType::Uuid));
        assert_eq!(IdType::of_annotation("int | None"), Some(IdType::Int));
        assert_eq!(IdType::of_annotation("PydanticObjectId"), None);
    }
}
