//! How code is to be written: `[tool.routewright.style]`.

use super::Config;
use super::key::{Key, Kind, Setting};
use super::node::Node;

const fn key(name: &'static str, kind: Kind, docs: &'static str, default: &'static str, example: &'static str) -> Key {
    Key {
        name,
        kind,
        docs,
        default,
        example,
        set,
    }
}

fn set(config: &mut Config, name: &'static str, setting: Setting) {
    if let Some(text) = setting.text() {
        config.style.insert(name, text);
    }
}

/// What most of the project's path operations do decides.
const AS_THEY_DO: &str = "as most path operations have it";

/// The keys of `[tool.routewright.style]`. What is set is what inserted code has; what is not is read off the project.
#[must_use]
pub fn style_keys() -> &'static [Key] {
    const KEYS: &[Key] = &[
        key(
            "layout",
            Kind::Choice(&["flat", "layered", "domain"]),
            "Where new modules go: beside each other (`flat`), in a package for each layer (`layered`), or in one for each \
             resource (`domain`).",
            "as the project is laid out, `layered` for a new one",
            "\"domain\"",
        ),
        key(
            "orm",
            Kind::Choice(&["sqlalchemy", "sqlmodel"]),
            "How tables are written, where the project has none.",
            "as the project's tables are, else `sqlalchemy`",
            "\"sqlmodel\"",
        ),
        key(
            "session",
            Kind::Member,
            "What gives a database session, as `module:name`: a function, or an alias of `Annotated[…, Depends(…)]`.",
            "the one that most path operations depend on",
            "\"app.db:get_session\"",
        ),
        key(
            "base",
            Kind::Member,
            "The declarative base of the tables, as `module:Class`.",
            "the class that inherits from `DeclarativeBase`",
            "\"app.db:Base\"",
        ),
        key(
            "settings",
            Kind::Member,
            "The class of the settings, as `module:Class`.",
            "the class that inherits from `BaseSettings`",
            "\"app.config:Settings\"",
        ),
        key(
            "client",
            Kind::Member,
            "The fixture that gives tests a client of the app, as `module:name`.",
            "the fixture with the plainest name that gives a `TestClient` or an `AsyncClient`",
            "\"tests.conftest:client\"",
        ),
        key(
            "tests",
            Kind::Choice(&["anyio", "asyncio", "sync"]),
            "How tests are run: `AsyncClient` under AnyIO's plugin or pytest-asyncio, or `TestClient`. A client that the \
             project has is used as it is.",
            "as the project's tests are, else `anyio`",
            "\"asyncio\"",
        ),
        key(
            "path-operations",
            Kind::Choice(&["async", "sync"]),
            "Whether path operations are `async def` or `def`, where what they call leaves the choice.",
            AS_THEY_DO,
            "\"async\"",
        ),
        key(
            "markers",
            Kind::Choice(&["annotated", "default"]),
            "Whether `Depends`, `Query` and the like stand in `Annotated` or are defaults.",
            AS_THEY_DO,
            "\"annotated\"",
        ),
        key(
            "response",
            Kind::Choice(&["annotation", "response_model", "both", "none"]),
            "Where the schema of a response is said: in the return annotation, as `response_model`, or both.",
            AS_THEY_DO,
            "\"annotation\"",
        ),
        key(
            "status-codes",
            Kind::Choice(&["number", "constant"]),
            "Whether status codes are numbers or constants of `fastapi.status`.",
            AS_THEY_DO,
            "\"constant\"",
        ),
        key(
            "docstrings",
            Kind::Switch,
            "Whether path operations have docstrings.",
            AS_THEY_DO,
            "true",
        ),
        key(
            "not-found",
            Kind::NotFound,
            "What is raised where something is not there: `HTTPException`, or an error of the project as `module:Class` that \
             takes the name of what is missing.",
            "the error that path operations raise so, else `HTTPException`",
            "\"app.errors:NotFoundError\"",
        ),
        key(
            "id",
            Kind::Choice(&["int", "uuid", "str"]),
            "The type of ids, where a resource's own code does not show it.",
            "that of most tables, else `int`",
            "\"uuid\"",
        ),
        key(
            "create-schema",
            Kind::SchemaName,
            "What the schema is called that creates something.",
            "as most bodies of POST are called",
            "\"{}Create\"",
        ),
        key(
            "update-schema",
            Kind::SchemaName,
            "What the schema is called that changes something.",
            "as most bodies of PATCH and PUT are called",
            "\"{}Update\"",
        ),
        key(
            "read-schema",
            Kind::SchemaName,
            "What the schema is called that clients get.",
            "as most responses are called",
            "\"{}Public\"",
        ),
        key(
            "quotes",
            Kind::Choice(&["double", "single"]),
            "The quotes of ordinary strings.",
            "those that most strings of the module have, in a new one those of the module with the app",
            "\"double\"",
        ),
        key(
            "indent",
            Kind::Indent,
            "The indentation of new modules: a number of spaces, or `\"tab\"`.",
            "that of the module with the app, else 4",
            "4",
        ),
        key(
            "line-length",
            Kind::Number,
            "The longest line, in columns.",
            "what ruff or black are told, else 88",
            "100",
        ),
        key(
            "python-version",
            Kind::PythonVersion,
            "The oldest Python that new code has to run on.",
            "the lowest one that `requires-python` allows",
            "\"3.12\"",
        ),
    ];
    KEYS
}

/// Reads a value of the style's kinds; a sentence that says what is right, where it is wrong.
pub(super) fn read(kind: Kind, node: &Node) -> Result<String, String> {
    let text = node.text();
    let number = node
        .integer()
        .filter(|number| *number > 0)
        .map(|number| number.to_string());
    let (value, right) = match kind {
        Kind::Choice(choices) => {
            let quoted: Vec<String> = choices.iter().map(|choice| format!("`{choice}`")).collect();
            let chosen = text.filter(|text| choices.contains(text)).map(str::to_owned);
            (chosen, format!("one of {}", quoted.join(", ")))
        }
        Kind::Switch => (node.switch().map(|value| value.to_string()), "true or false".to_owned()),
        Kind::Number => (number, "a whole number above 0".to_owned()),
        Kind::Indent => {
            let tab = || text.filter(|text| *text == "tab").map(str::to_owned);
            (number.or_else(tab), "a number of spaces above 0, or `tab`".to_owned())
        }
        Kind::PythonVersion => {
            let minor = |text: &&str| text.strip_prefix("3.").is_some_and(|minor| minor.parse::<u8>().is_ok());
            let version = text.filter(minor).map(str::to_owned);
            (version, "a version with two numbers, for example `3.12`".to_owned())
        }
        Kind::SchemaName => {
            let name = text.filter(|text| is_schema_name(text)).map(str::to_owned);
            let right = "a class name with `{}` where the resource's name goes, for example `{}Create`";
            (name, right.to_owned())
        }
        Kind::NotFound => {
            let is_error = |text: &&str| *text == "HTTPException" || is_member(text);
            let right = "`HTTPException`, or an error as `module:Class`, for example `app.errors:NotFoundError`";
            (text.filter(is_error).map(str::to_owned), right.to_owned())
        }
        Kind::Member => {
            let member = text.filter(|text| is_member(text)).map(str::to_owned);
            (
                member,
                "a name as `module:name`, for example `app.db:get_session`".to_owned(),
            )
        }
        _ => (None, "of another kind".to_owned()),
    };
    value.ok_or_else(|| format!("it must be {right}"))
}

fn is_schema_name(text: &str) -> bool {
    text.matches("{}").count() == 1 && is_identifier(&text.replace("{}", "X"))
}

fn is_member(text: &str) -> bool {
    text.split_once(':')
        .is_some_and(|(module, class)| module.split('.').all(is_identifier) && is_identifier(class))
}

fn is_identifier(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c == '_' || c.is_alphabetic()) && chars.all(|c| c == '_' || c.is_alphanumeric())
}
