//! What is tested of a path operation: only what is certain by what the model and the code say.

use super::{
    access::Access,
    ownership,
    people::{Entry, People, Who},
    raises, sample, streams,
};
use crate::{
    Site,
    client::TestClient,
    ground::Ground,
    resolve::{self, Binding, Resolved},
};
use facts::UnitId;
use model::{Callable, CallableKind, ParamIn, Requirements, Route, RouteKind, RouteParameter, Schema};
use serde::Serialize;
use std::collections::BTreeSet;

/// A test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Case {
    /// The function's name.
    pub(super) name: String,
    pub(super) docstring: String,
    /// The parameters as they are written.
    pub(super) parameters: String,
    /// What it does, line by line.
    pub(super) lines: Vec<String>,
    /// Whether it awaits.
    pub(super) is_async: bool,
    /// The imports that it takes beside those of all.
    pub(super) imports: Vec<String>,
}

/// What tests of a module rest on.
pub(super) struct Bench<'a> {
    pub(super) site: &'a Site<'a>,
    pub(super) ground: &'a Ground,
    pub(super) client: &'a TestClient,
    /// The name of the app where tests import it.
    pub(super) app: &'a str,
    /// The routes of the module.
    pub(super) routes: &'a [&'a Route],
}

/// A path operation, and what its code says.
pub(super) struct Operation<'a> {
    bench: &'a Bench<'a>,
    route: &'a Route,
    callable: &'a Callable,
    function: String,
    method: String,
    path: &'a str,
    requirements: Requirements,
    /// Who may call it, where that is asked.
    access: Option<Access<'a>>,
    /// Statuses that it raises, and those that its dependencies do.
    raised: BTreeSet<u16>,
    raised_before: BTreeSet<u16>,
    /// How it is let in, where a test has to be someone.
    entry: Option<Entry>,
}

/// The tests of a route, and why something is not tested.
pub(super) fn of<'a>(
    bench: &'a Bench<'a>,
    people: &mut People<'a>,
    route: &'a Route,
    notes: &mut Vec<String>,
) -> Vec<Case> {
    let Some(mut operation) = Operation::read(bench, route) else {
        return Vec::new();
    };
    let mut cases = Vec::new();
    if let Some(access) = &operation.access {
        cases.extend(operation.unauthorized());
        match operation.let_in(people, access) {
            Ok((entry, forbidden)) => {
                cases.extend(forbidden);
                operation.entry = Some(entry);
            }
            Err(why) => {
                notes.push(format!("nobody is let in to `{}` by a test: {why}", operation.function));
                return cases;
            }
        }
    }
    let ends = streams::ends(bench.site, route, operation.callable);
    if ends == Some(false) {
        notes.push(format!(
            "`{}` answers without an end, for which a test would wait: who may ask is tested, and what is refused",
            operation.function
        ));
    }
    if ends != Some(false) {
        cases.extend(operation.listed());
        cases.extend(operation.created());
        cases.extend(operation.done(people));
        // What is there from another test would be taken the first time.
        cases.extend(operation.twice().filter(|_| people.are_apart()));
    }
    cases.extend(operation.bad_parameter());
    if !operation.callable.is_generator {
        cases.extend([operation.bad_body(), operation.missing()].into_iter().flatten());
    }
    cases.extend(operation.of_another(people));
    cases
}

impl<'a> Operation<'a> {
    fn read(bench: &'a Bench<'a>, route: &'a Route) -> Option<Self> {
        let (site, ground) = (bench.site, bench.ground);
        let model = site.ctx.model;
        let callable = model.callables.get(route.endpoint?.0 as usize)?;
        let is_plain = route.kind == RouteKind::Http && !route.conditional && callable.kind == CallableKind::Function;
        let method = route.methods.first()?.to_lowercase();
        let path = route.path.as_known()?;
        let requirements = model.requirements(route);
        if !is_plain || requirements.incomplete.is_some() || route.methods.len() != 1 {
            return None;
        }
        let called = |callable: &Callable| raises::statuses(site, ground, callable);
        let access = Access::of(site, ground, &requirements.dependencies);
        let raised_before = match &access {
            Some(access) => access.raised.clone(),
            None => {
                let nodes = requirements.dependencies.iter();
                let callables = nodes.filter_map(|node| model.callables.get(node.callable?.0 as usize));
                callables.flat_map(called).collect()
            }
        };
        Some(Self {
            bench,
            route,
            callable,
            function: callable.name.rsplit('.').next()?.to_owned(),
            method,
            path,
            raised: called(callable),
            raised_before,
            requirements,
            access,
            entry: None,
        })
    }

    /// How a test is let in, and the test of who is not.
    fn let_in(&self, people: &mut People<'a>, access: &Access<'a>) -> Result<(Entry, Option<Case>), String> {
        if access.privileges().next().is_none() {
            return Ok((people.entry(access, Who::User)?, None));
        }
        let forbidden = people.entry(access, Who::User).ok().and_then(|entry| {
            let status = access.refused?;
            let request = self.request(Some(&entry), &self.method, &self.url_of_anything()?, None);
            let lines = lines_of(&entry, [request, asserted(status)]);
            Some(self.case("forbidden", "Not everybody may.", Some(&entry), lines))
        });
        Ok((people.entry(access, Who::Privileged)?, forbidden))
    }

    fn case(&self, suffix: &str, docstring: &str, entry: Option<&Entry>, lines: Vec<String>) -> Case {
        let client = self.bench.client;
        let suffix = if suffix.is_empty() {
            String::new()
        } else {
            format!("_{suffix}")
        };
        let own = entry.and_then(|entry| entry.client.as_deref());
        let name = own.or(client.fixture.as_ref().map(|fixture| fixture.name.as_str()));
        let asking = name.map(|name| (name.to_owned(), client.client.to_owned()));
        let others = entry.map(|entry| entry.parameters.clone()).unwrap_or_default();
        let parameters: Vec<String> = asking
            .into_iter()
            .chain(others)
            .map(|(name, ty)| format!("{name}: {ty}"))
            .collect();
        Case {
            name: format!("test_{}{suffix}", self.function),
            docstring: docstring.to_owned(),
            parameters: parameters.join(", "),
            lines,
            is_async: client.is_async,
            imports: entry.map(|entry| entry.imports.clone()).unwrap_or_default(),
        }
    }

    /// A request as a statement; the body is a Python expression.
    fn request(&self, entry: Option<&Entry>, method: &str, url: &str, json: Option<&str>) -> String {
        let client = self.bench.client;
        let own = entry.and_then(|entry| entry.client.as_deref());
        let called = match own.or(client.fixture.as_ref().map(|fixture| fixture.name.as_str())) {
            Some(name) => name.to_owned(),
            None => format!("TestClient({})", self.bench.app),
        };
        let json = json.map(|json| format!(", json={json}")).unwrap_or_default();
        let headers = entry.and_then(|entry| entry.headers.as_ref());
        let headers = headers
            .map(|headers| format!(", headers={headers}"))
            .unwrap_or_default();
        format!("response = {}{called}.{method}({url}{json}{headers})", client.aw)
    }

    /// A test of one request by who is let in.
    fn asks(&self, suffix: &str, docstring: &str, url: &str, json: Option<&str>, status: u16) -> Case {
        let entry = self.entry.as_ref();
        let mut lines = entry.map(|entry| entry.before.clone()).unwrap_or_default();
        let json = match json {
            Some(body) if body != "{}" => {
                lines.push(format!("data = {body}"));
                Some("data")
            }
            other => other,
        };
        lines.push(self.request(entry, &self.method, url, json));
        lines.push(asserted(status));
        self.case(suffix, docstring, entry, lines)
    }

    fn parameters(&self, place: ParamIn) -> impl Iterator<Item = &RouteParameter> {
        self.requirements
            .parameters
            .iter()
            .filter(move |parameter| parameter.place_in == place)
    }

    /// The path with values for its parameters; nothing where one is of a kind that has none.
    fn url(&self, value: impl Fn(&str) -> Option<String>) -> Option<String> {
        let mut url = self.bench.client.url(self.path);
        let mut is_computed = false;
        for parameter in self.parameters(ParamIn::Path) {
            let kind = self.kind(parameter);
            let text = value(kind)?;
            is_computed |= text.contains('{');
            let start = url.find(&format!("{{{}", parameter.name))?;
            let end = start + url[start..].find('}')? + 1;
            // Braces of an f-string are set once all parameters have their values.
            url.replace_range(start..end, &text.replace('{', "\u{1}").replace('}', "\u{2}"));
        }
        if url.contains('{') {
            return None;
        }
        let url = url.replace('\u{1}', "{").replace('\u{2}', "}");
        Some(if is_computed {
            format!("f\"{url}\"")
        } else {
            format!("\"{url}\"")
        })
    }

    /// Of something that is not there.
    fn url_of_nothing(&self) -> Option<String> {
        self.url(|kind| match kind {
            "UUID" => Some("{uuid.uuid4()}".to_owned()),
            "int" => Some("999999".to_owned()),
            _ => None,
        })
    }

    /// `UUID`, `int` or another type of a parameter, an alias for one too.
    fn kind(&self, parameter: &RouteParameter) -> &'static str {
        let display = parameter.ty.as_ref().map_or("str", |ty| &*ty.display);
        let known = |display: &str| match plain(display) {
            "UUID" | "UUID4" => Some("UUID"),
            "int" => Some("int"),
            "str" => Some("str"),
            _ => None,
        };
        let of_alias = || {
            let at = parameter.ty.as_ref()?.at?;
            let ctx = &self.bench.site.ctx;
            match resolve::resolve(ctx, at.file, display)? {
                Resolved::Item(file, Binding::Value(value)) => {
                    let source = crate::draft::source(self.bench.site, &ctx.files.path(file))?;
                    known(source.expr_text(UnitId::MODULE, value))
                }
                _ => None,
            }
        };
        known(display).or_else(of_alias).unwrap_or("other")
    }

    fn has_path_parameters(&self) -> bool {
        self.parameters(ParamIn::Path).next().is_some()
    }

    /// The only body, where it is JSON of one schema.
    fn body(&self) -> Option<&'a Schema> {
        let mut bodies = self.parameters(ParamIn::Body);
        let (first, second) = (bodies.next()?, bodies.next());
        let schema = match first.ty.as_ref()?.schemas.as_slice() {
            [schema] if second.is_none() => self.bench.site.ctx.model.schemas.get(schema.0 as usize)?,
            _ => return None,
        };
        let is_it = first.ty.as_ref()?.display.ends_with(&*schema.name);
        (is_it && !schema.incomplete).then_some(schema)
    }

    fn needs_body(&self) -> bool {
        let others = [ParamIn::Form, ParamIn::File];
        self.requirements.parameters.iter().any(|parameter| {
            (parameter.place_in == ParamIn::Body || others.contains(&parameter.place_in)) && parameter.required
        })
    }

    /// Whether a query, header or cookie has to be sent.
    fn needs_more(&self) -> bool {
        let more = [ParamIn::Query, ParamIn::Header, ParamIn::Cookie];
        let mut parameters = self.requirements.parameters.iter();
        parameters.any(|parameter| more.contains(&parameter.place_in) && parameter.required)
    }

    fn success(&self) -> Option<u16> {
        let operation = self
            .bench
            .site
            .ctx
            .model
            .operations
            .get(self.route.operation?.0 as usize)?;
        Some((*operation.status_code.known()?).unwrap_or(200))
    }

    fn url_of_anything(&self) -> Option<String> {
        self.url(|kind| match kind {
            "UUID" => Some("{uuid.uuid4()}".to_owned()),
            "int" => Some("1".to_owned()),
            _ => Some("x".to_owned()),
        })
    }

    fn unauthorized(&self) -> Option<Case> {
        let status = self.access.as_ref()?.anonymous?;
        let request = self.request(None, &self.method, &self.url_of_anything()?, None);
        let docstring = "Nobody is let in who says nothing of themselves.";
        Some(self.case("unauthorized", docstring, None, vec![request, asserted(status)]))
    }

    fn listed(&self) -> Option<Case> {
        let is_list = self.method == "get" && !self.has_path_parameters() && !self.needs_more() && !self.needs_body();
        let raises = !self.raised.is_empty() || !self.raised_before.is_empty();
        let url = self.url(|_| None).filter(|_| is_list && !raises)?;
        let mut case = self.asks("", "It is answered.", &url, None, self.success()?);
        case.lines.extend(self.media_type());
        Some(case)
    }

    /// What a stream says that it is.
    fn media_type(&self) -> Option<String> {
        let media = streams::media_type(self.bench.site, self.route, self.callable)?;
        Some(format!(
            "assert response.headers[\"content-type\"].startswith(\"{media}\")"
        ))
    }

    /// The body that makes one, where nothing else has to be there before.
    fn creation(&self) -> Option<(String, String, u16)> {
        let is_creation = self.method == "post" && !self.has_path_parameters() && !self.needs_more();
        let is_plain = self.raised.iter().all(|status| [409, 422].contains(status));
        let schema = self
            .body()
            .filter(|_| is_creation && is_plain && self.raised_before.is_empty())?;
        let body = sample::body(self.bench.site, schema)?;
        Some((self.url(|_| None)?, body, self.success()?))
    }

    fn created(&self) -> Option<Case> {
        let (url, body, status) = self.creation()?;
        Some(self.asks("", "What is valid is taken.", &url, Some(&body), status))
    }

    fn twice(&self) -> Option<Case> {
        let (url, body, status) = self.creation().filter(|_| self.raised.contains(&409))?;
        let entry = self.entry.as_ref();
        let mut lines = entry.map(|entry| entry.before.clone()).unwrap_or_default();
        let request = self.request(entry, &self.method, &url, Some("data"));
        lines.push(format!("data = {body}"));
        lines.extend([request.clone(), asserted(status), request, asserted(409)]);
        Some(self.case("conflict", "The same is not taken twice.", entry, lines))
    }

    /// The operation of the module that makes what this one is about, and the name of what its answer says of it.
    fn maker(&self, people: &mut People<'a>) -> Option<(Operation<'a>, String)> {
        let collection = self.path.strip_suffix('}')?.rsplit_once("/{")?;
        let (collection, parameter) = (collection.0, collection.1.split(':').next()?);
        if collection.contains('{') {
            return None;
        }
        let is_maker = |route: &&&'a Route| {
            let path = route.path.as_known().unwrap_or_default();
            route.methods.iter().any(|method| **method == *"POST") && path.trim_end_matches('/') == collection
        };
        let route = self.bench.routes.iter().find(is_maker)?;
        let mut maker = Self::read(self.bench, route)?;
        if let Some(access) = &maker.access {
            let who = match access.privileges().next() {
                Some(_) => Who::Privileged,
                None => Who::User,
            };
            maker.entry = Some(people.entry(access, who).ok()?);
        }
        maker.creation()?;
        let model = self.bench.site.ctx.model;
        let operation = model.operations.get(route.operation?.0 as usize)?;
        let answer = operation.response_model.as_ref().or(maker.callable.returns.as_ref())?;
        let [schema] = answer.schemas.as_slice() else {
            return None;
        };
        let schema = model.schemas.get(schema.0 as usize)?;
        let is_one = answer.display.ends_with(&*schema.name);
        let named = |name: &str| {
            schema
                .fields
                .iter()
                .any(|field| *field.name == *name && field.alias.is_none())
        };
        let key = [parameter, "id"].into_iter().find(|name| is_one && named(name))?;
        Some((maker, key.to_owned()))
    }

    /// What is done to something that was made before.
    fn done(&self, people: &mut People<'a>) -> Option<Case> {
        let is_plain = self.raised.iter().all(|status| [403, 404].contains(status));
        let is_plain_before = self.raised_before.iter().all(|status| [403, 404].contains(status));
        // Who makes it is who owns it, so that what is forbidden to others is not to them.
        let is_owner = !self.raised.contains(&403) || ownership::is_checked(self.bench.site, self.callable);
        if !is_plain || !is_plain_before || !is_owner || self.raised_before.contains(&403) || self.needs_more() {
            return None;
        }
        let json = self.least_body()?;
        let (maker, key) = self.maker(people)?;
        let (lines, entry, url) = self.made_before(&maker, &key)?;
        let own = self.entry.as_ref();
        let again = own.filter(|own| Some(*own) != entry.as_ref());
        let mut lines = lines;
        lines.extend(again.map(|own| own.before.clone()).unwrap_or_default());
        lines.extend([
            self.request(own, &self.method, &url, json.as_deref()),
            asserted(self.success()?),
        ]);
        let both = joined(entry, own.cloned());
        Some(self.case("", "It is done.", both.as_ref(), lines))
    }

    /// What is somebody else's.
    fn of_another(&self, people: &mut People<'a>) -> Option<Case> {
        let access = self.access.as_ref()?;
        let is_owned = self.raised.contains(&403) && ownership::is_checked(self.bench.site, self.callable);
        if !is_owned || access.privileges().next().is_some() || self.needs_more() {
            return None;
        }
        let json = self.least_body()?;
        let (maker, key) = self.maker(people)?;
        let other = people.entry(access, Who::Other).ok()?;
        let (mut lines, entry, url) = self.made_before(&maker, &key)?;
        lines.extend(other.before.iter().cloned());
        lines.extend([
            self.request(Some(&other), &self.method, &url, json.as_deref()),
            asserted(403),
        ]);
        let both = joined(entry, Some(other));
        Some(self.case("forbidden", "What is somebody else's is theirs.", both.as_ref(), lines))
    }

    /// The least that has to be sent; nothing where it can't be told.
    fn least_body(&self) -> Option<Option<String>> {
        match self.body() {
            Some(schema) => sample::body(self.bench.site, schema).map(Some),
            None => (!self.needs_body()).then_some(None),
        }
    }

    /// The lines that make something, who does, and the path of what is made.
    fn made_before(&self, maker: &Operation<'_>, key: &str) -> Option<(Vec<String>, Option<Entry>, String)> {
        let (url, body, status) = maker.creation()?;
        let entry = maker.entry.clone();
        let mut lines = entry.as_ref().map(|entry| entry.before.clone()).unwrap_or_default();
        lines.extend([
            format!("data = {body}"),
            maker.request(entry.as_ref(), "post", &url, Some("data")),
            asserted(status),
        ]);
        let parameter = self.parameters(ParamIn::Path).next()?;
        let name = style::words::snake(&parameter.name);
        lines.push(format!("{name} = response.json()[\"{key}\"]"));
        let url = self.url(|_| Some(format!("{{{name}}}")))?;
        Some((lines, entry, url))
    }

    fn bad_parameter(&self) -> Option<Case> {
        let url = self.url(|kind| matches!(kind, "UUID" | "int").then(|| "no-id".to_owned()))?;
        // Dependencies that raise are about the same parameter, and not called.
        let is_first = self.method == "get" && self.has_path_parameters();
        is_first.then(|| self.asks("with_bad_id", "What is no id is refused.", &url, None, 422))
    }

    fn bad_body(&self) -> Option<Case> {
        let schema = self.body()?;
        let is_refused = schema.fields.iter().any(|field| field.required) && self.raised_before.is_empty();
        let url = match self.has_path_parameters() {
            true => self.url_of_nothing(),
            false => self.url(|_| None),
        };
        let url = url.filter(|_| is_refused && !self.needs_more())?;
        Some(self.asks("invalid", "What lacks something is refused.", &url, Some("{}"), 422))
    }

    fn missing(&self) -> Option<Case> {
        let is_told = self.raised.contains(&404) || self.raised_before.contains(&404);
        let needs_nothing = !self.needs_more()
            && match self.body() {
                Some(schema) => !schema.fields.iter().any(|field| field.required),
                None => !self.needs_body(),
            };
        let url = self
            .url_of_nothing()
            .filter(|_| self.has_path_parameters() && is_told && needs_nothing)?;
        let json = self.body().map(|_| "{}");
        Some(self.asks("not_found", "What is not there is said to be so.", &url, json, 404))
    }
}

fn asserted(status: u16) -> String {
    format!("assert response.status_code == {status}")
}

fn lines_of<const N: usize>(entry: &Entry, rest: [String; N]) -> Vec<String> {
    entry.before.iter().cloned().chain(rest).collect()
}

/// Two who ask in one test.
fn joined(first: Option<Entry>, second: Option<Entry>) -> Option<Entry> {
    let (Some(first), Some(second)) = (&first, &second) else {
        return first.or(second);
    };
    let mut both = first.clone();
    for parameter in &second.parameters {
        if !both.parameters.contains(parameter) {
            both.parameters.push(parameter.clone());
        }
    }
    both.imports.extend(second.imports.iter().cloned());
    both.client = first.client.clone().or_else(|| second.client.clone());
    Some(both)
}

/// A type without what `Annotated` says of it.
fn plain(display: &str) -> &str {
    let inner = display
        .strip_prefix("Annotated[")
        .and_then(|inner| inner.split(',').next());
    let plain = inner.unwrap_or(display);
    plain.rsplit('.').next().unwrap_or(plain)
}
