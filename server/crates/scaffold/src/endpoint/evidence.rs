//! What the siblings of an operation to be tell about it, put together to a draft.

use super::draft::{Draft, Line};
use super::resource::{Host, Resource};
use super::schemas::{self, Family};
use super::siblings::{Code, Param, Sibling, name_of};
use super::{body, calls, memory, orm, plain};
use crate::imports::Need;
use crate::{Context, print, resolve};
use base::FileId;
use facts::{Expr, ExprId, Stmt, StmtId};
use model::SchemaKind;
use style::{Action, ResponseStyle, Source, Style, walk};

/// What a parameter of a path operation is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A parameter of the path.
    Path,
    /// The body.
    Payload,
    /// The database session.
    Session,
    /// A dependency that gives the item itself.
    Entity,
    /// Any other dependency.
    Dependency,
    /// Query parameters and the rest.
    Other,
}

/// A sibling that does something to the same resource.
#[derive(Clone, Copy)]
pub(super) struct Peer<'a> {
    pub(super) action: Action,
    pub(super) sibling: &'a Sibling,
    pub(super) code: Code<'a>,
}

/// Everything that is read before an operation is written.
pub(super) struct Evidence<'a> {
    pub(super) ctx: &'a Context<'a>,
    pub(super) source: &'a Source,
    pub(super) style: &'a Style,
    pub(super) host: &'a Host,
    pub(super) resource: &'a Resource,
    pub(super) action: Action,
    pub(super) path: &'a str,
    /// Operations of the same resource.
    pub(super) peers: Vec<Peer<'a>>,
    /// All operations of the router in the file.
    pub(super) neighbours: Vec<(Code<'a>, &'a Sibling)>,
    pub(super) family: Family<'a>,
}

/// The body that the operation takes.
#[derive(Clone, Debug)]
pub(super) struct Payload {
    pub(super) param: Param,
    pub(super) needs: Vec<Need>,
}

/// How siblings find the item that the path names.
#[derive(Clone, Debug)]
pub(super) struct Lookup {
    /// Their statements, as they stand.
    pub(super) text: String,
    /// The variable that holds the item.
    pub(super) entity: Option<String>,
    /// The parameters that those statements read.
    pub(super) params: Vec<Param>,
}

/// A body and what it takes.
#[derive(Clone, Debug, Default)]
pub(super) struct Body {
    pub(super) lines: Vec<Line>,
    pub(super) needs: Vec<Need>,
    /// Parameters beyond those of path and payload.
    pub(super) params: Vec<Param>,
    /// What the body really returns, as a type, where the project annotates that beside `response_model`.
    pub(super) returns: Option<String>,
    /// The imports that this type takes.
    pub(super) returns_needs: Vec<Need>,
    /// Whether the body answers without content.
    pub(super) is_empty: bool,
    /// Whether it awaits.
    pub(super) awaits: bool,
}

impl<'a> Evidence<'a> {
    #[allow(clippy::too_many_arguments)]
    pub(super) fn gather(
        ctx: &'a Context<'a>,
        source: &'a Source,
        style: &'a Style,
        host: &'a Host,
        siblings: &'a [Sibling],
        resource: &'a Resource,
        action: Action,
        path: &'a str,
    ) -> Self {
        let code_of = |sibling: &'a Sibling| Code::new(source, sibling.unit, sibling.stmt);
        let peers: Vec<Peer<'a>> = resource
            .own
            .iter()
            .filter_map(|&i| {
                let sibling = siblings.get(i)?;
                Some(Peer {
                    action: sibling.action.as_ref()?.0,
                    sibling,
                    code: code_of(sibling)?,
                })
            })
            .collect();
        let neighbours = siblings.iter().filter_map(|s| Some((code_of(s)?, s))).collect();
        let stem = stem_of(ctx, &peers, resource);
        Self {
            ctx,
            source,
            style,
            host,
            resource,
            action,
            path,
            peers,
            neighbours,
            family: Family::new(ctx, source.file, stem),
        }
    }

    /// The sibling most like the operation to be.
    fn model_peer(&self) -> Option<&Peer<'a>> {
        use Action::{Create, Delete, List, Read, Replace, Update};
        let order = match self.action {
            List => [Read, Create, Update, Replace, Delete],
            Create => [Replace, Update, List, Read, Delete],
            Read => [Update, Replace, Delete, List, Create],
            Replace => [Update, Create, Delete, Read, List],
            Update => [Replace, Create, Delete, Read, List],
            Delete => [Update, Replace, Read, Create, List],
        };
        order.iter().find_map(|action| self.peer(*action))
    }

    pub(super) fn peer(&self, action: Action) -> Option<&Peer<'a>> {
        self.peers.iter().find(|peer| peer.action == action)
    }

    /// What a parameter of a sibling is for.
    pub(super) fn role(&self, code: &Code<'_>, sibling: &Sibling, param: &Param) -> Role {
        if names_path_param(&sibling.path, &param.name) {
            return Role::Path;
        }
        if is_session(code, param) {
            return Role::Session;
        }
        let model_role = self
            .ctx
            .model
            .operations
            .get(sibling.id.0 as usize)
            .and_then(|operation| self.ctx.model.callables.get(operation.endpoint.known()?.0 as usize))
            .and_then(|callable| callable.parameters.iter().find(|p| *p.name == *param.name));
        let is_dependency =
            model_role.is_some_and(|p| matches!(p.role, model::Role::Depends(_))) || writes_depends(code, param);
        if is_dependency {
            let own_path = style::split_item(&sibling.path)
                .1
                .is_some_and(|id| !code.params().iter().any(|p| p.name == id));
            let is_item =
                param.name == self.resource.one || code.returned().is_some_and(|e| code.expr(e) == param.name);
            return if own_path && is_item {
                Role::Entity
            } else {
                Role::Dependency
            };
        }
        let is_schema = model_role.is_some_and(|p| {
            p.ty.as_ref().is_some_and(|ty| {
                ty.schemas.iter().any(|id| {
                    self.ctx
                        .model
                        .schemas
                        .get(id.0 as usize)
                        .is_some_and(|schema| !matches!(schema.kind, SchemaKind::Enum | SchemaKind::Settings))
                })
            }) && !matches!(
                p.role,
                model::Role::Marked {
                    place_in: model::ParamIn::Query | model::ParamIn::Header | model::ParamIn::Cookie,
                    ..
                }
            )
        });
        let takes_body = sibling.action.as_ref().is_some_and(|(action, _)| action.has_body());
        let is_dumped = code
            .calls_on(&param.name)
            .iter()
            .any(|(m, _)| matches!(*m, "model_dump" | "dict"));
        if takes_body && (is_schema || is_dumped) {
            return Role::Payload;
        }
        Role::Other
    }

    /// The parameter of the item's path, as siblings have it; nothing where a dependency takes it.
    pub(super) fn id_param(&self) -> Option<Param> {
        let name = style::split_item(self.path).1.filter(|_| self.action.is_of_one())?;
        if self.entity_dependency().is_some() {
            return None;
        }
        let peers = self.peers.iter().flat_map(|peer| peer.code.params());
        let own = peers.clone().find(|param| param.name == name);
        let near = || {
            self.neighbours.iter().find_map(|(code, sibling)| {
                let id = style::split_item(&sibling.path).1?;
                let param = code.params().into_iter().find(|param| param.name == id)?;
                Some(Param {
                    name: name.to_owned(),
                    ..param
                })
            })
        };
        own.or_else(near)
            .or_else(|| Some(Param::new(name, self.id_type(), None)))
    }

    /// The type of ids where no sibling shows it.
    fn id_type(&self) -> &'static str {
        let has_module = resolve::binds(self.ctx, self.source.file, "uuid");
        let of_schema = [self.family.table(), self.family.output()]
            .into_iter()
            .flatten()
            .find_map(|schema| {
                let field = schema.fields.iter().find(|field| *field.name == *"id")?;
                Some(field.ty.as_ref()?.display.to_string())
            });
        match of_schema {
            Some(ty) if ty.contains("UUID") && has_module => "uuid.UUID",
            Some(ty) if ty.contains("UUID") => "UUID",
            Some(ty) if ty.contains("str") => "str",
            _ => "int",
        }
    }

    /// The dependency through which siblings get the item.
    pub(super) fn entity_dependency(&self) -> Option<Param> {
        self.peers.iter().find_map(|peer| {
            peer.code
                .params()
                .into_iter()
                .find(|param| self.role(&peer.code, peer.sibling, param) == Role::Entity)
        })
    }

    /// The session as siblings, or else other modules, ask for it.
    pub(super) fn session(&self) -> Option<orm::Session> {
        let peers = self.peers.iter().map(|peer| peer.code);
        let near = self.neighbours.iter().map(|(code, _)| *code);
        peers
            .chain(near)
            .find_map(|code| {
                let param = code.params().into_iter().find(|param| is_session(&code, param))?;
                Some(orm::Session::new(self, &code, param))
            })
            .or_else(|| orm::Session::of_project(self))
    }

    /// The body's parameter, with the schema that the project has for it.
    pub(super) fn payload(&self) -> Option<Payload> {
        if !self.action.has_body() {
            return None;
        }
        let schema = self.family.input(self.action);
        let sibling = self.peers.iter().find_map(|peer| {
            let param = peer
                .code
                .params()
                .into_iter()
                .find(|param| self.role(&peer.code, peer.sibling, param) == Role::Payload)?;
            Some((peer.action, param))
        });
        let mut name = self.payload_name(sibling.as_ref());
        let is_hidden = self.action.is_of_one()
            && (self.lookup().and_then(|lookup| lookup.entity).as_deref() == Some(&name)
                || self.entity_dependency().is_some_and(|param| param.name == name));
        if is_hidden {
            name = format!("{}_{}", self.resource.one, payload_suffix(self.action));
        }
        let (annotation, needs) = match (schema, &sibling) {
            (Some(schema), _) => schemas::reference(self.ctx, self.source, schema),
            (None, Some((_, param))) => (param.annotation.clone()?, Vec::new()),
            (None, None) => return None,
        };
        let annotation = match sibling.as_ref().and_then(|(_, param)| param.annotation.as_deref()) {
            // `Annotated[ItemCreate, Body(embed=True)]` and the like keep their marker.
            Some(text) if text.starts_with("Annotated[") && !text.contains("Depends") => {
                let items = print::split_items(text["Annotated[".len()..].trim_end_matches(']'));
                let rest = &text["Annotated[".len() + items.first().map_or(0, String::len)..];
                format!("Annotated[{annotation}{rest}")
            }
            _ => annotation,
        };
        Some(Payload {
            param: Param::new(&name, &annotation, None),
            needs,
        })
    }

    /// The name of the body's parameter, after the siblings' pattern.
    fn payload_name(&self, sibling: Option<&(Action, Param)>) -> String {
        let one = &self.resource.one;
        let suffix = payload_suffix;
        if let Some((action, param)) = sibling {
            let own = format!("_{}", suffix(*action));
            return match param.name.strip_suffix(&own) {
                Some(head) => format!("{head}_{}", suffix(self.action)),
                None => param.name.clone(),
            };
        }
        let far = self.ctx.model.operations.iter().find_map(|operation| {
            let [method] = operation.methods.as_slice() else {
                return None;
            };
            let path = operation.path.as_known()?;
            let (action, _) = Action::of(method, path).filter(|(action, _)| action.has_body())?;
            let callable = self.ctx.model.callables.get(operation.endpoint.known()?.0 as usize)?;
            let param = callable.parameters.iter().find(|param| {
                let is_body = matches!(param.role, model::Role::Implicit { is_scalar: false });
                is_body && param.ty.as_ref().is_some_and(|ty| !ty.schemas.is_empty())
            })?;
            ["_in", "_data", "_payload"]
                .iter()
                .find(|ending| param.name.ends_with(**ending))
                .map(|ending| format!("{one}{ending}"))
                .or_else(|| {
                    let own = format!("_{}", suffix(action));
                    param
                        .name
                        .ends_with(&own)
                        .then(|| format!("{one}_{}", suffix(self.action)))
                })
                .or_else(|| matches!(&*param.name, "payload" | "data" | "body").then(|| param.name.to_string()))
        });
        far.unwrap_or_else(|| format!("{one}_in"))
    }

    /// How siblings find the item.
    pub(super) fn lookup(&self) -> Option<Lookup> {
        [Action::Read, Action::Update, Action::Replace, Action::Delete]
            .iter()
            .filter_map(|action| self.peer(*action))
            .find_map(|peer| self.lookup_in(peer))
    }

    fn lookup_in(&self, peer: &Peer<'a>) -> Option<Lookup> {
        let code = &peer.code;
        let params = code.params();
        let payloads: Vec<&str> = params
            .iter()
            .filter(|param| self.role(code, peer.sibling, param) == Role::Payload)
            .map(|param| param.name.as_str())
            .collect();
        let mut entity: Option<String> = None;
        let mut assigned: Option<String> = None;
        let mut checked = 0;
        for (i, &stmt) in code.body.iter().enumerate() {
            if code.names(&[stmt]).iter().any(|name| payloads.contains(name)) {
                break;
            }
            match &code.body_unit[stmt] {
                Stmt::Assign { targets, .. } => match targets.as_slice() {
                    [target] if matches!(code.body_unit[*target], Expr::Name(_)) => {
                        assigned = Some(name_of(code.body_unit, *target).to_owned());
                    }
                    _ => break,
                },
                Stmt::AnnAssign { target, .. } => assigned = Some(name_of(code.body_unit, *target).to_owned()),
                Stmt::If { test, body, orelse } if orelse.is_empty() && raises(code, body) => {
                    let tested = names_in(code, *test);
                    entity = entity.or_else(|| assigned.clone().filter(|name| tested.contains(name)));
                    checked = i + 1;
                }
                _ => break,
            }
        }
        if checked == 0 {
            return None;
        }
        let stmts = &code.body[..checked];
        let start = code.source.spans.stmt(code.body_id, stmts[0]).start;
        let end = code.source.spans.stmt(code.body_id, stmts[checked - 1]).end;
        let used = code.names(stmts);
        Some(Lookup {
            text: base::Span::new(start, end).text(&code.source.text).to_owned(),
            entity,
            params: params
                .into_iter()
                .filter(|param| used.contains(&param.name.as_str()))
                .collect(),
        })
    }

    /// `response_model=` and return annotation of one item, as a sibling has them.
    fn answer(&self) -> (Option<String>, Option<String>, Vec<Need>) {
        let order = [Action::Read, Action::Update, Action::Replace, Action::Create];
        for action in order {
            if let Some(peer) = self.peer(action) {
                let model = keyword(&peer.code, peer.sibling.decorator, "response_model");
                return (model, peer.code.returns().map(str::to_owned), Vec::new());
            }
        }
        if let Some(peer) = self.peer(Action::List) {
            let model = keyword(&peer.code, peer.sibling.decorator, "response_model").and_then(|text| element(&text));
            return (model, peer.code.returns().and_then(element), Vec::new());
        }
        let Some(schema) = self.family.output() else {
            return (None, None, Vec::new());
        };
        let (name, needs) = schemas::reference(self.ctx, self.source, schema);
        match self.style.habits.response.value {
            ResponseStyle::Annotation => (None, Some(name), needs),
            ResponseStyle::Both | ResponseStyle::Model => (Some(name), None, needs),
            ResponseStyle::Nothing => (None, None, Vec::new()),
        }
    }

    /// The operation as far as its siblings tell.
    pub(super) fn draft(&self) -> Draft {
        let mut body = calls::body(self)
            .or_else(|| orm::body(self))
            .or_else(|| memory::body(self))
            .unwrap_or_else(|| self.unknown());
        let mut draft = Draft {
            decorator: format!("{}.{}", self.host.name, self.action.method().to_lowercase()),
            is_async: self.is_async(&body),
            keyword_only: self
                .peers
                .iter()
                .any(|peer| peer.code.params().first().is_some_and(|p| p.keyword_only)),
            explode: self.explodes(),
            ..Draft::default()
        };
        draft.needs.append(&mut body.needs);
        draft.params = self.params(&body, &mut draft.needs);
        self.answer_of(&body, &mut draft);
        draft.body = body.lines;
        draft
    }

    fn is_async(&self, body: &Body) -> bool {
        let peers = self.peers.iter().filter(|peer| peer.code.function.is_async).count();
        body.awaits
            || if self.peers.is_empty() {
                self.style.habits.is_async.value
            } else {
                peers * 2 > self.peers.len() || (peers * 2 == self.peers.len() && self.style.habits.is_async.value)
            }
    }

    /// Whether siblings put each parameter on its own line where one line would do.
    fn explodes(&self) -> bool {
        let mut exploded = 0;
        let mut flat = 0;
        for (code, _) in &self.neighbours {
            let params = &code.function.params.list;
            let (Some(first), Some(last)) = (params.first(), params.last()) else {
                continue;
            };
            let line = |e: ExprId| self.source.line_start(self.source.spans.expr(code.unit_id, e).start);
            if params.len() < 2 {
                continue;
            }
            let width: usize = code.params().iter().map(|param| param.text().len() + 2).sum();
            if width + code.name().len() + 24 > self.style.format.line_length {
                continue;
            }
            if line(first.name) == line(last.name) {
                flat += 1;
            } else {
                exploded += 1;
            }
        }
        exploded > flat
    }

    fn params(&self, body: &Body, needs: &mut Vec<Need>) -> Vec<Param> {
        let text: String = body.lines.iter().map(|line| format!("{}\n", line.text)).collect();
        let used = |name: &str| has_word(&text, name);
        let id = self.id_param();
        let payload = self.payload();
        let mut params: Vec<Param> = Vec::new();
        let mut leads_with_session = false;
        if let Some(peer) = self.model_peer() {
            for param in peer.code.params() {
                let role = self.role(&peer.code, peer.sibling, &param);
                let is_guard = role == Role::Dependency
                    && (!peer.code.uses(&param.name) || (is_user(&param) && self.is_shared(peer, &param)));
                let keep = match role {
                    Role::Path => names_path_param(self.path, &param.name),
                    Role::Payload => false,
                    Role::Session | Role::Dependency => used(&param.name) || is_guard,
                    Role::Entity => self.action.is_of_one(),
                    Role::Other => false,
                };
                leads_with_session |= role == Role::Session && params.is_empty();
                if role == Role::Payload
                    && let Some(payload) = &payload
                {
                    params.push(payload.param.clone());
                } else if keep {
                    params.push(param);
                }
            }
        }
        let has = |params: &[Param], name: &str| params.iter().any(|param| param.name == name);
        // Where dependencies lead, what the request brings follows them.
        let mut front = if leads_with_session { params.len() } else { 0 };
        for param in self.outer_path_params().into_iter().chain(id) {
            if !has(&params, &param.name) {
                if param.annotation.as_deref() == Some("UUID") {
                    needs.push(Need::member("uuid", "UUID"));
                }
                params.insert(front.min(params.len()), param);
                front += 1;
            }
        }
        if let Some(entity) = self.entity_dependency().filter(|_| self.action.is_of_one())
            && !has(&params, &entity.name)
        {
            params.insert(front.min(params.len()), entity);
            front += 1;
        }
        if let Some(payload) = payload {
            needs.extend(payload.needs);
            if !has(&params, &payload.param.name) {
                let ids = params
                    .iter()
                    .rposition(|p| names_path_param(self.path, &p.name))
                    .map_or(front, |at| at + 1);
                params.insert(ids.min(params.len()), payload.param);
            }
        }
        for param in &body.params {
            if !has(&params, &param.name) {
                params.push(param.clone());
            }
        }
        params
    }

    /// Whether a dependency of a peer is one of all peers, or of those that write (or read) as the new one does.
    fn is_shared(&self, peer: &Peer<'_>, param: &Param) -> bool {
        let has = |other: &Peer<'_>| other.code.params().iter().any(|p| p.name == param.name);
        peer.action.is_write() == self.action.is_write() || self.peers.iter().all(has)
    }

    /// Whether all siblings look at who asks, so that to answer everybody would be wrong.
    pub(super) fn is_scoped(&self) -> bool {
        !self.peers.is_empty()
            && self.peers.iter().all(|peer| {
                let params = peer.code.params();
                params.iter().any(|param| is_user(param) && peer.code.uses(&param.name))
            })
    }

    /// Parameters of the collection's own path, as siblings have them.
    fn outer_path_params(&self) -> Vec<Param> {
        let (collection, _) = style::split_item(self.path);
        let segments = collection.split('/').filter_map(|s| Some((style::parameter(s)?, s)));
        segments
            .filter(|(name, _)| !self.is_taken_by_dependency(name))
            .map(|(name, segment)| {
                let near = self.peers.iter().flat_map(|peer| peer.code.params());
                let far = self.neighbours.iter().flat_map(|(code, _)| code.params());
                near.chain(far)
                    .find(|param| param.name == name)
                    .unwrap_or_else(|| plain::guessed_param(name, segment))
            })
            .collect()
    }

    /// Whether siblings leave a parameter of their path to a dependency.
    fn is_taken_by_dependency(&self, name: &str) -> bool {
        !self.peers.is_empty()
            && self.peers.iter().all(|peer| {
                names_path_param(&peer.sibling.path, name) && !peer.code.params().iter().any(|param| param.name == name)
            })
    }

    /// Decorator arguments and return annotation.
    fn answer_of(&self, body: &Body, draft: &mut Draft) {
        let (model, annotation, needs) = self.answer();
        let annotates = match self.model_peer() {
            Some(_) => self.peers.iter().any(|peer| peer.code.returns().is_some()),
            None => matches!(
                self.style.habits.response.value,
                ResponseStyle::Annotation | ResponseStyle::Both
            ),
        };
        draft.arguments = vec![self.style.format.string(self.path)];
        if body.is_empty {
            draft.returns = annotates.then(|| "None".to_owned());
        } else {
            let wrap = |text: String| {
                if self.action == Action::List {
                    format!("list[{text}]")
                } else {
                    text
                }
            };
            if let Some(model) = &model {
                draft.arguments.push(format!("response_model={}", wrap(model.clone())));
            }
            let with_needs = |real: &String, draft: &mut Draft| {
                draft.needs.extend(body.returns_needs.iter().cloned());
                real.clone()
            };
            let is_plain = |text: &str| matches!(text, "Any" | "Response" | "JSONResponse");
            draft.returns = match (&body.returns, annotation) {
                (_, Some(text)) if is_plain(&text) => Some(text),
                (Some(real), Some(_)) if model.is_some() => Some(with_needs(real, draft)),
                (Some(real), None) if annotates => Some(with_needs(real, draft)),
                (_, Some(text)) => Some(wrap(text)),
                (_, None) => None,
            };
            draft.needs.extend(needs);
        }
        self.status_of(body, draft);
        self.shared_keywords(draft);
    }

    fn status_of(&self, body: &Body, draft: &mut Draft) {
        let usual = match self.action {
            Action::Create => Some(201),
            Action::Delete if body.is_empty => Some(204),
            _ => None,
        };
        let code = match self.style.habits.statuses.get(&self.action) {
            Some(habit) if self.action == Action::Create => *habit,
            _ => usual,
        };
        if let Some(code) = code {
            let (text, need) = body::status(self.style, code);
            draft.arguments.push(format!("status_code={text}"));
            draft.needs.extend(need);
        }
    }

    /// `dependencies=` of the siblings that write (or that read), and `tags=` and the like where all agree.
    fn shared_keywords(&self, draft: &mut Draft) {
        for name in [
            "tags",
            "dependencies",
            "responses",
            "response_class",
            "include_in_schema",
        ] {
            let relevant: Vec<&Peer<'_>> = self
                .peers
                .iter()
                .filter(|peer| name != "dependencies" || peer.action.is_write() == self.action.is_write())
                .collect();
            let mut values = relevant
                .iter()
                .map(|peer| keyword(&peer.code, peer.sibling.decorator, name));
            if let Some(Some(first)) = values.next()
                && values.all(|value| value.as_ref() == Some(&first))
            {
                draft.arguments.push(format!("{name}={first}"));
            }
        }
    }

    fn unknown(&self) -> Body {
        let mut body = Body::default();
        body.lines.push(Line::new(
            0,
            body::raise_http(self.style, 501, "Not implemented", &mut body.needs),
        ));
        body.is_empty = self.action == Action::Delete;
        body
    }

    /// The file of the module that is edited.
    pub(super) fn file(&self) -> FileId {
        self.source.file
    }
}

fn payload_suffix(action: Action) -> &'static str {
    match action {
        Action::Create => "create",
        Action::Replace => "replace",
        _ => "update",
    }
}

/// The name of the resource's class, from the schemas that siblings use.
fn stem_of(ctx: &Context<'_>, peers: &[Peer<'_>], resource: &Resource) -> String {
    let own = style::words::camel(&resource.one);
    let mut counts: Vec<(String, usize)> = Vec::new();
    for peer in peers {
        let operation = ctx.model.operations.get(peer.sibling.id.0 as usize);
        let answered = operation.and_then(|o| o.response_model.as_ref()).map(|ty| &ty.schemas);
        let names = answered
            .into_iter()
            .flatten()
            .filter_map(|id| ctx.model.schemas.get(id.0 as usize))
            .map(|schema| schema.name.to_string())
            .chain(
                schemas::classes_in(&peer.code)
                    .into_iter()
                    .map(|c| last_segment(&c).to_owned()),
            );
        for name in names {
            let stem = schemas::stem(&name).to_owned();
            match counts.iter_mut().find(|(known, _)| *known == stem) {
                Some((_, count)) => *count += 1,
                None => counts.push((stem, 1)),
            }
        }
    }
    if counts.is_empty() || counts.iter().any(|(stem, _)| *stem == own) {
        return own;
    }
    let is_known = |stem: &str| {
        ctx.model
            .schemas
            .iter()
            .any(|schema| schemas::stem(&schema.name) == stem)
    };
    counts
        .into_iter()
        .filter(|(stem, _)| is_known(stem))
        .max_by_key(|(_, count)| *count)
        .map_or(own, |(stem, _)| stem)
}

fn last_segment(dotted: &str) -> &str {
    dotted.rsplit('.').next().unwrap_or(dotted)
}

pub(super) fn names_path_param(path: &str, name: &str) -> bool {
    path.split('/').filter_map(style::parameter).any(|param| param == name)
}

/// Whether a parameter is a database session: by what it is called, and what is called on it.
pub(super) fn is_session(code: &Code<'_>, param: &Param) -> bool {
    const METHODS: &[&str] = &[
        "add", "add_all", "commit", "delete", "exec", "execute", "flush", "get", "merge", "query", "refresh", "scalar",
        "scalars",
    ];
    let speaks = |text: &str| {
        let lower = text.to_lowercase();
        lower.contains("session") || lower.contains("database") || lower == "db" || lower.starts_with("db")
    };
    let by_name = speaks(&param.name) || param.annotation.as_deref().is_some_and(speaks);
    by_name && {
        let calls = code.calls_on(&param.name);
        calls.is_empty() || calls.iter().any(|(method, _)| METHODS.contains(method))
    }
}

/// Whether a parameter is the one who asks.
fn is_user(param: &Param) -> bool {
    let speaks = |text: &str| {
        let lower = text.to_lowercase();
        [
            "user",
            "account",
            "tenant",
            "owner",
            "principal",
            "customer",
            "member",
            "auth",
        ]
        .iter()
        .any(|word| lower.contains(word))
    };
    speaks(&param.name) || param.annotation.as_deref().is_some_and(speaks)
}

fn writes_depends(code: &Code<'_>, param: &Param) -> bool {
    let mut found = false;
    for expr in [param.annotation_at, param.default_at].into_iter().flatten() {
        walk::exprs(code.unit, expr, &mut |e| {
            if let Expr::Call { func, .. } = &code.unit[e] {
                found |= matches!(style::last_name(code.unit, *func), "Depends" | "Security");
            }
        });
    }
    found
}

fn raises(code: &Code<'_>, block: &[StmtId]) -> bool {
    matches!(block, [only] if matches!(code.body_unit[*only], Stmt::Raise(_)))
}

fn names_in(code: &Code<'_>, expr: ExprId) -> Vec<String> {
    let mut names = Vec::new();
    walk::exprs(code.body_unit, expr, &mut |e| {
        if let Expr::Name(name) = &code.body_unit[e] {
            names.push(name.to_string());
        }
    });
    names
}

fn keyword(code: &Code<'_>, decorator: ExprId, name: &str) -> Option<String> {
    code.keywords(decorator)
        .into_iter()
        .find(|(keyword, _)| keyword == name)
        .map(|(_, value)| value)
}

/// `T` of `list[T]`, `List[T]` or `Sequence[T]`.
fn element(text: &str) -> Option<String> {
    ["list[", "List[", "Sequence[", "typing.List["]
        .iter()
        .find_map(|head| text.strip_prefix(head)?.strip_suffix(']'))
        .map(str::to_owned)
}

/// Whether `word` stands in the text as a whole name.
pub(super) fn has_word(text: &str, word: &str) -> bool {
    let is_part = |c: char| c == '_' || c.is_alphanumeric();
    text.match_indices(word).any(|(at, _)| {
        !text[..at].ends_with(is_part) && !text[at + word.len()..].starts_with(is_part) && !text[..at].ends_with('.')
    })
}
