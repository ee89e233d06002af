//! *Require a user*: the dependency with which the project says who is asking, put on a path operation, a router or an app.

mod find;
mod place;

use crate::{
    About, Plan, Refusal, Site,
    draft::{Draft, python},
    excerpt::Excerpt,
    ground::{Ground, Symbol},
    imports::Need,
    memo::LOGIN_FORM,
    resolve::{self, Binding},
    testing::{self, require::Required},
};
use base::Span;
pub(crate) use find::Guards;
use find::{Factory, Guard};
use model::{Route, RouterId};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

/// How help and documentation tell of it.
pub(crate) const ABOUT: About = About {
    name: "require",
    command: "add auth --on FILE:NAME --require WHO",
    summary: "Require a user on a path operation, a router or an app",
    docs: DOCS,
};

const DOCS: &str = r#"
**Adds** the project's own dependency to a path operation, a router or an app: a parameter where the function's siblings have
one, an entry of `dependencies` elsewhere. Who may ask is `user`, `active`, `admin`, `role=NAME`, `scopes=NAME,NAME` or `optional`.

Tests that ask for it pass as before: they are marked with a fixture, which is made where there is none, that lets someone ask
who may.

**Takes from the project** the dependency, its `Annotated` alias, the parameter's usual name, and fixtures of signed-in clients.

**Leaves alone** what requires it already, by itself or by its router or app. Without such a dependency it names `add auth`.
"#;

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RequireRequest {
    /// The module, absolute or below the project's folder.
    pub file: PathBuf,
    /// A path operation, router or app in it, by its name; the module's first router or app where left out.
    #[serde(default)]
    pub name: Option<String>,
    /// What is required.
    pub requirement: Requirement,
}

/// Who may ask.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Requirement {
    /// Anyone who is known.
    User,
    /// Anyone who is known and active.
    Active,
    /// Administrators.
    Admin,
    /// Those of a role.
    Role(String),
    /// Those whose token has all of these scopes.
    Scopes(Vec<String>),
    /// Anyone; who is known is told.
    Optional,
}

impl TryFrom<String> for Requirement {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let is_word =
            |word: &str| !word.is_empty() && !word.contains(['"', '\'', '\\']) && !word.contains(char::is_whitespace);
        match text.split_once('=') {
            None => match text.as_str() {
                "user" => return Ok(Self::User),
                "active" => return Ok(Self::Active),
                "admin" => return Ok(Self::Admin),
                "optional" => return Ok(Self::Optional),
                _ => {}
            },
            Some(("role", role)) if is_word(role) => return Ok(Self::Role(role.to_owned())),
            Some(("scopes", scopes)) if scopes.split(',').all(is_word) => {
                return Ok(Self::Scopes(scopes.split(',').map(str::to_owned).collect()));
            }
            Some(_) => {}
        }
        Err(format!(
            "`{text}` is none of user, active, admin, role=NAME, scopes=NAME,NAME and optional"
        ))
    }
}

impl From<Requirement> for String {
    fn from(requirement: Requirement) -> Self {
        match requirement {
            Requirement::User => "user".to_owned(),
            Requirement::Active => "active".to_owned(),
            Requirement::Admin => "admin".to_owned(),
            Requirement::Role(role) => format!("role={role}"),
            Requirement::Scopes(scopes) => format!("scopes={}", scopes.join(",")),
            Requirement::Optional => "optional".to_owned(),
        }
    }
}

impl Requirement {
    /// What is done to something that is named behind it, for people.
    pub(crate) fn title(&self) -> String {
        match self {
            Self::User => "Require the current user on".to_owned(),
            Self::Active => "Require an active user on".to_owned(),
            Self::Admin => "Require an administrator on".to_owned(),
            Self::Role(role) => format!("Require the role `{role}` on"),
            Self::Scopes(scopes) => format!("Require the scope `{}` on", scopes.join("`, `")),
            Self::Optional => "Take the current user, if there is one, in".to_owned(),
        }
    }
}

/// What can be required on a path operation, router or app, which stands on some lines of a module's text, and does not
/// require it already. Cheap: only these lines are read.
pub(crate) fn possible(site: &Site<'_>, path: &Path, text: &str, lines: Span, name: &str) -> Vec<Requirement> {
    let guards = site.known_guards();
    let excerpt = Excerpt::of_lines(text, lines).filter(|_| !guards.is_empty());
    let Some(excerpt) = excerpt else {
        return Vec::new();
    };
    let text = &excerpt.text;
    let target = place::find(excerpt.suite(), Some(name));
    let Some(target) = target.filter(|target| check_login(site, path, target, text).is_ok()) else {
        return Vec::new();
    };
    let tells_user = guards.tell_user(target.header(text));
    let plain = [Requirement::User, Requirement::Active, Requirement::Admin];
    let roles = guards.roles.iter().cloned().map(Requirement::Role);
    let scopes = guards
        .scope_names
        .iter()
        .map(|scope| Requirement::Scopes(vec![scope.clone()]));
    let optional = (target.is_function() && !tells_user).then_some(Requirement::Optional);
    let all = plain.into_iter().chain(roles).chain(scopes).chain(optional);
    all.filter(|requirement| !(tells_user && *requirement == Requirement::User))
        .filter(|requirement| Asked::of(&guards, requirement).is_ok_and(|asked| !asked.is_there(text, &target)))
        .collect()
}

/// The names by which the project's code asks who is asking.
pub(crate) fn guard_names(site: &Site<'_>) -> BTreeSet<String> {
    site.known_guards().names()
}

/// The whole change, or why there is none.
///
/// # Errors
/// Where there is no such thing, or the project can't say who is asking.
pub fn build(site: &Site<'_>, request: &RequireRequest) -> Result<Plan, Refusal> {
    let path = site.root.join(&request.file);
    let ground = site.ground();
    let guards = site.guards();
    let mut draft = Draft::new(*site);
    let asked = Asked::of(&guards, &request.requirement)?.imported(site);
    let text = site.disk.text(&path).ok_or(Refusal::Unreadable)?;
    let shown = path.strip_prefix(site.root).unwrap_or(&path).display().to_string();
    let suite = python::suite(&text).map_err(|problem| Refusal::Broken(shown.clone(), problem))?;
    let target = place::find(&suite, request.name.as_deref())
        .ok_or_else(|| Refusal::NoTarget(request.name.clone().unwrap_or_default(), shown.clone()))?;
    check_login(site, &path, &target, &text)?;
    let summary = format!(
        "Require {} on {}",
        String::from(request.requirement.clone()),
        target.name()
    );
    let is_user = request.requirement == Requirement::User && guards.require_user(target.header(&text));
    if is_user || asked.is_there(&text, &target) {
        draft.note(format!("`{}` requires it already", target.name()));
        return draft.finish(summary);
    }
    let style = place::Style {
        format: &ground.format,
        is_annotated: guards.all.iter().any(|guard| guard.alias.is_some()) || is_annotated(site, &path),
        is_unused_refused: refuses_unused(site),
        is_listed: guards.tell_user(target.header(&text)) || asked.is_listed(site),
    };
    let (edits, needs) = place::edits(&text, &target, &asked, &style)?;
    for (span, new) in edits {
        draft.replace(&path, &ground.format, span, &new)?;
    }
    draft.need(&path, &ground.format, needs)?;
    if request.requirement != Requirement::Optional {
        let affected = testing::require::affected(site, &path, target.name(), target.is_function());
        update_tests(&mut draft, &ground, &guards, &affected, &request.requirement)?;
    }
    draft.finish(summary)
}

/// The first dependency of the project that asks for one of these.
pub(crate) fn user_guard(site: &Site<'_>, wanted: &[Requirement]) -> Option<Symbol> {
    let guards = site.guards();
    let mut found = wanted.iter().filter_map(|requirement| guards.get(requirement));
    found.next().map(|guard| guard.provider.clone())
}

/// The dependency as it is written.
pub(crate) struct Asked {
    /// What stands in `Depends(…)`, or the whole of `Security(…)`.
    call: String,
    /// The parameter's dependency and type.
    parameter: Option<Guard>,
    needs: Vec<Need>,
    /// What is imported for the parameter's type.
    type_needs: Vec<Need>,
    is_optional: bool,
}

impl Asked {
    /// What a factory makes of some arguments.
    fn made_by(factory: &Factory, arguments: &str) -> Self {
        let symbol = &factory.symbol;
        let call = format!("{}({arguments})", symbol.name);
        let made = Need::member(&symbol.module, &symbol.name);
        let (call, needs) = match factory.is_marked {
            true => (call, vec![made]),
            false => (
                format!("Depends({call})"),
                vec![Need::member("fastapi", "Depends"), made],
            ),
        };
        Self {
            call,
            parameter: None,
            needs,
            type_needs: Vec::new(),
            is_optional: false,
        }
    }

    fn of(guards: &Guards, requirement: &Requirement) -> Result<Self, Refusal> {
        let need = |symbol: &Symbol| Need::member(&symbol.module, &symbol.name);
        let fastapi = |name: &str| Need::member("fastapi", name);
        let lacks = |what: &str| Err(Refusal::NoGuard(what.to_owned(), guards.known()));
        match requirement {
            Requirement::Role(role) => {
                let Some(factory) = &guards.role else {
                    return lacks("those of a role");
                };
                Ok(Self::made_by(factory, &format!("\"{role}\"")))
            }
            Requirement::Scopes(scopes) => {
                let quoted: Vec<String> = scopes.iter().map(|scope| format!("\"{scope}\"")).collect();
                let quoted = quoted.join(", ");
                match (&guards.scopes, &guards.scoped) {
                    (Some(factory), _) => Ok(Self::made_by(factory, &quoted)),
                    (None, Some(scoped)) => Ok(Self {
                        call: format!("Security({}, scopes=[{quoted}])", scoped.name),
                        parameter: None,
                        needs: vec![fastapi("Security"), need(scoped)],
                        type_needs: Vec::new(),
                        is_optional: false,
                    }),
                    (None, None) => lacks("those of a scope"),
                }
            }
            requirement => {
                let Some(guard) = guards.get(requirement) else {
                    return lacks(match requirement {
                        Requirement::Active => "the active user",
                        Requirement::Admin => "an administrator",
                        Requirement::Optional => "the user if there is one",
                        _ => "the current user",
                    });
                };
                // What an alias makes is no function of its own.
                let is_function = guard.alias.as_ref() != Some(&guard.provider);
                let made = match (is_function, &guards.role) {
                    (true, _) => Self {
                        call: format!("Depends({})", guard.provider.name),
                        parameter: None,
                        needs: vec![fastapi("Depends"), need(&guard.provider)],
                        type_needs: Vec::new(),
                        is_optional: false,
                    },
                    (false, Some(factory)) => Self::made_by(factory, "\"admin\""),
                    (false, None) => return lacks("an administrator"),
                };
                Ok(Self {
                    parameter: Some(guard.clone()),
                    is_optional: *requirement == Requirement::Optional,
                    ..made
                })
            }
        }
    }

    /// Whether the project itself has it in lists of dependencies, and no alias for it.
    fn is_listed(&self, site: &Site<'_>) -> bool {
        let has_alias = self.parameter.as_ref().is_some_and(|guard| guard.alias.is_some());
        let squeezed = |text: &str| text.split_whitespace().collect::<String>();
        let listed = format!("dependencies=[{}", squeezed(&self.call));
        let files = site.disk.python_files();
        let mut texts = files.iter().filter_map(|path| site.disk.text(path));
        !has_alias && texts.any(|text| text.contains(&self.call) && squeezed(&text).contains(&listed))
    }

    /// The same with the imports that the type takes, as its own module has them.
    fn imported(mut self, site: &Site<'_>) -> Self {
        let gives = self.parameter.as_ref().and_then(|guard| guard.gives.as_ref());
        let Some((gives, symbol)) = gives else {
            self.type_needs = vec![Need::member("typing", "Any")];
            return self;
        };
        let file = site.disk.file(&symbol.path);
        let facts = site.ctx.facts(file);
        for name in place::names(gives) {
            let binding = facts
                .as_ref()
                .and_then(|facts| resolve::binding(&site.ctx, file, facts, &name));
            self.type_needs.extend(match binding {
                Some(Binding::Member(module, member)) if member == name => Some(Need::Member(module, member)),
                Some(Binding::Member(module, member)) => Some(Need::Renamed(module, member, name)),
                Some(Binding::Module(module)) if module.split('.').next() == Some(&name) => Some(Need::Module(module)),
                Some(Binding::Module(module)) => Some(Need::ModuleAs(module, name)),
                Some(_) => Some(Need::member(&symbol.module, &name)),
                // A built-in type.
                None => None,
            });
        }
        self
    }

    /// Whether the target names the dependency, or its alias.
    fn is_there(&self, text: &str, target: &place::Target) -> bool {
        let squeezed = |text: &str| text.split_whitespace().collect::<String>().replace('\'', "\"");
        let header = squeezed(&place::undotted(target.header(text)));
        let alias = self.parameter.as_ref().and_then(|guard| guard.alias.as_ref());
        header.contains(&squeezed(&self.call))
            || alias.is_some_and(|alias| header.contains(&format!(":{}", alias.name)))
    }
}

impl Guards {
    /// Whether a signature says already who is asking, so that a second parameter would say it again.
    fn tell_user(&self, header: &str) -> bool {
        self.name_guard(header, &|_| true)
    }

    /// Whether a signature refuses already whoever is not known.
    fn require_user(&self, header: &str) -> bool {
        self.name_guard(header, &|guard| guard.requirement != Requirement::Optional)
    }

    fn name_guard(&self, header: &str, is_meant: &dyn Fn(&Guard) -> bool) -> bool {
        let header = place::undotted(header);
        self.all.iter().filter(|guard| is_meant(guard)).any(|guard| {
            let alias = guard.alias.as_ref().map(|alias| format!(": {}", alias.name));
            let depends = format!("Depends({})", guard.provider.name);
            header.contains(&depends) || alias.is_some_and(|alias| header.contains(&alias))
        })
    }

    /// What there is instead, for people.
    fn known(&self) -> String {
        let names: Vec<String> = self
            .all
            .iter()
            .map(|guard| {
                format!(
                    "`{}` ({})",
                    guard.provider.name,
                    String::from(guard.requirement.clone())
                )
            })
            .collect();
        match names.as_slice() {
            [] => "add auth with `routewright add auth`".to_owned(),
            names => format!("there is {}", names.join(", ")),
        }
    }
}

/// A login that is locked lets nobody in.
fn check_login(site: &Site<'_>, path: &Path, target: &place::Target, text: &str) -> Result<(), Refusal> {
    let model = site.ctx.model;
    if target.is_function() {
        return match target.header(text).contains(LOGIN_FORM) {
            true => Err(Refusal::IsLogin(target.name().to_owned())),
            false => Ok(()),
        };
    }
    let file = site.disk.file(path);
    let router = model.routers.entries().find(|(_, router)| {
        let name = router.name.as_deref().and_then(|name| name.rsplit(':').next());
        router.made_at.file == file && name == Some(target.name())
    });
    let Some((id, _)) = router else {
        return Ok(());
    };
    let id = RouterId(id as u32);
    let logins = site.ctx.memo.logins(model);
    let is_login = |route: &&Route| route.endpoint.is_some_and(|endpoint| logins.contains(&endpoint));
    let mut routes = model.routes.iter().filter(|_| !logins.is_empty());
    match routes.find(|route| is_login(route) && route.chain.contains(&id)) {
        Some(route) => Err(Refusal::LocksLogin(target.name().to_owned(), route.path.to_string())),
        None => Ok(()),
    }
}

/// Whether dependencies are written with `Annotated` in the module or the project.
fn is_annotated(site: &Site<'_>, path: &Path) -> bool {
    let style = site.ctx.style(site.disk.file(path));
    style.is_none_or(|style| style.habits.annotated.value)
}

/// Whether ruff is told to refuse arguments that are not used.
fn refuses_unused(site: &Site<'_>) -> bool {
    ["pyproject.toml", "ruff.toml", ".ruff.toml"].iter().any(|name| {
        let text = site.disk.text(&site.root.join(name));
        text.is_some_and(|text| text.contains("\"ARG"))
    })
}

/// Tests that pass today go on passing.
fn update_tests(
    draft: &mut Draft<'_>,
    ground: &Ground,
    guards: &Guards,
    affected: &[&Route],
    requirement: &Requirement,
) -> Result<(), Refusal> {
    let is_made = |guard: &&Guard| guard.alias.as_ref() == Some(&guard.provider);
    // What nothing depends on yet tells nothing of what it asks for; that it is a role is known all the same.
    let model = draft.site.ctx.model;
    let is_known = |guard: &&Guard| {
        let full = format!("{}.{}", guard.provider.module, guard.provider.name);
        let is_role = *requirement == Requirement::Admin && guards.role.is_some();
        !is_role || testing::access::depends_on(model, &full).is_some()
    };
    let own = guards
        .get(requirement)
        .filter(|guard| !is_made(guard) && is_known(guard));
    let usual = [Requirement::Active, Requirement::User];
    let usual = usual.iter().find_map(|requirement| guards.get(requirement));
    let (Some(guard), role) = (match (own, requirement) {
        (Some(guard), _) => (Some(guard), None),
        (None, Requirement::Role(role)) => (usual, Some(role.as_str())),
        (None, Requirement::Admin) => (usual, Some("admin")),
        (None, _) => (usual.or(own), None),
    }) else {
        draft.note("tests that call it have to log in, or to override the dependency".to_owned());
        return Ok(());
    };
    let required = Required {
        provider: &guard.provider,
        role,
    };
    match testing::require::update(draft, ground, affected, &required)? {
        Ok(0) => {}
        Ok(1) => draft.note("the test that calls it asks as someone who may".to_owned()),
        Ok(count) => draft.note(format!("{count} tests that call it ask as someone who may")),
        Err(why) => draft.note(format!(
            "tests that call it have to log in, or to override the dependency: {why}"
        )),
    }
    Ok(())
}
