//! How templates speak of what a project has: its session, tables and errors, as its own code does.

use crate::{
    Refusal, Site, database,
    draft::Draft,
    endpoint::body::not_found,
    ground::{Base, Ground, Part, Purpose, Session, Symbol},
    moment,
};
use minijinja::{Value, context};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};
use style::{Evidence, NotFound, words};

/// See the module.
#[derive(Clone, Debug)]
pub(crate) struct Terms {
    session: Session,
    base: Base,
    errors: Errors,
    habits: Value,
    /// The type of the keys that are referred to.
    pub(crate) key: String,
}

impl Terms {
    /// What the project has, or what a new one is made with.
    ///
    /// # Errors
    /// Where a project that is there has no session to work with.
    pub(crate) fn of(site: &Site<'_>, ground: &Ground) -> Result<Self, Refusal> {
        let symbol = |path: &Path, name: &str| Symbol {
            path: path.to_path_buf(),
            module: ground.dotted(path),
            name: name.to_owned(),
        };
        let session = match (ground.session.usable()?, ground.is_new()) {
            (Some(session), _) => session.clone(),
            (None, true) => {
                let path = ground.place(Purpose::Session);
                ground.made_session(
                    symbol(&path, "get_session"),
                    symbol(&path, "SessionDep"),
                    ground.prefers_sqlmodel,
                )
            }
            (None, false) => return Err(database::lacks_session(site)),
        };
        let base = match (ground.base.usable()?, ground.is_new()) {
            (Some(base), _) => base.clone(),
            (None, true) if ground.prefers_sqlmodel => Base::sqlmodel("uuid.UUID".to_owned()),
            (None, true) => {
                let path = ground.place(Purpose::Base);
                Base {
                    class: Some(symbol(&path, "Base")),
                    key_type: "uuid.UUID".to_owned(),
                    has_key: false,
                    key_mixin: Some(symbol(&path, "UUIDMixin")),
                    has_moments: false,
                    moments_mixin: Some(symbol(&path, "TimestampMixin")),
                    moment: Some(symbol(&path, moment::NAME)),
                }
            }
            (None, false) => return Err(Refusal::NoBase),
        };
        let base = base.keyed(ground.id);
        let errors = Errors::of(site, ground);
        Ok(Self {
            key: base.key_type.clone(),
            session,
            base,
            errors,
            habits: ground.habits(),
        })
    }

    /// Has the project's own column type of moments made, where it needs one; `module` is that of the table.
    ///
    /// # Errors
    /// Where a module can't be edited.
    pub(crate) fn provide_moment(
        &mut self,
        draft: &mut Draft<'_>,
        ground: &Ground,
        module: &Path,
    ) -> Result<(), Refusal> {
        if self.base.moment.is_none() {
            self.base.moment = moment::provide(draft, ground, module)?;
        }
        Ok(())
    }

    /// As they were before the project had errors of its own.
    pub(crate) fn with_plain_errors(&self) -> Self {
        let errors = Errors {
            by_status: BTreeMap::new(),
            missing: None,
        };
        Self { errors, ..self.clone() }
    }

    /// Whether calls of the session are awaited.
    pub(crate) fn is_async(&self) -> bool {
        self.session.is_async
    }

    pub(crate) fn is_sqlmodel(&self) -> bool {
        self.base.is_sqlmodel()
    }

    /// Whether the project has an error of its own for a status.
    pub(crate) fn has_error(&self, status: u16) -> bool {
        self.errors.by_status.contains_key(&status)
    }

    /// What every template of the app is given: names, imports and the functions `error`, `first` and `col`.
    pub(crate) fn values(&self) -> Value {
        let (is_sqlmodel, is_async) = (self.is_sqlmodel(), self.session.is_async);
        let first = move |query: String| match (is_sqlmodel, is_async) {
            (false, _) => format!("{}self.session.scalar({query})", if is_async { "await " } else { "" }),
            (true, false) => format!("self.session.exec({query}).first()"),
            (true, true) => format!("(await self.session.exec({query})).first()"),
        };
        let col = move |column: String| match is_sqlmodel {
            true => format!("col({column})"),
            false => column,
        };
        context! {
            aw => if is_async { "await " } else { "" },
            def => if is_async { "async def" } else { "def" },
            is_sqlmodel => is_sqlmodel,
            has_transaction => self.session.has_transaction,
            execute => if is_sqlmodel { "exec" } else { "execute" },
            key => context! { python => self.key, path => self.path_key(), sqlmodel => self.sqlmodel_key() },
            session => self.session_values(),
            provider => context! {
                module => self.session.provider.module,
                name => self.session.provider.name,
                imported => self.session.provider.imported(),
            },
            table => self.table_values(),
            error => self.errors.raising(),
            first => Value::from_function(first),
            col => Value::from_function(col),
            ..self.habits.clone()
        }
    }

    /// Import statements that templates draw from; those of names that are not used are dropped.
    pub(crate) fn imports(&self) -> BTreeMap<&'static str, String> {
        let base = [
            &self.base.class,
            &self.base.key_mixin,
            &self.base.moments_mixin,
            &self.base.moment,
        ];
        let mut session: Vec<String> = self.session.alias.iter().map(import).collect();
        if self.session.alias.is_none() {
            session.extend([
                "from typing import Annotated".to_owned(),
                "from fastapi import Depends".to_owned(),
                format!("from {} import {}", self.session.class.0, self.session.class.1),
                import(&self.session.provider),
            ]);
        }
        BTreeMap::from([
            ("base", lines(base.into_iter().flatten().map(import).collect())),
            ("session", lines(session)),
            ("errors", self.errors.imports()),
        ])
    }

    fn session_values(&self) -> Value {
        let Session {
            provider, alias, class, ..
        } = &self.session;
        let annotation = match alias {
            Some(alias) => alias.name.clone(),
            None => format!("Annotated[{}, Depends({})]", class.1, provider.name),
        };
        context! { annotation => annotation, class => class.1, class_module => class.0 }
    }

    /// A key in a path: what no database could hold is refused before it is asked.
    fn path_key(&self) -> &str {
        match self.key.as_str() {
            "int" => "Annotated[int, Path(ge=1, le=2_147_483_647)]",
            key => key,
        }
    }

    /// The type of a column of moments.
    pub(crate) fn moment(&self) -> &str {
        let own = self.base.moment.as_ref();
        own.map_or("DateTime(timezone=True)", |moment| &moment.name)
    }

    /// A key that nothing has, as a path of the tests has it.
    pub(crate) fn unknown_key(&self) -> &'static str {
        match self.key.as_str() {
            "int" => "1000",
            _ => "{uuid.uuid4()}",
        }
    }

    fn sqlmodel_key(&self) -> &'static str {
        match self.key.as_str() {
            "int" => "int | None = Field(default=None, primary_key=True)",
            "str" => "str = Field(default_factory=lambda: str(uuid.uuid4()), primary_key=True, max_length=36)",
            _ => "uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)",
        }
    }

    /// How a table is declared: its bases, its key where those have none, and the type of moments; the same of a table
    /// whose key has to be a UUID.
    fn table_values(&self) -> Value {
        const UUID_KEY: &str = "id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)";
        let base = &self.base;
        let names = |symbols: &[&Option<Symbol>]| {
            let names: Vec<&str> = symbols
                .iter()
                .filter_map(|symbol| symbol.as_ref().map(|symbol| symbol.name.as_str()))
                .collect();
            names.join(", ")
        };
        let has_key = base.has_key || base.key_mixin.is_some();
        let key = match (has_key, base.key_type.as_str()) {
            (true, _) => "",
            (false, "int") => "id: Mapped[int] = mapped_column(primary_key=True)",
            (false, "str") => {
                "id: Mapped[str] = mapped_column(String(36), primary_key=True, default=lambda: str(uuid.uuid4()))"
            }
            (false, _) => UUID_KEY,
        };
        let is_uuid = base.key_type == "uuid.UUID";
        let (plain_bases, plain_key, session_key) = match (is_uuid, base.has_key) {
            (true, _) => (
                names(&[&base.key_mixin, &base.class]),
                if has_key { "" } else { UUID_KEY },
                "id",
            ),
            (false, false) => (names(&[&base.class]), UUID_KEY, "id"),
            (false, true) => (
                names(&[&base.class]),
                "key: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)",
                "key",
            ),
        };
        context! {
            bases => names(&[&base.key_mixin, &base.moments_mixin, &base.class]),
            key => key,
            plain_bases => plain_bases,
            plain_key => plain_key,
            session_key => session_key,
            has_moments => base.has_moments || base.moments_mixin.is_some(),
            moment => self.moment(),
        }
    }
}

/// The errors that a project has for a status; FastAPI's where it has none.
#[derive(Clone, Debug)]
pub(crate) struct Errors {
    by_status: BTreeMap<u16, Symbol>,
    /// What is raised with the name of what is missing.
    missing: Option<Symbol>,
}

impl Errors {
    /// Those of a project, or those that a new one is made with.
    pub(crate) fn of(site: &Site<'_>, ground: &Ground) -> Self {
        let mut by_status = by_status(ground);
        let usual = not_found(&site.ctx, None);
        let mut missing = None;
        match usual.value {
            NotFound::HttpException if usual.evidence == Evidence::Set => {
                by_status.remove(&404);
            }
            NotFound::HttpException => {}
            // That of a new project is made by us, and takes a message.
            NotFound::Own(module, name) if ground.is_new() && is_of(&by_status, 404, &module, &name) => {}
            NotFound::Own(module, name) => {
                let path = PathBuf::new();
                missing = Some(Symbol { path, module, name });
            }
        }
        Self { by_status, missing }
    }

    /// The function `error(status, message)` of templates: what is raised to answer with a status.
    pub(crate) fn raising(&self) -> Value {
        let errors = self.clone();
        Value::from_function(move |status: u16, message: String| errors.raised(status, &message))
    }

    /// The class of what is raised.
    pub(crate) fn class(&self, status: u16) -> &str {
        self.by_status
            .get(&status)
            .map_or("HTTPException", |symbol| &symbol.name)
    }

    /// The imports that all of it may need; those of names that are not used are dropped.
    pub(crate) fn imports(&self) -> String {
        let own = self.by_status.values().chain(&self.missing).map(import);
        lines(
            own.chain(["from fastapi import HTTPException, status".to_owned()])
                .collect(),
        )
    }

    /// The imports of the classes of some statuses.
    pub(crate) fn imports_of(&self, statuses: &[u16]) -> String {
        let classes = statuses.iter().map(|status| match self.by_status.get(status) {
            Some(symbol) => import(symbol),
            None => "from fastapi import HTTPException".to_owned(),
        });
        lines(classes.collect())
    }

    /// An error that answers with a status: one of the project's own, else FastAPI's.
    pub(crate) fn raised(&self, status: u16, message: &str) -> String {
        if let (404, Some(error)) = (status, &self.missing) {
            let what = message.strip_suffix(" not found");
            let what = what.map_or_else(|| message.to_owned(), |what| words::camel(&words::snake(what)));
            return format!("{}(\"{what}\")", error.name);
        }
        if let Some(error) = self.by_status.get(&status) {
            return format!("{}(\"{message}\")", error.name);
        }
        let name = match status {
            400 => "HTTP_400_BAD_REQUEST",
            401 => "HTTP_401_UNAUTHORIZED",
            403 => "HTTP_403_FORBIDDEN",
            404 => "HTTP_404_NOT_FOUND",
            503 => "HTTP_503_SERVICE_UNAVAILABLE",
            _ => "HTTP_409_CONFLICT",
        };
        let headers = match status {
            401 => ", headers={\"WWW-Authenticate\": \"Bearer\"}",
            _ => "",
        };
        format!("HTTPException(status_code=status.{name}, detail=\"{message}\"{headers})")
    }
}

/// The errors of a project, or those that a new one is made with.
fn by_status(ground: &Ground) -> BTreeMap<u16, Symbol> {
    const MADE: [(u16, &str); 6] = [
        (400, "BadRequestError"),
        (401, "UnauthorizedError"),
        (403, "ForbiddenError"),
        (404, "NotFoundError"),
        (409, "ConflictError"),
        (503, "ServiceUnavailableError"),
    ];
    let made = |path: &PathBuf, name: &str| Symbol {
        path: path.clone(),
        module: ground.dotted(path),
        name: name.to_owned(),
    };
    match &ground.errors {
        Part::Found(errors) => errors.by_status.clone(),
        Part::Free(path) if ground.is_new() => MADE.map(|(status, name)| (status, made(path, name))).into(),
        Part::Free(_) | Part::Refused(_) => BTreeMap::new(),
    }
}

fn is_of(by_status: &BTreeMap<u16, Symbol>, status: u16, module: &str, name: &str) -> bool {
    let known = by_status.get(&status);
    known.is_some_and(|known| known.module == module && known.name == name)
}

/// The import of a name.
pub(crate) fn import(symbol: &Symbol) -> String {
    format!("from {} import {}", symbol.module, symbol.imported())
}

/// One below the other.
pub(crate) fn lines(lines: Vec<String>) -> String {
    lines.join("\n")
}
