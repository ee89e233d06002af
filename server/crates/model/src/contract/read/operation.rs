//! Path operations (`fastapi/routing.py`, `_populate_api_route_state`, `_RouterIncludeContext`).

use super::{Reader, dependant::unknowns, reason};
use crate::{
    DependsId, EventKind, Fact, OperationId, Piece, Place, Reason, Route, RouterId, Text,
    contract::{AdditionalResponse, Attributes, Data, PathOperation},
    eval::{
        iterate::Items,
        value::{Args, FnId, ObjectKind, Value},
    },
};
use smol_str::SmolStr;
use std::sync::Arc;

/// What a decorator says that the document shows as it is.
const SHOWN: [&str; 6] = [
    "summary",
    "description",
    "response_description",
    "operation_id",
    "openapi_extra",
    "status_code",
];
/// Depth of callbacks in callbacks.
const CALLBACKS: usize = 4;

/// One registration on its way through the includes.
pub(super) struct Way<'r> {
    pub(super) operation: OperationId,
    /// Arguments of routers and includes from the app down to the operation: outermost first.
    pub(super) levels: Vec<Args>,
    pub(super) path: Text,
    pub(super) tags: Vec<Data>,
    pub(super) dependencies: Vec<DependsId>,
    pub(super) deprecated: bool,
    pub(super) route: Option<(usize, &'r Route)>,
    pub(super) callback_depth: usize,
}

impl Reader<'_> {
    /// The path operation of a route.
    pub(super) fn route(&mut self, number: usize, route: &Route) -> Option<PathOperation> {
        let mut unknown = Vec::new();
        let tags = match &route.tags {
            Fact::Known(tags) => tags.iter().map(text_data).collect(),
            Fact::Unknown(why) => {
                unknown.push(why.clone());
                Vec::new()
            }
        };
        let mut operation = self.operation(Way {
            operation: route.operation?,
            levels: self.levels(route),
            path: route.path.clone(),
            tags,
            dependencies: route.dependencies.to_vec(),
            deprecated: route.deprecated,
            route: Some((number, route)),
            callback_depth: 0,
        })?;
        operation.unknown.extend(unknown);
        Some(operation)
    }

    /// The path operations that were registered on a router, as callbacks or webhooks.
    pub(super) fn described_router(&mut self, id: RouterId, depth: usize) -> (Vec<PathOperation>, Option<Reason>) {
        let router = self.interp.router(id).clone();
        let own = self.interp.router_args.get(&id).cloned().unwrap_or_default();
        let mut unknown = router.incomplete.clone();
        let mut found = Vec::new();
        for event in &router.events {
            let EventKind::Operation(operation) = &event.kind else {
                unknown.get_or_insert(reason(
                    "routers in callbacks and webhooks are not followed",
                    Some(event.at),
                ));
                continue;
            };
            let Some(entry) = self.model.operations.get(operation.0 as usize).cloned() else {
                continue;
            };
            let tags = |tags: &Fact<Vec<Text>>| tags.known().into_iter().flatten().map(text_data).collect::<Vec<_>>();
            found.extend(self.operation(Way {
                operation: *operation,
                levels: vec![own.clone()],
                path: entry.router_prefix.concat(&entry.path),
                tags: match entry.is_alone {
                    true => tags(&entry.tags),
                    false => [tags(&router.tags), tags(&entry.tags)].concat(),
                },
                dependencies: match entry.is_alone {
                    true => entry.dependencies.clone(),
                    false => [router.dependencies.clone(), entry.dependencies.clone()].concat(),
                },
                deprecated: router.deprecated && !entry.is_alone || entry.deprecated == Some(true),
                route: None,
                callback_depth: depth,
            }));
        }
        (found, unknown)
    }

    /// The arguments of the routers and includes on a route's way.
    fn levels(&self, route: &Route) -> Vec<Args> {
        let mut levels = Vec::new();
        let is_alone = route
            .operation
            .and_then(|id| self.model.operations.get(id.0 as usize))
            .is_some_and(|operation| operation.is_alone);
        let makers = route.chain.len() - usize::from(is_alone);
        let mut prefix = String::new();
        for (i, id) in route.chain.iter().enumerate().take(makers) {
            levels.extend(self.interp.router_args.get(id).cloned());
            let (Some(next), Some(at)) = (route.chain.get(i + 1), route.through.get(i)) else {
                continue;
            };
            let event = self.include_event(*id, *next, *at, &mut prefix, route);
            levels.extend(event.and_then(|event| self.interp.include_args.get(&(*id, event)).cloned()));
        }
        levels
    }

    /// The include by which a route's way leads from a router to the next one; of several of a loop the one that has the
    /// route's prefix. `prefix` is what the includes before it have added, and then what this one has too.
    fn include_event(
        &self,
        router: RouterId,
        next: RouterId,
        at: Place,
        prefix: &mut String,
        route: &Route,
    ) -> Option<usize> {
        let path = route.path.as_known();
        let events = self.interp.router(router).events.iter().enumerate();
        let matching = events.filter_map(|(number, event)| match &event.kind {
            EventKind::Include(include) if include.router == next && event.at == at => {
                let whole = include.router_prefix.concat(&include.prefix);
                let whole = whole.as_known().map(|own| format!("{prefix}{own}"));
                let fits = whole
                    .as_deref()
                    .zip(path)
                    .is_some_and(|(whole, path)| path.starts_with(whole));
                Some((number, whole.filter(|_| fits)))
            }
            _ => None,
        });
        // The first of the longest: `/v1` is how `/v10` begins.
        let best = matching.reduce(|best, other| {
            let length = |found: &(usize, Option<String>)| found.1.as_ref().map(String::len);
            if length(&other) > length(&best) { other } else { best }
        });
        let (number, whole) = best?;
        *prefix = whole.unwrap_or_default();
        Some(number)
    }

    fn operation(&mut self, way: Way<'_>) -> Option<PathOperation> {
        let entry = self.model.operations.get(way.operation.0 as usize)?.clone();
        let details = self.interp.operation_details.get(way.operation.0 as usize)?;
        let (args, endpoint) = (details.args.clone(), details.endpoint.clone());
        let mut unknown: Vec<Reason> = args.open.as_deref().cloned().into_iter().collect();
        unknown.extend(way.levels.iter().filter_map(|level| level.open.as_deref().cloned()));
        let path = self.path(&way.path, &mut unknown);
        let path_names = path_names(&path);
        let attributes = self.named(&args, &SHOWN);
        let chosen = self.chosen_class(&way.levels, &args);
        let response_class = self.response_class(chosen.as_ref()).unwrap_or_else(|why| {
            unknown.push(why.clone());
            crate::contract::ResponseClass {
                media_type: Data::Unknown(why),
                is_json: false,
                is_event_source: false,
                is_default: false,
                status_code: 200,
            }
        });
        let is_generator = self.is_generator(&endpoint);
        let given = args
            .keyword("response_model")
            .filter(|model| !model.is_placeholder())
            .cloned()
            .map(|model| self.interp.with_classes_of_libraries(entry.at.file, model));
        let (response_model, stream_item) =
            self.response_model(given.as_ref(), &endpoint, &response_class, is_generator);
        let responses = self.merged_responses(&way.levels, &args, &mut unknown);
        let dependant = self.endpoint(&endpoint, &way.dependencies, &path_names);
        unknowns(&dependant, &mut unknown);
        let name: Arc<str> = match entry.name.as_known() {
            Some(name) => name.into(),
            None => {
                unknown.extend(entry.name.reason().cloned());
                "".into()
            }
        };
        let callbacks = self.callbacks(&way, &args, &mut unknown);
        let mut operation = PathOperation {
            route: way.route.map(|(number, _)| number),
            methods: entry.methods.clone(),
            path,
            name,
            tags: way.tags.clone(),
            status_code: attributes.get("status_code").cloned(),
            attributes,
            doc: self.callable_doc(&endpoint, entry.at.file),
            unique_id: None,
            deprecated: way.deprecated,
            response_class,
            is_generator,
            response_model,
            stream_item,
            responses,
            dependant,
            callbacks,
            unknown,
        };
        let generator = chosen_argument(&way.levels, &args, "generate_unique_id_function");
        operation.unique_id = generator.map(|generator| {
            let levels = way.levels.iter().chain([&args]);
            let tags = levels.filter_map(|level| level.keyword("tags").cloned()).collect();
            self.unique_id(&generator, &operation, tags)
        });
        Some(operation)
    }

    fn path(&self, path: &Text, unknown: &mut Vec<Reason>) -> Arc<str> {
        let mut shown = String::new();
        for piece in path.pieces() {
            match piece {
                Piece::Known(text) => shown.push_str(text),
                Piece::Hole(why) => {
                    unknown.push(why.clone());
                    shown.push('…');
                }
            }
        }
        without_convertors(&shown).into()
    }

    /// The response class that is chosen nearest to the operation.
    fn chosen_class(&self, levels: &[Args], args: &Args) -> Option<Value> {
        args.keyword("response_class")
            .filter(|class| is_choice(class))
            .cloned()
            .or_else(|| chosen_argument(levels, &Args::default(), "default_response_class"))
    }

    /// `responses` of all levels; what comes nearer to the operation replaces an entry.
    fn merged_responses(&mut self, levels: &[Args], args: &Args, unknown: &mut Vec<Reason>) -> Vec<AdditionalResponse> {
        let mut merged: Vec<AdditionalResponse> = Vec::new();
        for level in levels.iter().chain([args]) {
            let Some(given) = level.keyword("responses").cloned() else {
                continue;
            };
            match self.responses(&given) {
                Ok(responses) => {
                    for response in responses {
                        match merged.iter_mut().find(|known| known.status == response.status) {
                            Some(known) => *known = response,
                            None => merged.push(response),
                        }
                    }
                }
                Err(why) => unknown.push(why),
            }
        }
        merged
    }

    fn callbacks(&mut self, way: &Way<'_>, args: &Args, unknown: &mut Vec<Reason>) -> Vec<PathOperation> {
        let mut found = Vec::new();
        for level in way.levels.iter().chain([args]) {
            match level.keyword("callbacks").cloned() {
                None | Some(Value::None) => {}
                Some(Value::Routes(router)) if way.callback_depth < CALLBACKS => {
                    let (callbacks, why) = self.described_router(router, way.callback_depth + 1);
                    found.extend(callbacks);
                    unknown.extend(why);
                }
                Some(Value::List(list)) if self.interp.list_items(list).is_empty() => {}
                Some(_) => unknown.push(reason("the callbacks are not known", None)),
            }
        }
        found
    }

    /// Calls the app's own function with a route that has what such functions read.
    fn unique_id(&mut self, generator: &Value, operation: &PathOperation, tags: Vec<Value>) -> Data {
        let methods = operation
            .methods
            .iter()
            .map(|method| Value::Str(method.clone()))
            .collect();
        let methods = Value::Set(self.interp.allocate(ObjectKind::List(methods)));
        let class = Value::lib("fastapi.routing.APIRoute");
        let at = self.interp.somewhere(None);
        let mut all = Vec::new();
        for tags in tags.iter().filter(|tags| **tags != Value::None) {
            match self.interp.items_of(tags, at) {
                Items::Known(items) => all.extend(items),
                Items::Unknown(why) => all.push(Value::Unknown(why)),
            }
        }
        let tags = self.interp.new_list(all);
        let route = self.interp.new_instance(class, at, None);
        let operation_id = match operation.attributes.get("operation_id") {
            Some(data) => plain_value(data),
            None => Value::None,
        };
        if let Some(instance) = self.interp.instance_mut(route) {
            let path = Value::Str(operation.path.clone());
            let attrs = [
                ("name", Value::Str(operation.name.clone())),
                ("path", path.clone()),
                ("path_format", path),
                ("methods", methods),
                ("tags", tags),
                ("operation_id", operation_id),
            ];
            instance
                .attrs
                .extend(attrs.map(|(name, value)| (SmolStr::new_static(name), value)));
        }
        match self.interp.call(generator, Args::of([Value::Object(route)]), None) {
            Ok(value) => self.data(&value),
            Err(_) => Data::Unknown(reason("`generate_unique_id_function` fails", None)),
        }
    }

    /// Whether a function is one of the workspace's own, for reasons that name it.
    pub(super) fn function_name(&self, id: FnId) -> &str {
        &self.interp.functions[id.0 as usize].qualname
    }
}

/// An argument of the operation, or else of the nearest level that has it.
fn chosen_argument(levels: &[Args], args: &Args, name: &str) -> Option<Value> {
    std::iter::once(args)
        .chain(levels.iter().rev())
        .find_map(|level| level.keyword(name).filter(|value| is_choice(value)))
        .cloned()
}

/// Whether an argument chooses something: `Default(…)` leaves the choice to others.
fn is_choice(value: &Value) -> bool {
    match value {
        Value::None => false,
        value => !value.is_placeholder(),
    }
}

fn text_data(text: &Text) -> Data {
    match text.as_known() {
        Some(known) => Data::Str(known.into()),
        None => Data::Unknown(
            text.reason()
                .cloned()
                .unwrap_or_else(|| reason("a tag that is not known", None)),
        ),
    }
}

fn plain_value(data: &Data) -> Value {
    match data {
        Data::Str(text) => Value::Str(text.clone()),
        Data::Int(number) => Value::Int(*number),
        Data::Unknown(why) => Value::Unknown(Arc::new(why.clone())),
        _ => Value::None,
    }
}

/// `{path:path}` is `{path}` in the document (`starlette/routing.py`, `compile_path`).
fn without_convertors(path: &str) -> String {
    let mut shown = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(open) = rest.find('{') {
        let Some(close) = rest[open..].find('}').map(|close| open + close) else {
            break;
        };
        let inner = &rest[open + 1..close];
        shown.push_str(&rest[..=open]);
        shown.push_str(inner.split_once(':').map_or(inner, |(name, _)| name));
        shown.push('}');
        rest = &rest[close + 1..];
    }
    shown + rest
}

/// Names in braces (`fastapi/utils.py`, `get_path_param_names`).
fn path_names(path: &str) -> Vec<Arc<str>> {
    let mut names = Vec::new();
    let mut rest = path;
    while let Some(open) = rest.find('{') {
        rest = &rest[open + 1..];
        let Some(close) = rest.find('}') else { break };
        names.push(Arc::from(&rest[..close]));
        rest = &rest[close + 1..];
    }
    names
}

/// What an app or operation says, without what says nothing.
pub(super) fn without_none(attributes: &mut Attributes) {
    let empty: Vec<String> = attributes
        .iter()
        .filter(|(_, value)| **value == Data::None)
        .map(|(name, _)| name.to_owned())
        .collect();
    empty.iter().for_each(|name| attributes.remove(name));
}
