//! The evidence put together: decorator, signature and body of the operation.

use super::draft::{Draft, Line};
use super::evidence::{Body, Evidence, Peer, Role, has_word, is_user, names_path_param};
use super::siblings::{Code, Param};
use super::{body, calls, envelope, handed, memory, orm, plain, schemas};
use crate::Refusal;
use crate::imports::Need;
use facts::{Expr, ExprId};
use style::{Action, ResponseStyle};

impl Evidence<'_> {
    /// `response_model=` and return annotation of one item, as it is set or as a sibling has them.
    fn answer(&self) -> (Option<String>, Option<String>, Vec<Need>) {
        let (model, annotation, needs) = self.shown_answer();
        if !self.is_response_set() {
            return (model, annotation, needs);
        }
        let said = model.or(annotation);
        match (said, self.style.habits.response.value) {
            (Some(said), ResponseStyle::Annotation) => (None, Some(said), needs),
            (Some(said), ResponseStyle::Model | ResponseStyle::Both) => (Some(said), None, needs),
            (None, _) | (_, ResponseStyle::Nothing) => (None, None, Vec::new()),
        }
    }

    /// Whether the configuration says where the response's schema is said.
    fn is_response_set(&self) -> bool {
        self.style.habits.response.evidence == style::Evidence::Set
    }

    /// The same as a sibling has them, else as the project has.
    fn shown_answer(&self) -> (Option<String>, Option<String>, Vec<Need>) {
        let order = [Action::Read, Action::Update, Action::Replace, Action::Create];
        for action in order {
            let shows = |peer: &&Peer<'_>| !self.answers_rows(&peer.code) && !answers_word(&peer.code);
            if let Some(peer) = self.peer(action).filter(shows) {
                let model = keyword(&peer.code, peer.sibling.decorator, "response_model");
                return (model, peer.code.returns().map(str::to_owned), Vec::new());
            }
        }
        if let Some(peer) = self.peer(Action::List).filter(|peer| !self.answers_rows(&peer.code)) {
            let model = keyword(&peer.code, peer.sibling.decorator, "response_model").and_then(|text| element(&text));
            return (model, peer.code.returns().and_then(element), Vec::new());
        }
        let Some(schema) = self.family.output().filter(|schema| self.fits_item(schema)) else {
            return (None, None, Vec::new());
        };
        let (name, needs) = schemas::reference(self.ctx, self.source, schema);
        match self.style.habits.response.value {
            ResponseStyle::Annotation => (None, Some(name), needs),
            ResponseStyle::Both | ResponseStyle::Model => (Some(name), None, needs),
            ResponseStyle::Nothing => (None, None, Vec::new()),
        }
    }

    /// Whether an item alone gives a schema all that it must have, where siblings answer with more than items.
    fn fits_item(&self, schema: &model::Schema) -> bool {
        if !self.peers.iter().any(|peer| self.answers_rows(&peer.code)) {
            return true;
        }
        let table = self.family.table();
        let has = |name: &str| table.is_some_and(|table| table.fields.iter().any(|field| *field.name == *name));
        schema.fields.iter().all(|field| !field.required || has(&field.name))
    }

    /// Whether nothing is known of how an item alone is answered, where siblings answer with more.
    pub(super) fn lacks_answer(&self) -> bool {
        let (model, annotation, _) = self.shown_answer();
        let answers_rows = |peer: &Peer<'_>| self.answers_rows(&peer.code);
        model.is_none() && annotation.is_none() && self.peers.iter().any(answers_rows)
    }

    /// The operation as far as its siblings tell.
    ///
    /// # Errors
    /// Where they show that what would be written does not do it.
    pub(super) fn draft(&self) -> Result<Draft, Refusal> {
        let mut body = match envelope::list(self) {
            Some(list) => list,
            None => self.body()?,
        };
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
        Ok(draft)
    }

    /// What it does.
    fn body(&self) -> Result<Body, Refusal> {
        let mut body = match self.guarded_by(calls::body) {
            Some(body) => body,
            None => match handed::body(self) {
                Some(handed) => return Ok(self.guarded(handed?).unwrap_or_else(|| self.unknown())),
                None => {
                    let known = [orm::body, memory::body];
                    let written = known.into_iter().find_map(|written| self.guarded_by(written));
                    written.unwrap_or_else(|| self.unknown())
                }
            },
        };
        envelope::wrap(self, &mut body);
        Ok(body)
    }

    fn guarded_by(&self, written: fn(&Self) -> Option<Body>) -> Option<Body> {
        self.guarded(written(self)?)
    }

    fn is_async(&self, body: &Body) -> bool {
        let peers = self.peers.iter().filter(|peer| peer.code.function.is_async).count();
        body.awaits
            || if self.peers.is_empty() || self.style.habits.is_async.evidence == style::Evidence::Set {
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
            let role_of = |param: &Param| self.role(&peer.code, peer.sibling, param);
            let takes_body = peer.code.params().iter().any(|param| role_of(param) == Role::Payload);
            for param in peer.code.params() {
                let role = role_of(&param);
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
                // What is sent takes the place of what names the item, where the peer takes no body.
                let is_body_here = role == Role::Payload || (role == Role::Path && !keep && !takes_body);
                if is_body_here
                    && let Some(payload) = &payload
                    && !params.contains(&payload.param)
                {
                    params.push(payload.param.clone());
                } else if keep {
                    params.push(param);
                }
            }
        }
        let has = |params: &[Param], name: &str| params.iter().any(|param| param.name == name);
        for peer in self.changing().filter(|_| self.is_changing()) {
            for param in peer.code.params() {
                let is_guard =
                    !peer.code.uses(&param.name) && self.role(&peer.code, peer.sibling, &param) == Role::Dependency;
                if is_guard && !has(&params, &param.name) {
                    params.push(param);
                }
            }
        }
        // Where dependencies lead, what the request brings follows them.
        let payload_at = || {
            let name = payload.as_ref().map(|payload| payload.param.name.as_str());
            params.iter().position(|param| Some(param.name.as_str()) == name)
        };
        let mut front = if leads_with_session {
            payload_at().unwrap_or(params.len())
        } else {
            0
        };
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

    /// Whether siblings look at who asks, so that to serve everybody would be wrong: all of them do, or, where something
    /// is to be changed, one that writes does.
    pub(super) fn is_scoped(&self) -> bool {
        let looks = |peer: &Peer<'_>| {
            let params = peer.code.params();
            params.iter().any(|param| {
                let is_asker = is_user(param) && peer.code.uses(&param.name);
                is_asker && self.role(&peer.code, peer.sibling, param) == Role::Dependency
            })
        };
        let changes_one = self.action.is_write() && self.action.is_of_one();
        (!self.peers.is_empty() && self.peers.iter().all(looks))
            || (changes_one && self.peers.iter().any(|peer| peer.action.is_write() && looks(peer)))
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
            Some(_) if !self.is_response_set() => self.peers.iter().any(|peer| peer.code.returns().is_some()),
            _ => matches!(
                self.style.habits.response.value,
                ResponseStyle::Annotation | ResponseStyle::Both
            ),
        };
        draft.arguments = vec![self.style.format.string(self.path)];
        if let Some(answer) = &body.answer {
            draft
                .arguments
                .extend(answer.model.iter().map(|model| format!("response_model={model}")));
            draft.returns = answer.returns.clone();
        } else if body.is_empty {
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
        if let Some(answer) = &body.answer {
            draft
                .arguments
                .extend(answer.status.iter().map(|status| format!("status_code={status}")));
            return;
        }
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
            } else if name == "dependencies" && self.is_changing() {
                // Who may create one is not who may change one.
                let own = |peer: &Peer<'_>| keyword(&peer.code, peer.sibling.decorator, name);
                let create = self.peer(Action::Create).and_then(own);
                let guard = self.changing().find_map(own).or(create);
                draft.arguments.extend(guard.map(|value| format!("{name}={value}")));
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
}

/// Whether a body answers with a word about what was done rather than with the item: `{"message": "Venue updated"}`.
fn answers_word(code: &Code<'_>) -> bool {
    let is_text = |value: ExprId| matches!(code.body_unit[value], Expr::Str(_) | Expr::FString(_));
    match code.returned().map(|returned| &code.body_unit[returned]) {
        Some(Expr::Dict(items)) => !items.is_empty() && items.iter().all(|(_, value)| is_text(*value)),
        Some(Expr::Str(_) | Expr::FString(_)) => true,
        _ => false,
    }
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
