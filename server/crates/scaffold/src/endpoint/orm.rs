//! Bodies that use a database session directly, as siblings do (SQLAlchemy 2, SQLModel).

use super::cousins::Paging;
use super::draft::Line;
use super::evidence::{Body, Evidence, Lookup};
use super::nulls::Nulls;
use super::schemas;
use super::siblings::{Code, Param, name_of};
use crate::imports::Need;
use crate::{print, resolve};
use facts::{Arg, Expr, ExprId, Stmt, StmtId, UnitId};
use model::SchemaKind;
use style::{Action, ResponseStyle};

/// A session as a sibling asks for it and uses it.
#[derive(Clone, Debug)]
pub(super) struct Session {
    pub(super) param: Param,
    /// Whether its calls are awaited.
    pub(super) is_async: bool,
    /// What the parameter must import, where it comes from another module.
    pub(super) needs: Vec<Need>,
}

impl Session {
    pub(super) fn new(evidence: &Evidence<'_>, code: &Code<'_>, param: Param) -> Self {
        let annotated_async = || {
            let resolved = param
                .annotation_at
                .filter(|_| code.unit_id == UnitId::MODULE)
                .and_then(|annotation| resolve::plain_type(evidence.ctx, evidence.file(), annotation));
            match resolved {
                Some((_, facts, expr)) => facts
                    .units
                    .first()
                    .is_some_and(|unit| style::last_name(unit, expr).starts_with("Async")),
                None => param.annotation.as_deref().is_some_and(|text| text.contains("Async")),
            }
        };
        let is_used = !code.calls_on(&param.name).is_empty();
        let is_async = if is_used {
            code.awaits(&param.name) || annotated_async()
        } else {
            annotated_async()
        };
        Self {
            param,
            is_async,
            needs: Vec::new(),
        }
    }

    /// The session as path operations of other modules ask for it: by an alias, or with a default.
    pub(super) fn of_project(evidence: &Evidence<'_>) -> Option<Self> {
        let ctx = evidence.ctx;
        ctx.model.operations.iter().find_map(|operation| {
            let callable = ctx.model.callables.get(operation.endpoint.known()?.0 as usize)?;
            let place = callable.stmt.filter(|place| place.file != evidence.file())?;
            let session = callable.parameters.iter().find(|param| {
                let is_session = param.ty.as_ref().is_some_and(|ty| ty.display.contains("Session"));
                is_session && matches!(param.role, model::Role::Depends(_))
            })?;
            let facts = ctx.facts(place.file)?;
            let unit = facts.units.get(place.unit.0 as usize)?;
            let Stmt::Function(function) = unit.stmts.get(place.stmt.0 as usize)? else {
                return None;
            };
            let param = function
                .params
                .list
                .iter()
                .find(|param| name_of(unit, param.name) == &*session.name)?;
            let annotation = name_of(unit, param.annotation?);
            let provider = match param.default.map(|default| &unit[default]) {
                Some(Expr::Call { args, .. }) => match args.first() {
                    Some(Arg::Positional(provider)) => Some(name_of(unit, *provider)),
                    _ => return None,
                },
                _ => None,
            };
            if annotation.is_empty() || provider == Some("") {
                return None;
            }
            let default = provider.map(|provider| format!("Depends({provider})"));
            let mut names = vec![annotation.to_owned()];
            if let Some(provider) = provider {
                names.extend(["Depends".to_owned(), provider.to_owned()]);
            }
            let is_async = resolve::plain_type(ctx, place.file, param.annotation?).is_some_and(|(_, facts, expr)| {
                facts
                    .units
                    .first()
                    .is_some_and(|unit| style::last_name(unit, expr).starts_with("Async"))
            });
            Some(Self {
                param: Param::new(&session.name, annotation, default.as_deref()),
                is_async,
                needs: schemas::needs_of(ctx, place.file, evidence.source, &names),
            })
        })
    }
}

/// How the module speaks to its database.
struct Dialect<'a> {
    evidence: &'a Evidence<'a>,
    session: Session,
    /// The table's class as the module writes it.
    class: String,
    needs: Vec<Need>,
    is_sqlmodel: bool,
    refreshes: bool,
    /// How what is done is written: `commit()`.
    writes: &'static str,
}

/// The body for a table and a session; nothing where the siblings use none.
pub(super) fn body(evidence: &Evidence<'_>) -> Option<Body> {
    let finds_as_siblings_do = evidence.lookup().is_some() || evidence.entity_dependency().is_some();
    let needs_scope = evidence.action != Action::Create && !(evidence.action.is_of_one() && finds_as_siblings_do);
    if needs_scope && evidence.is_scoped() {
        return None;
    }
    if evidence.action.is_of_one() && evidence.input().is_some_and(|schema| is_nested(evidence, schema)) {
        return None;
    }
    if evidence.action != Action::Delete && evidence.lacks_answer() {
        return None;
    }
    let session = evidence.session()?;
    let (class, needs, is_sqlmodel) = table(evidence)?;
    let dialect = Dialect {
        refreshes: refreshes(evidence, &session),
        writes: writes(evidence, &session),
        evidence,
        session,
        class,
        needs,
        is_sqlmodel,
    };
    dialect.body()
}

/// Whether a schema holds others, which can't be set on a row as they are dumped.
fn is_nested(evidence: &Evidence<'_>, schema: &model::Schema) -> bool {
    let is_other = |id: &model::SchemaId| {
        let held = evidence.ctx.model.schemas.get(id.0 as usize);
        held.is_some_and(|held| held.kind != SchemaKind::Enum)
    };
    schema
        .fields
        .iter()
        .filter_map(|field| field.ty.as_ref())
        .any(|ty| ty.schemas.iter().any(is_other))
}

/// The table's class: what siblings make or ask for, else the project's table of that name.
fn table(evidence: &Evidence<'_>) -> Option<(String, Vec<Need>, bool)> {
    let is_sqlmodel_in_use = || {
        evidence
            .ctx
            .model
            .schemas
            .iter()
            .any(|schema| schema.kind == SchemaKind::SqlModelTable)
    };
    let kind_of = |class: &str| {
        let name = class.rsplit('.').next().unwrap_or(class);
        evidence
            .ctx
            .model
            .schemas
            .iter()
            .find(|schema| {
                *schema.name == *name && matches!(schema.kind, SchemaKind::SqlAlchemy | SchemaKind::SqlModelTable)
            })
            .map(|schema| schema.kind)
    };
    let used: Vec<String> = evidence
        .peers
        .iter()
        .flat_map(|peer| schemas::classes_in(&peer.code))
        .collect();
    let own = used
        .iter()
        .filter(|class| kind_of(class).is_some())
        .max_by_key(|class| schemas::stem(class.rsplit('.').next().unwrap_or(class)) == evidence.family.stem);
    if let Some(class) = own {
        let is_sqlmodel = kind_of(class) == Some(SchemaKind::SqlModelTable);
        return Some((class.clone(), Vec::new(), is_sqlmodel));
    }
    if let Some(schema) = evidence.family.table() {
        let (name, needs) = schemas::reference(evidence.ctx, evidence.source, schema);
        return Some((name, needs, schema.kind == SchemaKind::SqlModelTable));
    }
    // The table may come from code that is not read: take the class that the session is asked for.
    let stem = &evidence.family.stem;
    used.into_iter()
        .find(|class| class.rsplit('.').next() == Some(stem))
        .map(|class| (class, Vec::new(), is_sqlmodel_in_use()))
}

/// Whether siblings refresh what they have committed; the usual thing where none commits.
fn refreshes(evidence: &Evidence<'_>, session: &Session) -> bool {
    let mut commits = false;
    for (code, _) in &evidence.neighbours {
        let calls = code.calls_on(&session.param.name);
        if calls.iter().any(|(method, _)| *method == "refresh") {
            return true;
        }
        commits |= calls.iter().any(|(method, _)| matches!(*method, "commit" | "flush"));
    }
    !commits
}

/// What siblings write with: where the session commits itself, they flush.
fn writes(evidence: &Evidence<'_>, session: &Session) -> &'static str {
    let has = |wanted: &str| {
        let mut neighbours = evidence.neighbours.iter();
        neighbours.any(|(code, _)| {
            let calls = code.calls_on(&session.param.name);
            calls.iter().any(|(method, _)| *method == wanted)
        })
    };
    match has("flush") && !has("commit") {
        true => "flush()",
        false => "commit()",
    }
}

impl Dialect<'_> {
    fn call(&self, call: &str) -> String {
        let wait = if self.session.is_async { "await " } else { "" };
        format!("{wait}{}.{call}", self.session.param.name)
    }

    fn body(&self) -> Option<Body> {
        let mut body = Body {
            awaits: self.session.is_async,
            needs: [self.needs.clone(), self.session.needs.clone()].concat(),
            params: vec![self.session.param.clone()],
            returns: (self.evidence.style.habits.response.value == ResponseStyle::Both).then(|| self.class.clone()),
            ..Body::default()
        };
        match self.evidence.action {
            Action::List => self.list(&mut body),
            Action::Create => self.create(&mut body)?,
            Action::Read => {
                let entity = self.find(&mut body);
                body.lines
                    .push(Line::new(0, format!("return {}", self.result(&entity))));
                if let Some(giver) = self.evidence.giver().filter(|_| body.returns.is_some()) {
                    let (returns, needs) = giver.ty;
                    body.returns = Some(returns);
                    body.returns_needs = needs;
                }
            }
            Action::Update | Action::Replace => {
                let entity = self.find(&mut body);
                self.evidence.check_owner(&mut body, &entity);
                let changed = self.change(&mut body, &entity)?;
                body.lines
                    .push(Line::new(0, format!("return {}", self.result(&changed))));
            }
            Action::Delete => {
                let entity = self.find(&mut body);
                self.evidence.check_owner(&mut body, &entity);
                body.lines.push(Line::new(0, self.call(&format!("delete({entity})"))));
                body.lines.push(Line::new(0, self.call(self.writes)));
                body.is_empty = true;
            }
        }
        let text: String = body.lines.iter().map(|line| format!("{}\n", line.text)).collect();
        body.params
            .retain(|param| super::evidence::has_word(&text, &param.name));
        Some(body)
    }

    /// The statements that find the item, and the variable that holds it.
    fn find(&self, body: &mut Body) -> String {
        if let Some(entity) = self.evidence.entity_dependency() {
            return entity.name;
        }
        if let Some(Lookup {
            text,
            entity: Some(entity),
            params,
        }) = self.evidence.lookup()
        {
            body.lines.push(Line::verbatim(text));
            body.params.extend(params);
            return entity;
        }
        let entity = self.evidence.resource.one.clone();
        let id = self
            .evidence
            .id_param()
            .map_or_else(|| "id".to_owned(), |param| param.name);
        let get = self.call(&format!("get({}, {id})", self.class));
        body.lines.push(Line::new(0, format!("{entity} = {get}")));
        body.lines.push(Line::new(0, format!("if {entity} is None:")));
        let raise = super::body::raise_not_found(self.evidence, &mut body.needs);
        body.lines.push(Line::new(1, raise));
        entity
    }

    /// What siblings return for an item: itself, or what they make of it.
    fn result(&self, entity: &str) -> String {
        entity.to_owned()
    }

    fn list(&self, body: &mut Body) {
        let class = &self.class;
        let (module, method) = if self.is_sqlmodel {
            ("sqlmodel", "exec")
        } else {
            ("sqlalchemy", "scalars")
        };
        body.needs.push(Need::member(module, "select"));
        let paging = super::cousins::paging(self.evidence).unwrap_or_else(|| self.usual_paging());
        let [skip, limit] = &paging.params;
        let query = format!("select({class}).offset({}).limit({})", skip.name, limit.name);
        let many = &self.evidence.resource.many;
        if self.session.is_async {
            body.lines.push(Line::new(
                0,
                format!("{many} = {}", self.call(&format!("{method}({query})"))),
            ));
            body.lines.push(Line::new(0, format!("return {many}.all()")));
        } else {
            let call = self.call(&format!("{method}({query})"));
            body.lines.push(Line::new(0, format!("return {call}.all()")));
        }
        body.params.extend(paging.params);
        body.needs.extend(paging.needs);
        body.count = Some(self.count(module));
        if body.returns.is_some() {
            body.returns_needs.push(Need::member("collections.abc", "Sequence"));
            body.returns = Some(format!("Sequence[{class}]"));
        }
    }

    /// Pages where no list of the project shows how it has them.
    fn usual_paging(&self) -> Paging {
        let mut needs = vec![Need::member("fastapi", "Query")];
        let limit = if self.evidence.style.habits.annotated.value {
            needs.push(Need::member("typing", "Annotated"));
            Param::new("limit", "Annotated[int, Query(le=100)]", Some("100"))
        } else {
            Param::new("limit", "int", Some("Query(default=100, le=100)"))
        };
        Paging {
            params: [Param::new("offset", "int", Some("0")), limit],
            needs,
        }
    }

    /// The number of all rows.
    fn count(&self, module: &str) -> (String, Vec<Need>) {
        let query = format!("select(func.count()).select_from({})", self.class);
        let call = if self.is_sqlmodel {
            let wait = if self.session.is_async { "(await " } else { "" };
            let end = if self.session.is_async { ")" } else { "" };
            format!("{wait}{}.exec({query}){end}.one()", self.session.param.name)
        } else {
            self.call(&format!("scalar({query})"))
        };
        (call, vec![Need::member(module, "func")])
    }

    fn create(&self, body: &mut Body) -> Option<()> {
        let payload = self.evidence.payload()?.param.name;
        let entity = self.variable(&payload);
        let class = &self.class;
        let dump = self.dump();
        let made = match (self.owner(body)?, self.is_sqlmodel) {
            (None, true) => format!("{class}.model_validate({payload})"),
            (None, false) => format!("{class}(**{payload}.{dump}())"),
            (Some((field, value)), true) => {
                let field = self.evidence.style.format.string(&field);
                format!("{class}.model_validate({payload}, update={{{field}: {value}}})")
            }
            (Some((field, value)), false) => format!("{class}(**{payload}.{dump}(), {field}={value})"),
        };
        body.lines.push(Line::new(0, format!("{entity} = {made}")));
        body.lines
            .push(Line::new(0, format!("{}.add({entity})", self.session.param.name)));
        self.commit(body, &entity);
        body.lines
            .push(Line::new(0, format!("return {}", self.result(&entity))));
        Some(())
    }

    /// What a new item is given of who asks, if anything; nothing at all where the table has no place for that.
    fn owner(&self, body: &mut Body) -> Option<Option<(String, String)>> {
        let Some(owner) = self.evidence.owner_of_new() else {
            return Some(None);
        };
        let mut fields = self.evidence.family.table()?.fields.iter();
        fields.find(|field| *field.name == owner.field)?;
        body.params.push(owner.asker);
        Some(Some((owner.field, owner.value)))
    }

    /// What changes the item, and what is answered then.
    fn change(&self, body: &mut Body, entity: &str) -> Option<String> {
        let payload = self.evidence.payload()?.param.name;
        let shut = self.evidence.shut_fields();
        let mut arguments = Vec::new();
        let nulls = match self.evidence.action {
            Action::Update => self.evidence.nulls(),
            _ => Nulls::Fine,
        };
        if self.evidence.action == Action::Update {
            arguments.push("exclude_unset=True".to_owned());
        }
        if nulls == Nulls::Never {
            arguments.push("exclude_none=True".to_owned());
        }
        if !shut.is_empty() {
            let names: Vec<String> = shut
                .iter()
                .map(|name| self.evidence.style.format.string(name))
                .collect();
            arguments.push(format!("exclude={{{}}}", names.join(", ")));
        }
        let dump = format!("{payload}.{}({})", self.dump(), arguments.join(", "));
        let quoted = |name: &String| self.evidence.style.format.string(name);
        if let Nulls::Of(emptied) = &nulls {
            let emptied: Vec<String> = emptied.iter().map(quoted).collect();
            let head = self.each_value(body, &dump);
            let kept = format!("if value is not None or field in {{{}}}:", emptied.join(", "));
            let set = format!("setattr({entity}, field, value)");
            let lines = [head, kept, set].into_iter().enumerate();
            body.lines.extend(lines.map(|(depth, line)| Line::new(depth, line)));
            self.store(body, entity);
            return Some(entity.to_owned());
        }
        if let Some((rest, returned)) = self.transplanted(entity, arguments) {
            body.lines.push(Line::verbatim(rest));
            return Some(returned.unwrap_or_else(|| entity.to_owned()));
        }
        if self.is_sqlmodel {
            body.lines
                .push(Line::new(0, format!("{entity}.sqlmodel_update({dump})")));
        } else {
            let head = self.each_value(body, &dump);
            body.lines.push(Line::new(0, head));
            body.lines
                .push(Line::new(1, format!("setattr({entity}, field, value)")));
        }
        self.store(body, entity);
        Some(entity.to_owned())
    }

    /// The head of a loop over what is dumped; where that is too long for a line, it has a name.
    fn each_value(&self, body: &mut Body, dump: &str) -> String {
        let format = &self.evidence.style.format;
        let head = |values: &str| format!("for field, value in {values}.items():");
        let whole = head(dump);
        let indent = self.evidence.host.indent.len() + format.indent.len();
        if indent + whole.chars().count() <= format.line_length {
            return whole;
        }
        body.lines.push(Line::new(0, format!("changes = {dump}")));
        head("changes")
    }

    /// Sends an item that has changed to the database.
    fn store(&self, body: &mut Body, entity: &str) {
        if self.is_sqlmodel {
            body.lines
                .push(Line::new(0, format!("{}.add({entity})", self.session.param.name)));
        }
        self.commit(body, entity);
    }

    /// What the sibling that replaces (or updates) does after it has found the item, with the other kind of dump; where that
    /// is no statement about the item itself, with what it returns.
    fn transplanted(&self, entity: &str, arguments: Vec<String>) -> Option<(String, Option<String>)> {
        let from = match self.evidence.action {
            Action::Update => Action::Replace,
            _ => Action::Update,
        };
        let peer = self.evidence.peer(from)?;
        let code = &peer.code;
        let (last, rest) = code.body.split_last()?;
        let Stmt::Return(returned) = code.body_unit[*last] else {
            return None;
        };
        let payload = code
            .params()
            .into_iter()
            .find(|param| self.evidence.role(code, peer.sibling, param) == super::evidence::Role::Payload)?
            .name;
        let is_own = self.evidence.payload()?.param.name == payload;
        let first = rest
            .iter()
            .position(|&stmt| code.names(&[stmt]).contains(&payload.as_str()))?;
        let changing = &rest[first..];
        let span = |stmt: StmtId| code.source.spans.stmt(code.body_id, stmt);
        let (start, end) = (span(rest[first]).start, span(*rest.last()?).end);
        let text = base::Span::new(start, end).text(&code.source.text);
        if !is_own {
            return None;
        }
        if super::evidence::has_word(text, entity) {
            return Some((redump(text, arguments)?, None));
        }
        // `post_query.update(data.model_dump())`, with the query of the lookup.
        let lookup = self.evidence.lookup()?;
        let (at, dumped, receiver) = changing.iter().find_map(|&stmt| updates(code, stmt))?;
        let is_found = changing.first() == Some(&at) && is_assigned(&lookup.text, receiver);
        let returned = returned.filter(|&expr| names_known(code, expr, &[receiver, entity]))?;
        if !is_found {
            return None;
        }
        let text = match self.evidence.action {
            Action::Update => {
                let dump = redump(code.expr(dumped), arguments)?;
                let dumped = code.source.spans.expr(code.body_id, dumped);
                let of = |start, end| base::Span::new(start, end).text(&code.source.text);
                let call = format!("{}changes{}", of(start, dumped.start), of(dumped.end, span(at).end));
                let gap = of(span(at).end, end);
                let unit = &self.evidence.style.format.indent;
                let outer = &code.source.text[code.source.line_start(start) as usize..start as usize];
                // A query refuses to update nothing.
                format!("changes = {dump}\n{outer}if changes:\n{outer}{unit}{call}{gap}")
            }
            _ => redump(text, arguments)?,
        };
        Some((text, Some(code.expr(returned).to_owned())))
    }

    fn commit(&self, body: &mut Body, entity: &str) {
        body.lines.push(Line::new(0, self.call(self.writes)));
        if self.refreshes {
            body.lines.push(Line::new(0, self.call(&format!("refresh({entity})"))));
        }
    }

    /// `model_dump`, or `dict` where siblings still call that.
    fn dump(&self) -> &'static str {
        dump_method(self.evidence)
    }

    /// A variable for the new item that does not hide the payload.
    fn variable(&self, payload: &str) -> String {
        let one = &self.evidence.resource.one;
        if one == payload {
            format!("db_{one}")
        } else {
            one.clone()
        }
    }
}

/// `model_dump`, or `dict` where siblings still call that (Pydantic 1).
pub(super) fn dump_method(evidence: &Evidence<'_>) -> &'static str {
    let is_old = evidence.neighbours.iter().any(|(code, _)| {
        let mut found = false;
        code.each_expr(&mut |e| {
            if let Expr::Call { func, .. } = &code.body_unit[e] {
                found |= matches!(&code.body_unit[*func], Expr::Attr { name, .. } if name == "dict");
            }
        });
        found
    });
    if is_old { "dict" } else { "model_dump" }
}

/// `query.update(dump, …)`: the statement, what is dumped and the query's name.
fn updates<'a>(code: &Code<'a>, stmt: StmtId) -> Option<(StmtId, ExprId, &'a str)> {
    let Stmt::Expr(call) = &code.body_unit[stmt] else {
        return None;
    };
    let Expr::Call { func, args } = &code.body_unit[*call] else {
        return None;
    };
    let Expr::Attr { value, name, .. } = &code.body_unit[*func] else {
        return None;
    };
    let Some(Arg::Positional(dumped)) = args.first() else {
        return None;
    };
    let receiver = name_of(code.body_unit, *value);
    let is_dump = matches!(&code.body_unit[*dumped], Expr::Call { func, .. } if matches!(style::last_name(code.body_unit, *func), "dict" | "model_dump"));
    (name == "update" && is_dump && !receiver.is_empty()).then_some((stmt, *dumped, receiver))
}

/// Whether statements give a name a value.
fn is_assigned(text: &str, name: &str) -> bool {
    let value = |line: &str| line.trim_start().strip_prefix(name)?.trim_start().chars().next();
    text.lines().any(|line| matches!(value(line), Some('=' | ':')))
}

/// Whether an expression is made of one of these names and no other.
fn names_known(code: &Code<'_>, expr: ExprId, names: &[&str]) -> bool {
    let mut used = Vec::new();
    style::walk::exprs(code.body_unit, expr, &mut |expr| {
        if let Expr::Name(name) = &code.body_unit[expr] {
            used.push(name.as_str());
        }
    });
    !used.is_empty() && used.iter().all(|name| names.contains(name))
}

/// The text with a dump that has these arguments; nothing where it does not dump just once, or leaves fields out itself.
pub(super) fn redump(text: &str, own: Vec<String>) -> Option<String> {
    let head = if text.contains(".model_dump(") {
        ".model_dump("
    } else {
        ".dict("
    };
    let mut at = text.match_indices(head);
    let (start, _) = at.next()?;
    if at.next().is_some() {
        return None;
    }
    let open = start + head.len();
    let close = open + text[open..].find(')')?;
    let mut arguments: Vec<String> = print::split_items(&text[open..close])
        .into_iter()
        .filter(|argument| {
            !["exclude_unset", "exclude_none", "exclude_defaults"]
                .iter()
                .any(|name| argument.starts_with(name))
        })
        .collect();
    if arguments
        .iter()
        .any(|known| own.iter().any(|new| new.split('=').next() == known.split('=').next()))
    {
        return None;
    }
    arguments.extend(own);
    Some(format!("{}{}{}", &text[..open], arguments.join(", "), &text[close..]))
}
