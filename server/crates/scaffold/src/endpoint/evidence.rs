//! What the siblings of an operation to be tell about it, put together to a draft.

use super::draft::Line;
use super::envelope::Answer;
use super::host::Host;
use super::orm;
use super::ownership;
use super::resource::Resource;
use super::schemas::{self, Family};
use super::siblings::{Code, Param, Sibling, name_of};
use crate::imports::Need;
use crate::{Context, ids, print, resolve};
use base::FileId;
use facts::{Expr, ExprId, Stmt, StmtId};
use model::SchemaKind;
use style::{Action, IdType, Source, Style, walk};

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
    /// Of a list, the expression that counts all its items, and the imports that this takes.
    pub(super) count: Option<(String, Vec<Need>)>,
    /// What decorator and signature say of the answer, where that does not follow from the resource's own operations.
    pub(super) answer: Option<Answer>,
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
    pub(super) fn model_peer(&self) -> Option<&Peer<'a>> {
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
        let of_schema = of_schema.and_then(|ty| IdType::of_annotation(&ty));
        match of_schema.unwrap_or_else(|| ids::usual(self.ctx).value) {
            IdType::Uuid if has_module => "uuid.UUID",
            IdType::Uuid => "UUID",
            IdType::Str => "str",
            IdType::Int => "int",
        }
    }

    /// The dependency through which siblings get the item.
    pub(super) fn entity_dependency(&self) -> Option<Param> {
        // What may be read is not what may be changed.
        let first: Vec<&Peer<'_>> = match self.is_changing() {
            true => self.changing().collect(),
            false => Vec::new(),
        };
        first.into_iter().chain(&self.peers).find_map(|peer| {
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
        let schema = self.input();
        let changing = self.changing().filter(|_| self.is_changing());
        let sibling = changing.chain(&self.peers).find_map(|peer| {
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

    /// How siblings find the item: those that change it before others where it is to be changed, and of those the ones that
    /// look at who asks.
    pub(super) fn lookup(&self) -> Option<Lookup> {
        let others = [Action::Read, Action::Update, Action::Replace, Action::Delete];
        let others = others.iter().filter_map(|action| self.peer(*action));
        if !self.is_changing() {
            return others.into_iter().find_map(|peer| self.lookup_in(peer));
        }
        let checks = |peer: &&Peer<'_>| {
            let asker = self.asker_of(peer);
            let lookup = asker.and_then(|asker| Some((self.lookup_in(peer)?, asker)));
            lookup.is_some_and(|(lookup, asker)| has_word(&lookup.text, &asker.name))
        };
        let checking = self.changing().find(checks);
        let all = checking.into_iter().chain(self.changing()).chain(others);
        all.into_iter().find_map(|peer| self.lookup_in(peer))
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
        let asker = self.asker_of(peer);
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
                Stmt::If { test, body, orelse }
                    if raises(code, body) && (orelse.is_empty() || raises(code, orelse)) =>
                {
                    let tested = names_in(code, *test);
                    // What is above the item is found first: `user` of `/{username}/posts/{id}`.
                    let is_named = |name: &String| has_noun(name, &self.resource.one);
                    if !entity.as_ref().is_some_and(is_named) {
                        let found = assigned.clone().filter(|name| tested.contains(name));
                        entity = found.filter(|name| entity.is_none() || is_named(name)).or(entity);
                    }
                    checked = i + 1;
                }
                // `check_owner(post, current_user)`.
                Stmt::Expr(_) if entity.is_some() => {
                    let names = code.names(&[stmt]);
                    let is_check = asker.as_ref().is_some_and(|asker| names.contains(&asker.name.as_str()));
                    if is_check && !ownership::is_note(code, stmt) {
                        checked = i + 1;
                    }
                    if !is_check {
                        break;
                    }
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
        let lookup = Lookup {
            text: base::Span::new(start, end).text(&code.source.text).to_owned(),
            entity,
            params: params
                .into_iter()
                .filter(|param| used.contains(&param.name.as_str()))
                .collect(),
        };
        self.alone(code, stmts, lookup)
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
pub(super) fn is_user(param: &Param) -> bool {
    const WORDS: &[&str] = &[
        "user",
        "account",
        "tenant",
        "owner",
        "principal",
        "customer",
        "member",
        "auth",
        "authenticated",
        "authorized",
        "identity",
    ];
    let speaks = |text: &str| {
        let text = style::words::snake(text);
        text.split('_').any(|word| WORDS.contains(&word))
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

/// Whether a block does nothing but raise, perhaps under more conditions.
pub(super) fn raises(code: &Code<'_>, block: &[StmtId]) -> bool {
    let Some((last, before)) = block.split_last() else {
        return false;
    };
    let only_notes = before.iter().all(|&stmt| ownership::is_note(code, stmt));
    only_notes
        && match &code.body_unit[*last] {
            Stmt::Raise(_) => true,
            Stmt::If { body, orelse, .. } => raises(code, body) && (orelse.is_empty() || raises(code, orelse)),
            _ => false,
        }
}

pub(super) fn names_in(code: &Code<'_>, expr: ExprId) -> Vec<String> {
    let mut names = Vec::new();
    walk::exprs(code.body_unit, expr, &mut |e| {
        if let Expr::Name(name) = &code.body_unit[e] {
            names.push(name.to_string());
        }
    });
    names
}

/// Whether a variable is called after a noun: `db_post` after `post`.
fn has_noun(name: &str, noun: &str) -> bool {
    format!("_{name}_").contains(&format!("_{noun}_"))
}

/// Whether `word` stands in the text as a whole name.
pub(super) fn has_word(text: &str, word: &str) -> bool {
    let is_part = |c: char| c == '_' || c.is_alphanumeric();
    text.match_indices(word).any(|(at, _)| {
        !text[..at].ends_with(is_part) && !text[at + word.len()..].starts_with(is_part) && !text[..at].ends_with('.')
    })
}
