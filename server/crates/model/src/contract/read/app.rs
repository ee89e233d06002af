//! An app: what it says of itself, and the operations that it shows (`fastapi/applications.py`, `FastAPI.openapi`).

use super::{Reader, operation::without_none, reason};
use crate::{
    Reason, Route, RouteKind, RouterKind,
    contract::{Contract, Data, PathOperation},
    eval::value::{Args, Value},
};
use smol_str::SmolStr;

/// Arguments of `FastAPI(…)` that the document shows.
const SHOWN: [&str; 11] = [
    "title",
    "version",
    "summary",
    "description",
    "terms_of_service",
    "contact",
    "license_info",
    "openapi_tags",
    "servers",
    "openapi_external_docs",
    "separate_input_output_schemas",
];

impl Reader<'_> {
    /// The contract of an app by its number in the model.
    pub(super) fn app(&mut self, number: usize) -> Contract {
        let id = self.model.apps[number].router;
        let mut unknown = Vec::new();
        let args = self.interp.router_args.get(&id).cloned().unwrap_or_default();
        unknown.extend(args.open.as_deref().cloned());
        let file = self.model.apps[number].file;
        let pydantic = self.interp.source.pydantic_version(file);
        if pydantic.is_first() {
            unknown.push(reason(
                "the project has Pydantic 1, whose schemas are not followed",
                None,
            ));
        }
        let mut info = self.named(&args, &SHOWN);
        let object = self.interp.router_objects[id.0 as usize];
        let changed = self.interp.instance(object).map(|instance| instance.attrs.clone());
        let changed = changed.unwrap_or_default();
        for name in SHOWN.iter().chain(&["openapi_version"]) {
            if let Some(value) = changed.get(*name) {
                let data = self.data(value);
                info.set(name, data);
            }
        }
        without_none(&mut info);
        unknown.extend(self.replaced_document(changed.get("openapi")));
        let model = self.model;
        let routes: Vec<(usize, &Route)> = model
            .routes
            .iter()
            .enumerate()
            .filter(|(_, route)| route.app == number && self.is_shown(route))
            .collect();
        let operations: Vec<PathOperation> = routes
            .into_iter()
            .filter_map(|(number, route)| self.route(number, route))
            .collect();
        unknown.extend(self.interp.router(id).incomplete.clone());
        let webhooks = self.webhooks(changed.get("webhooks").cloned(), &args, &mut unknown);
        Contract {
            fastapi: self.interp.source.fastapi_version(file),
            pydantic,
            info,
            operations,
            webhooks,
            classes: Vec::new(),
            unknown,
        }
    }

    /// Whether the app's own document has a route: mounted apps have documents of their own.
    fn is_shown(&self, route: &Route) -> bool {
        route.kind == RouteKind::Http
            && route.include_in_schema
            && route.chain[1..]
                .iter()
                .all(|id| self.model.routers[id.0 as usize].kind == RouterKind::ApiRouter)
    }

    fn webhooks(&mut self, set: Option<Value>, args: &Args, unknown: &mut Vec<Reason>) -> Vec<PathOperation> {
        let router = set
            .or_else(|| args.keyword("webhooks").cloned())
            .and_then(|value| self.interp.router_of(&value));
        let Some(router) = router else {
            return Vec::new();
        };
        let (mut operations, why) = self.described_router(router, 0);
        unknown.extend(why);
        operations.retain(|operation| operation.attributes.given("include_in_schema") != Some(&Data::Bool(false)));
        operations
    }

    /// Why the document is not FastAPI's own: `app.openapi = custom_openapi`.
    fn replaced_document(&self, value: Option<&Value>) -> Option<Reason> {
        let name: SmolStr = match value? {
            Value::Function(id) => self.function_name(*id).into(),
            Value::Bound(bound) => match &bound.1 {
                Value::Function(id) => self.function_name(*id).into(),
                _ => "a method".into(),
            },
            _ => "something else".into(),
        };
        Some(reason(
            format!("`app.openapi` is replaced by `{name}`, whose changes are not followed"),
            None,
        ))
    }
}
