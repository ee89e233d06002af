//! The project's own auth for a WebSocket: browsers send no headers with one, so that schemes which read them can't be
//! depended on; the token comes in the query and goes the same way as otherwise.

use super::super::siblings::Param;
use super::super::{evidence, schemas};
use crate::imports::Need;
use crate::require::{self, Requirement};
use crate::{Context, Site};
use base::FileId;
use facts::{Expr, ExprId, ParamKind, Unit};
use minijinja::{Value, context};
use model::{Callable, CallableId, CallableKind, DependsTarget, Role};
use style::{Source, Style, walk};

/// How deep dependencies are followed.
const MAX_DEPTH: usize = 6;

/// A dependency that says who opens a WebSocket.
pub(super) struct Guard {
    definition: String,
    call: String,
    pub(super) needs: Vec<Need>,
}

impl Guard {
    /// As the template has it.
    pub(super) fn values(&self) -> Value {
        context! { definition => self.definition, call => self.call }
    }
}

/// The dependency made of the project's own, or else of the one that siblings have; nothing where it has none, or, as is
/// said then, none that can be called.
pub(super) fn of(
    site: &Site<'_>,
    source: &Source,
    style: &Style,
    asked_in_siblings: Option<&Callable>,
    notes: &mut Vec<String>,
) -> Option<Guard> {
    let ctx = &site.ctx;
    let of_project = || {
        let guard = require::user_guard(site, &[Requirement::Active, Requirement::User])?;
        let found = callable(ctx, site.disk.file(&guard.path), &guard.name);
        Some((guard.name, found))
    };
    let named = |callable: &Callable| callable.name.rsplit('.').next().unwrap_or_default().to_owned();
    let of_siblings = || asked_in_siblings.map(|asked| (named(asked), Some(asked)));
    let (name, found) = of_project().or_else(of_siblings)?;
    let mut reader = Reader {
        ctx,
        source,
        params: Vec::new(),
        needs: Vec::new(),
        reads_token: false,
        awaits: false,
    };
    let call = found.and_then(|callable| reader.call(callable, 0));
    let Some(call) = call.filter(|_| reader.reads_token) else {
        notes.push(format!(
            "`{}` reads the request, which a WebSocket has not: anyone can open it until it asks who does",
            name
        ));
        return None;
    };
    let ty = reader.returns(found?);
    let token = match style.habits.annotated.value {
        true => Param::new("token", "Annotated[str, Query()]", None),
        false => Param::new("token", "str", Some("Query()")),
    };
    reader.params.push(token);
    reader.params.sort_by_key(|param| param.default.is_some());
    let params: Vec<String> = reader.params.iter().map(Param::text).collect();
    let returns = ty.map(|ty| format!(" -> {ty}")).unwrap_or_default();
    Some(Guard {
        definition: format!(
            "{}def websocket_user({}){returns}:",
            if reader.awaits { "async " } else { "" },
            params.join(", ")
        ),
        call,
        needs: reader.needs,
    })
}

fn callable<'a>(ctx: &Context<'a>, file: FileId, name: &str) -> Option<&'a Callable> {
    let model: &'a model::Model = ctx.model;
    model.callables.iter().find(|callable| {
        let is_it = callable.name.rsplit('.').next() == Some(name);
        is_it && callable.kind == CallableKind::Function && callable.stmt.is_some_and(|stmt| stmt.file == file)
    })
}

/// Makes a call of a dependency and of those that it has in turn.
struct Reader<'a> {
    ctx: &'a Context<'a>,
    source: &'a Source,
    params: Vec<Param>,
    needs: Vec<Need>,
    reads_token: bool,
    awaits: bool,
}

impl<'a> Reader<'a> {
    /// The call; nothing where a parameter can't be given.
    fn call(&mut self, callable: &Callable, depth: usize) -> Option<String> {
        let place = callable.stmt?;
        if depth > MAX_DEPTH || callable.is_generator || callable.is_nested {
            return None;
        }
        let from = Source::read(self.ctx.files, place.file)?;
        let unit = from.unit(place.unit)?;
        let function = from.function(place.unit, place.stmt)?;
        let mut arguments = Vec::new();
        for param in &callable.parameters {
            let written = function.params.list.iter().find(|written| {
                let is_plain = !matches!(written.kind, ParamKind::VarKeyword | ParamKind::VarPositional);
                is_plain && matches!(&unit[written.name], Expr::Name(name) if **name == *param.name)
            })?;
            let inner = match &param.role {
                Role::Depends(id) => self.target(id.0 as usize),
                _ => None,
            };
            let value = match inner {
                Some(inner) if inner.kind == CallableKind::SecurityScheme => {
                    self.reads_token = true;
                    self.token(inner)?
                }
                Some(inner) if self.leads_to_scheme(inner, depth) => self.call(inner, depth + 1)?,
                _ => {
                    if is_request(param.ty.as_ref().map_or("", |ty| &ty.display)) {
                        return None;
                    }
                    self.pass(&from, unit, place.unit, written)?
                }
            };
            arguments.push(format!("{}={value}", param.name));
        }
        let name = callable.name.rsplit('.').next()?.to_owned();
        self.needs.extend(schemas::needs_of(
            self.ctx,
            place.file,
            self.source,
            std::slice::from_ref(&name),
        ));
        self.awaits |= callable.is_async;
        let call = format!("{name}({})", arguments.join(", "));
        Some(if callable.is_async {
            format!("await {call}")
        } else {
            call
        })
    }

    /// What a scheme would give for the token of the query.
    fn token(&mut self, scheme: &Callable) -> Option<String> {
        let given = credentials(&scheme.name)?;
        if given.starts_with("HTTP") {
            self.needs
                .push(Need::member("fastapi.security", "HTTPAuthorizationCredentials"));
        }
        Some(given.to_owned())
    }

    /// A parameter that FastAPI gives as it gave it to the dependency.
    fn pass(&mut self, from: &Source, unit: &Unit, id: facts::UnitId, written: &facts::Param) -> Option<String> {
        let text = |expr: Option<ExprId>| expr.map(|expr| from.expr_text(id, expr).to_owned());
        let Expr::Name(name) = &unit[written.name] else {
            return None;
        };
        let param = Param {
            name: name.to_string(),
            annotation: text(written.annotation),
            default: text(written.default),
            annotation_at: None,
            default_at: None,
            keyword_only: false,
        };
        if param.name == "token" {
            return None;
        }
        match self.params.iter().find(|known| known.name == param.name) {
            Some(known) if known.text() != param.text() => return None,
            Some(_) => {}
            None => {
                for expr in [written.annotation, written.default].into_iter().flatten() {
                    self.import(from, unit, expr);
                }
                self.params.push(param);
            }
        }
        Some(name.to_string())
    }

    fn import(&mut self, from: &Source, unit: &Unit, expr: ExprId) {
        let mut names = Vec::new();
        walk::exprs(unit, expr, &mut |e| {
            if let Expr::Name(name) = &unit[e] {
                names.push(name.to_string());
            }
        });
        self.needs
            .extend(schemas::needs_of(self.ctx, from.file, self.source, &names));
    }

    /// The return annotation as its module writes it.
    fn returns(&mut self, callable: &Callable) -> Option<String> {
        let place = callable.stmt?;
        let from = Source::read(self.ctx.files, place.file)?;
        let unit = from.unit(place.unit)?;
        let returns = from.function(place.unit, place.stmt)?.returns?;
        self.import(&from, unit, returns);
        Some(from.expr_text(place.unit, returns).to_owned())
    }

    fn target(&self, depends: usize) -> Option<&'a Callable> {
        match self.ctx.model.depends.get(depends)?.target.known()? {
            DependsTarget::Callable(CallableId(id)) => self.ctx.model.callables.get(*id as usize),
            _ => None,
        }
    }

    fn leads_to_scheme(&self, callable: &Callable, depth: usize) -> bool {
        depth <= MAX_DEPTH
            && callable.parameters.iter().any(|param| match &param.role {
                Role::Depends(id) => self.target(id.0 as usize).is_some_and(|inner| {
                    inner.kind == CallableKind::SecurityScheme || self.leads_to_scheme(inner, depth + 1)
                }),
                _ => is_request(param.ty.as_ref().map_or("", |ty| &ty.display)),
            })
    }
}

/// What a scheme gives; nothing for a user's name and password.
fn credentials(scheme: &str) -> Option<&'static str> {
    match scheme.rsplit('.').next()? {
        "OAuth2PasswordBearer" | "OAuth2AuthorizationCodeBearer" => Some("token"),
        "APIKeyHeader" | "APIKeyQuery" | "APIKeyCookie" => Some("token"),
        "HTTPBearer" => Some("HTTPAuthorizationCredentials(scheme=\"Bearer\", credentials=token)"),
        "OAuth2" | "OpenIdConnect" => Some("f\"Bearer {token}\""),
        _ => None,
    }
}

/// What FastAPI gives to HTTP requests alone.
fn is_request(ty: &str) -> bool {
    ["Request", "Response", "BackgroundTasks"]
        .iter()
        .any(|name| evidence::has_word(ty, name))
}
