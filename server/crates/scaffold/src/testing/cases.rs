//! What is tested of a path operation: only what is certain by what the model and the code say.

use super::{raises, sample};
use crate::{
    Site,
    ground::Ground,
    resolve::{self, Binding, Resolved},
};
use facts::{Arg, Expr, UnitId};
use model::{Callable, CallableKind, ParamIn, Requirements, Route, RouteKind, RouteParameter, Schema};
use serde::Serialize;
use std::collections::BTreeSet;

/// A test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Case {
    /// The function's name.
    pub(super) name: String,
    docstring: String,
    method: String,
    /// The path as a Python expression.
    url: String,
    /// The body as a Python expression.
    json: Option<String>,
    status: u16,
    /// What the same request is answered with before.
    first: Option<u16>,
}

/// A path operation, and what its code says.
struct Operation<'a> {
    site: &'a Site<'a>,
    route: &'a Route,
    function: String,
    method: String,
    path: &'a str,
    requirements: Requirements,
    /// Statuses that it raises, and those that its dependencies do.
    raised: BTreeSet<u16>,
    raised_before: BTreeSet<u16>,
}

/// The tests of a route.
pub(super) fn of(site: &Site<'_>, ground: &Ground, route: &Route) -> Vec<Case> {
    let Some(operation) = Operation::read(site, ground, route) else {
        return Vec::new();
    };
    if !operation.requirements.security.is_empty() {
        return operation.unauthorized().into_iter().collect();
    }
    let cases = [
        operation.listed(),
        operation.created(),
        operation.twice(),
        operation.bad_parameter(),
        operation.bad_body(),
        operation.missing(),
    ];
    cases.into_iter().flatten().collect()
}

/// Whether it answers bit by bit: nobody knows that the answer ends.
fn streams(site: &Site<'_>, route: &Route, callable: &Callable) -> bool {
    let is_stream = |name: &str| name.ends_with("StreamingResponse") || name.ends_with("EventSourceResponse");
    let returned = callable.returns.as_ref().is_some_and(|ty| is_stream(&ty.display));
    let class = || {
        let facts = site.ctx.facts(route.at.file)?;
        let unit = facts.units.get(route.at.unit.0 as usize)?.read();
        let Expr::Call { args, .. } = unit.exprs.get(route.at.expr.0 as usize)? else {
            return None;
        };
        args.iter().find_map(|arg| match arg {
            Arg::Keyword { name, value, .. } if *name == "response_class" => {
                Some(is_stream(style::last_name(&unit, *value)))
            }
            _ => None,
        })
    };
    callable.is_generator || returned || class() == Some(true)
}

impl<'a> Operation<'a> {
    fn read(site: &'a Site<'a>, ground: &'a Ground, route: &'a Route) -> Option<Self> {
        let model = site.ctx.model;
        let callable = model.callables.get(route.endpoint?.0 as usize)?;
        let is_plain = route.kind == RouteKind::Http && !route.conditional && callable.kind == CallableKind::Function;
        let method = route.methods.first()?.to_lowercase();
        let path = route.path.as_known()?;
        let requirements = model.requirements(route);
        if !is_plain || requirements.incomplete.is_some() || route.methods.len() != 1 || streams(site, route, callable)
        {
            return None;
        }
        let called = |callable: &Callable| raises::statuses(site, ground, callable);
        let raised_before = requirements
            .dependencies
            .iter()
            .filter_map(|node| model.callables.get(node.callable?.0 as usize))
            .flat_map(called)
            .collect();
        Some(Self {
            site,
            route,
            function: callable.name.rsplit('.').next()?.to_owned(),
            method,
            path,
            raised: called(callable),
            raised_before,
            requirements,
        })
    }

    fn case(&self, suffix: &str, docstring: &str, url: String, status: u16) -> Case {
        let suffix = if suffix.is_empty() {
            String::new()
        } else {
            format!("_{suffix}")
        };
        Case {
            name: format!("test_{}{suffix}", self.function),
            docstring: docstring.to_owned(),
            method: self.method.clone(),
            url,
            json: None,
            status,
            first: None,
        }
    }

    fn parameters(&self, place: ParamIn) -> impl Iterator<Item = &RouteParameter> {
        self.requirements
            .parameters
            .iter()
            .filter(move |parameter| parameter.place_in == place)
    }

    /// The path with values for its parameters; nothing where one is of a kind that has none.
    fn url(&self, value: impl Fn(&str) -> Option<String>) -> Option<String> {
        let mut url = self.path.to_owned();
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
            let ctx = &self.site.ctx;
            match resolve::resolve(ctx, at.file, display)? {
                Resolved::Item(file, Binding::Value(value)) => {
                    let source = crate::draft::source(self.site, &ctx.files.path(file))?;
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
            [schema] if second.is_none() => self.site.ctx.model.schemas.get(schema.0 as usize)?,
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
        let operation = self.site.ctx.model.operations.get(self.route.operation?.0 as usize)?;
        Some((*operation.status_code.known()?).unwrap_or(200))
    }

    fn unauthorized(&self) -> Option<Case> {
        let url = self.url(|kind| match kind {
            "UUID" => Some("{uuid.uuid4()}".to_owned()),
            "int" => Some("1".to_owned()),
            _ => Some("x".to_owned()),
        })?;
        let is_required = !self.has_optional_schemes();
        is_required.then(|| {
            self.case(
                "unauthorized",
                "Nobody is let in who says nothing of themselves.",
                url,
                401,
            )
        })
    }

    /// Whether some scheme of the project lets everybody pass.
    fn has_optional_schemes(&self) -> bool {
        let files = self.site.disk.python_files();
        let own = files.iter().filter(|path| path.starts_with(self.site.root));
        let mut texts = own.filter_map(|path| self.site.disk.text(path));
        texts.any(|text| text.contains("auto_error=False"))
    }

    fn listed(&self) -> Option<Case> {
        let is_list = self.method == "get" && !self.has_path_parameters() && !self.needs_more();
        let raises = !self.raised.is_empty() || !self.raised_before.is_empty();
        let url = self.url(|_| None).filter(|_| is_list && !raises)?;
        Some(self.case("", "It is answered.", url, self.success()?))
    }

    /// The body that makes one, where nothing else has to be there before.
    fn creation(&self) -> Option<(String, String, u16)> {
        let is_creation = self.method == "post" && !self.has_path_parameters() && !self.needs_more();
        let needs_others = self.raised.contains(&404) || self.raised.contains(&401) || !self.raised_before.is_empty();
        let schema = self
            .body()
            .filter(|_| is_creation && !needs_others && !self.raised.contains(&400))?;
        let body = sample::body(self.site, schema)?;
        Some((self.url(|_| None)?, body, self.success()?))
    }

    fn created(&self) -> Option<Case> {
        let (url, body, status) = self.creation()?;
        Some(Case {
            json: Some(body),
            ..self.case("", "What is valid is taken.", url, status)
        })
    }

    fn twice(&self) -> Option<Case> {
        let (url, body, status) = self.creation().filter(|_| self.raised.contains(&409))?;
        Some(Case {
            json: Some(body),
            first: Some(status),
            ..self.case("conflict", "The same is not taken twice.", url, 409)
        })
    }

    fn bad_parameter(&self) -> Option<Case> {
        let url = self.url(|kind| matches!(kind, "UUID" | "int").then(|| "no-id".to_owned()))?;
        // Dependencies that raise are about the same parameter, and not called.
        let is_first = self.method == "get" && self.has_path_parameters();
        is_first.then(|| self.case("with_bad_id", "What is no id is refused.", url, 422))
    }

    fn bad_body(&self) -> Option<Case> {
        let schema = self.body()?;
        let is_refused = schema.fields.iter().any(|field| field.required) && self.raised_before.is_empty();
        let url = match self.has_path_parameters() {
            true => self.url_of_nothing(),
            false => self.url(|_| None),
        };
        let url = url.filter(|_| is_refused && !self.needs_more())?;
        Some(Case {
            json: Some("{}".to_owned()),
            ..self.case("invalid", "What lacks something is refused.", url, 422)
        })
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
        Some(Case {
            json: self.body().map(|_| "{}".to_owned()),
            ..self.case("not_found", "What is not there is said to be so.", url, 404)
        })
    }
}

/// A type without what `Annotated` says of it.
fn plain(display: &str) -> &str {
    let inner = display
        .strip_prefix("Annotated[")
        .and_then(|inner| inner.split(',').next());
    let plain = inner.unwrap_or(display);
    plain.rsplit('.').next().unwrap_or(plain)
}
