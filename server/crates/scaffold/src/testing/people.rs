//! Who asks in tests: the fixtures of signed-in clients that a project has, by their names, else a user in the place of what
//! the dependency gives.

use super::{
    access::{Access, Giver},
    demands::Demand,
    fixtures::{self, Known},
    made::Backend,
    sample,
};
use crate::{
    Refusal, Site, client,
    draft::Draft,
    ground::{Ground, Part},
    schemas::{self, ColumnDefault},
    template,
};
use minijinja::context;
use model::SchemaKind;
use serde::Serialize;
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};
use style::TestStyle;

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    /// Someone without privileges.
    User,
    /// Someone else without privileges.
    Other,
    /// Who has the privileges that are demanded.
    Privileged,
}

/// How a test asks as someone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Entry {
    /// Parameters of the test beside its client: name and type.
    pub(super) parameters: Vec<(String, String)>,
    pub(super) imports: Vec<String>,
    /// What stands before the request.
    pub(super) before: Vec<String>,
    /// The headers that are sent.
    pub(super) headers: Option<String>,
    /// The client that is signed in, where that is another one.
    pub(super) client: Option<String>,
}

/// A user of the fixtures that are made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Person {
    name: String,
    docstring: String,
    arguments: String,
}

/// Where a row is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Store {
    /// The fixture.
    name: String,
    /// The class that it gives.
    class: String,
    is_async: bool,
    /// Whether it gives an engine, and a session is opened on it.
    is_engine: bool,
    /// Whether tests share it, so that what one writes the next one finds.
    is_shared: bool,
}

/// The fixtures with which tests of one module are someone: those that are there, and those that are to be made.
pub(super) struct People<'a> {
    site: &'a Site<'a>,
    ground: &'a Ground,
    known: Vec<Known>,
    conftest: PathBuf,
    store: Option<Store>,
    /// The names that parameters are given can't be others'.
    made: Vec<Person>,
    imports: BTreeSet<String>,
    /// The dependency that is overridden.
    overridden: Option<Giver<'a>>,
    /// What reads who is asking, where that is overridden.
    backend: Option<Backend>,
}

impl<'a> People<'a> {
    /// `is_new` where the fixtures of the project are in the making, with a session as `session`.
    pub(super) fn read(site: &'a Site<'a>, ground: &'a Ground, tests: &Path) -> Self {
        let known = fixtures::visible(site, ground, tests);
        let conftest = match &ground.client {
            Part::Found(client) => client.fixture.path.clone(),
            Part::Free(path) => path.clone(),
            Part::Refused(_) => site.root.join("tests/conftest.py"),
        };
        let store = store(ground, &known);
        Self {
            site,
            ground,
            known,
            conftest,
            store,
            made: Vec::new(),
            imports: BTreeSet::new(),
            overridden: None,
            backend: None,
        }
    }

    /// Whether each test has a database of its own, so that what one writes no other one sees.
    pub(super) fn are_apart(&self) -> bool {
        let client = self.ground.client.found();
        let is_shared = client.is_some_and(|client| {
            let mut known = self.known.iter();
            known.any(|fixture| fixture.name == client.fixture.name && !fixture.is_own)
        });
        !is_shared
    }

    /// How a test asks as someone.
    ///
    /// # Errors
    /// Why no test can, for people.
    pub(super) fn entry(&mut self, access: &Access<'a>, who: Who) -> Result<Entry, String> {
        if let Some(entry) = self.signed_in(access, who) {
            return Ok(entry);
        }
        self.overriding(access, who)
    }

    /// A user in the place of what the dependency gives.
    fn overriding(&mut self, access: &Access<'a>, who: Who) -> Result<Entry, String> {
        let giver = access.giver.ok_or("which dependency gives the user can't be told")?;
        let class = giver.user.name.to_string();
        if let Some(known) = &self.overridden
            && known.name() != giver.name()
        {
            let (known, name) = (known.name(), giver.name());
            return Err(format!("`{known}` is overridden already, and this rests on `{name}`"));
        }
        let person = self.person(access, giver, who)?;
        self.overridden = Some(giver);
        self.backend = access.backend.clone();
        let module = giver.user.module.to_string();
        Ok(Entry {
            parameters: vec![
                (person.clone(), class.clone()),
                ("sign_in".to_owned(), format!("Callable[[{class}], None]")),
            ],
            imports: vec![
                "from collections.abc import Callable".to_owned(),
                format!("from {module} import {class}"),
            ],
            before: vec![format!("sign_in({person})")],
            headers: None,
            client: None,
        })
    }

    /// How the client itself comes to ask as someone, for the whole of a test.
    ///
    /// # Errors
    /// As above.
    pub(super) fn entry_of_client(&mut self, access: &Access<'a>, who: Who) -> Result<Entry, String> {
        let is_own = self.are_apart();
        let signed = self
            .signed_in(access, who)
            .filter(|entry| entry.headers.is_some() && is_own);
        match signed {
            Some(entry) => Ok(entry),
            None => self.overriding(access, who),
        }
    }

    /// The fixtures that are someone, by their names.
    pub(super) fn signed(&self) -> BTreeSet<String> {
        let words = [
            "headers",
            "token",
            "sign_in",
            "signed",
            "authorized",
            "authenticated",
            "logged",
        ];
        let names = self.known.iter().map(|known| known.name.clone());
        names
            .filter(|name| words.iter().any(|word| name.contains(word)))
            .collect()
    }

    /// A fixture of the project that is someone already: headers with a token, or a client that sends them.
    fn signed_in(&self, access: &Access<'_>, who: Who) -> Option<Entry> {
        const OTHERS: [&str; 12] = [
            "other",
            "second",
            "another",
            "invalid",
            "bad",
            "expired",
            "wrong",
            "unauthorized",
            "unauthenticated",
            "anonymous",
            "inactive",
            "no",
        ];
        const ADMINS: [&str; 5] = ["admin", "superuser", "staff", "root", "administrator"];
        const SIGNED: [&str; 8] = [
            "authorized",
            "authenticated",
            "auth",
            "logged",
            "signed",
            "user",
            "token",
            "authorization",
        ];
        let is_privileged = match who {
            Who::User => false,
            Who::Privileged => true,
            Who::Other => return None,
        };
        let people: Vec<String> = access.privileges().map(Demand::person).collect();
        let is_wanted = |known: &&Known| {
            let words: Vec<&str> = known.name.split('_').collect();
            let has = |options: &[&str]| options.iter().any(|option| words.contains(option));
            let is_person = people.iter().any(|person| words.contains(&person.as_str()));
            let is_admin = has(&ADMINS) && people.iter().any(|person| person == "admin");
            let is_right = match is_privileged {
                true => is_person || is_admin,
                false => !has(&ADMINS) && !is_person && has(&SIGNED),
            };
            is_right && !has(&OTHERS)
        };
        let client = self.ground.client.found()?;
        let mut wanted: Vec<&Known> = self.known.iter().filter(is_wanted).collect();
        wanted.sort_by_key(|known| known.name.len());
        let has_headers = |known: &&&Known| {
            let is_dict = ["dict[str, str]", "Dict[str, str]"].contains(&known.gives.as_str());
            known.name.ends_with("headers") && (is_dict || known.gives.is_empty())
        };
        if let Some(headers) = wanted.iter().find(has_headers) {
            return Some(Entry {
                parameters: vec![(headers.name.clone(), "dict[str, str]".to_owned())],
                headers: Some(headers.name.clone()),
                ..Entry::default()
            });
        }
        let is_client = |known: &&&Known| {
            let is_class = known.gives.rsplit('.').next() == Some(&*client.class.1);
            known.name != client.fixture.name && known.name.ends_with("client") && is_class
        };
        let signed = wanted.iter().find(is_client)?;
        Some(Entry {
            client: Some(signed.name.clone()),
            ..Entry::default()
        })
    }

    /// The fixture of a user, made where there is none.
    fn person(&mut self, access: &Access<'a>, giver: Giver<'a>, who: Who) -> Result<String, String> {
        let class = &*giver.user.name;
        let privileged = || {
            let first = access.privileges().next();
            first.map_or_else(|| "admin".to_owned(), Demand::person)
        };
        let usual = match who {
            Who::User => "user".to_owned(),
            Who::Other => "other_user".to_owned(),
            Who::Privileged => privileged(),
        };
        let is_of_class = |known: &Known| known.gives.rsplit('.').next() == Some(class);
        for name in [usual.clone(), format!("signed_in_{usual}")] {
            match self.known.iter().find(|known| known.name == name) {
                Some(known) if is_of_class(known) => return Ok(name),
                Some(_) => {}
                None => {
                    self.make(access, giver, who, &name)?;
                    return Ok(name);
                }
            }
        }
        Err(format!("`{usual}` is another fixture already"))
    }

    fn make(&mut self, access: &Access<'a>, giver: Giver<'a>, who: Who, name: &str) -> Result<(), String> {
        if self.made.iter().any(|person| person.name == name) {
            return Ok(());
        }
        let demands = access
            .demands
            .iter()
            .filter(|demand| !demand.is_privilege() || who == Who::Privileged);
        let (arguments, imports) = self.arguments(giver, demands.collect(), who)?;
        self.imports.extend(imports);
        let docstring = match who {
            Who::User => "Someone who is known.".to_owned(),
            Who::Other => "Someone else.".to_owned(),
            Who::Privileged => format!("Someone who may do what {} may.", template::article(name)),
        };
        self.made.push(Person {
            name: name.to_owned(),
            docstring,
            arguments,
        });
        Ok(())
    }

    /// What the user's class is called with.
    fn arguments(&self, giver: Giver<'a>, demands: Vec<&Demand>, who: Who) -> Result<(String, Vec<String>), String> {
        let user = giver.user;
        let class = &user.name;
        let is_table = matches!(user.kind, SchemaKind::SqlAlchemy | SchemaKind::SqlModelTable);
        if is_table && self.store.is_none() {
            return Err(format!("no fixture gives a session in which a `{class}` could be made"));
        }
        if !is_table
            && !matches!(
                user.kind,
                SchemaKind::Pydantic | SchemaKind::Dataclass | SchemaKind::SqlModel
            )
        {
            return Err(format!("how a `{class}` is made can't be told"));
        }
        let inherited = schemas::inherited_columns(&self.site.ctx, user);
        if user.incomplete && inherited.is_empty() {
            return Err(format!("what a `{class}` has to have can't be told"));
        }
        let (mut columns, _) = schemas::columns(self.site, user)?;
        columns.extend(inherited);
        let number = match who {
            Who::User => 0,
            Who::Other => 1,
            Who::Privileged => 2,
        };
        let mut arguments = Vec::new();
        let mut imports = Vec::new();
        for column in &columns {
            if let Some(demand) = demands.iter().find(|demand| demand.attribute == column.name) {
                let choice = sample::choice(self.site, column).filter(|_| demand.value.starts_with(['"', '\'']));
                let value = match &choice {
                    Some((class, _)) => format!("{class}({})", demand.value),
                    None => demand.value.clone(),
                };
                arguments.push(format!("{}={value}", column.name));
                imports.extend(demand.imports.iter().cloned());
                imports.extend(choice.map(|(_, import)| import));
                continue;
            }
            let is_made = column.is_key && is_table && matches!(column.ty.rsplit('.').next(), Some("int" | "UUID"));
            let has_default = match &column.default {
                ColumnDefault::None => false,
                ColumnDefault::Value(value) => value != "...",
                ColumnDefault::Made => true,
            };
            if has_default || column.is_nullable || is_made {
                continue;
            }
            let is_shared = self.store.as_ref().is_some_and(|store| store.is_shared);
            let own = is_shared.then(|| sample::another(column)).flatten();
            let (value, needed) = own
                .or_else(|| sample::column(self.site, column, number))
                .ok_or_else(|| format!("no value can be told for `{class}.{}`", column.name))?;
            arguments.push(format!("{}={value}", column.name));
            imports.extend(needed);
        }
        let unknown = demands
            .iter()
            .find(|demand| !columns.iter().any(|column| column.name == demand.attribute));
        match unknown {
            Some(demand) => Err(format!("`{class}.{}` is no column", demand.attribute)),
            None => Ok((arguments.join(", "), imports)),
        }
    }

    /// Writes the fixtures that are to be made.
    pub(super) fn write(&self, draft: &mut Draft<'_>) -> Result<(), Refusal> {
        let Some(giver) = self.overridden else { return Ok(()) };
        if self.made.is_empty() && self.has("sign_in") {
            return Ok(());
        }
        let found = self.ground.client.found();
        let module = |path: &Path| self.ground.dotted(path);
        let provider = giver.callable.def.map(|def| self.site.ctx.files.path(def.file));
        let app = match &self.ground.app {
            Some(app) => context! { module => app.symbol.module, name => app.symbol.name },
            None => return Ok(()),
        };
        let is_table = matches!(giver.user.kind, SchemaKind::SqlAlchemy | SchemaKind::SqlModelTable);
        let imports: Vec<&String> = self.imports.iter().collect();
        let session = self.ground.session.found().map(|session| &session.class);
        let values = context! {
            people => self.made,
            user => context! { module => &*giver.user.module, name => &*giver.user.name },
            giver => context! {
                module => provider.map(|path| module(&path)),
                name => giver.name(),
            },
            backend => self.backend,
            app => app,
            store => self.store.as_ref().filter(|_| is_table),
            session => session.map(|(module, name)| context! { module => module, name => name }),
            is_sqlmodel => session.is_some_and(|(module, _)| module.starts_with("sqlmodel")),
            fixture_decorator => found.map_or_else(|| client::decorator(self.ground.tests), |client| client.fixture_decorator.clone()),
            imports => imports,
        };
        let text = template::render("testing/people.py", values)?;
        let text = self.ground.written_test(&text)?;
        draft.program(&self.conftest, &text, &self.ground.format).map(|_| ())
    }

    /// Whether there is a fixture of a name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.known.iter().any(|known| known.name == name)
    }
}

/// The fixture that gives a session or an engine for each test; that of a new `conftest.py` where there is none yet.
fn store(ground: &Ground, known: &[Known]) -> Option<Store> {
    let session = ground.session.found()?;
    let of = |name: &str, class: &str, is_engine: bool| Store {
        name: name.to_owned(),
        class: class.to_owned(),
        is_async: session.is_async,
        is_engine,
        is_shared: false,
    };
    if ground.client.found().is_none() {
        let is_apart = session.is_async && ground.tests == TestStyle::Sync;
        if is_apart {
            return None;
        }
        return Some(of("session", &session.class.1, false));
    }
    let gives = |class: &str| {
        let mut own = known.iter().filter(|known| known.is_own);
        own.find(|known| known.gives.rsplit('.').next() == Some(class))
    };
    let engine = if session.is_async { "AsyncEngine" } else { "Engine" };
    let shared = || {
        let said = ground
            .test_session
            .as_ref()
            .filter(|said| said.class.1 == session.class.1)?;
        let known = known.iter().find(|known| known.name == said.fixture)?;
        let store = of(&known.name, &said.class.1, false);
        Some(Store {
            is_shared: !known.is_own,
            ..store
        })
    };
    gives(&session.class.1)
        .map(|known| of(&known.name, &session.class.1, false))
        .or_else(|| gives(engine).map(|known| of(&known.name, engine, true)))
        .or_else(shared)
}
