//! Cards: what a path operation, a router or a dependency is, in Markdown.

use super::overrides::Override;
use super::routes::{router_name, texts};
use crate::Analysis;
use model::{
    Callable, CallableId, DependencyNode, DependsId, DependsTarget, Fact, Operation, OperationId, ParamIn, Reason,
    Requirements, Route, RouteKind, RouterId,
};
use std::fmt::Write;

/// How many routes a router's card lists.
const ROUTES_LISTED: usize = 20;

impl Analysis {
    /// Card of one registration, on all ways through the includes.
    pub(crate) fn operation_card(&self, id: OperationId) -> String {
        let routes: Vec<&Route> = self.routes_of(|route| route.operation == Some(id));
        self.card(&self.model().operations[id.0 as usize], &routes)
    }

    /// Card of everything that a function is an endpoint of.
    pub(crate) fn endpoint_card(&self, id: CallableId) -> String {
        let model = self.model();
        let cards: Vec<String> = model
            .operations
            .iter()
            .enumerate()
            .filter(|(_, operation)| operation.endpoint.known() == Some(&id))
            .map(|(index, _)| self.operation_card(OperationId(index as u32)))
            .collect();
        cards.join("\n\n---\n\n")
    }

    fn routes_of(&self, is_wanted: impl Fn(&Route) -> bool) -> Vec<&Route> {
        self.model().routes.iter().filter(|route| is_wanted(route)).collect()
    }

    fn card(&self, operation: &Operation, routes: &[&Route]) -> String {
        let mut card = String::new();
        for route in routes {
            self.write_served(&mut card, route);
        }
        if routes.is_empty() {
            let methods = operation.methods.join(", ");
            let _ = writeln!(card, "**{methods}** `{}` is served by no known app", operation.path);
        }
        write_reason(&mut card, "The path", operation.path.reason());
        if let Some(route) = routes.first() {
            self.write_request(&mut card, &self.model().requirements(route));
            let tags = texts(&route.tags);
            if !tags.is_empty() {
                let _ = writeln!(card, "\nTags: {}", tags.join(", "));
            }
        }
        write_response(&mut card, operation);
        card.trim().to_owned()
    }

    /// `**GET** /path`, the app that serves it and the chain of routers.
    fn write_served(&self, card: &mut String, route: &Route) {
        let model = self.model();
        let marks = [
            (route.conditional, "conditional"),
            (route.deprecated, "deprecated"),
            (!route.include_in_schema, "not in the schema"),
        ];
        let marks: Vec<&str> = marks
            .iter()
            .filter(|(is_so, _)| *is_so)
            .map(|(_, mark)| *mark)
            .collect();
        let _ = write!(card, "**{}** `{}`", route.methods.join(", "), route.path);
        if !marks.is_empty() {
            let _ = write!(card, " ({})", marks.join(", "));
        }
        let chain: Vec<String> = route
            .chain
            .iter()
            .map(|id| format!("`{}`", router_name(&model.routers[id.0 as usize])))
            .collect();
        let _ = writeln!(card, "  \n{}\n", chain.join(" → "));
        write_reason(card, "The path", route.path.reason());
    }

    fn write_request(&self, card: &mut String, requirements: &Requirements) {
        for place_in in [
            ParamIn::Path,
            ParamIn::Query,
            ParamIn::Header,
            ParamIn::Cookie,
            ParamIn::Body,
            ParamIn::Form,
            ParamIn::File,
        ] {
            let parameters: Vec<String> = requirements
                .parameters
                .iter()
                .filter(|parameter| parameter.place_in == place_in)
                .map(|parameter| {
                    let ty = parameter
                        .ty
                        .as_ref()
                        .map_or(String::new(), |ty| format!(": {}", ty.display));
                    let mark = if parameter.required { "" } else { " (optional)" };
                    format!("`{}{ty}`{mark}", parameter.name)
                })
                .collect();
            if !parameters.is_empty() {
                let _ = writeln!(card, "- {}: {}", place_in.as_str(), parameters.join(", "));
            }
        }
        if !requirements.dependencies.is_empty() {
            let _ = writeln!(card, "\nDependencies:");
            for node in &requirements.dependencies {
                self.write_dependency(card, node);
            }
        }
        if !requirements.security.is_empty() {
            let _ = writeln!(card, "\nSecurity: {}", requirements.security.join(", "));
        }
        write_reason(card, "The list may lack something", requirements.incomplete.as_ref());
    }

    fn write_dependency(&self, card: &mut String, node: &DependencyNode) {
        let indent = "  ".repeat(node.depth as usize);
        let depends = &self.model().depends[node.depends.0 as usize];
        let mut marks = Vec::new();
        if node.is_cycle {
            marks.push("a cycle".to_owned());
        }
        if !depends.scopes.is_empty() {
            marks.push(format!("scopes {}", depends.scopes.join(", ")));
        }
        if !depends.use_cache {
            marks.push("not cached".to_owned());
        }
        marks.extend(depends.scope.as_ref().map(|scope| format!("until the {scope} ends")));
        let marks = if marks.is_empty() {
            String::new()
        } else {
            format!(" ({})", marks.join("; "))
        };
        let name = self.depends_name(node.depends, node.callable);
        let _ = writeln!(card, "{indent}- `{name}`{marks}");
    }

    fn depends_name(&self, depends: DependsId, callable: Option<CallableId>) -> String {
        let model = self.model();
        if let Some(id) = callable {
            return model.callables[id.0 as usize].name.to_string();
        }
        match &model.depends[depends.0 as usize].target {
            Fact::Known(DependsTarget::Callable(id) | DependsTarget::CalledFunction(id)) => {
                model.callables[id.0 as usize].name.to_string()
            }
            Fact::Known(DependsTarget::NotCallable(class)) => class.to_string(),
            Fact::Known(DependsTarget::OwnType) => "the parameter's type".to_owned(),
            Fact::Unknown(reason) => format!("? ({})", reason.text),
        }
    }

    /// Card of a router or app: where it is served, and its routes.
    pub(crate) fn router_card(&self, id: RouterId) -> String {
        let router = &self.model().routers[id.0 as usize];
        let routes = self.routes_of(|route| route.chain.contains(&id));
        let mut card = format!("`{}`\n\n", router_name(router));
        for chain in self.chains_to(id) {
            let _ = writeln!(card, "- {chain}");
        }
        if routes.is_empty() {
            let _ = writeln!(card, "No known app serves a route of it.");
        } else {
            let _ = writeln!(card, "\n{} routes:\n", routes.len());
        }
        for route in routes.iter().take(ROUTES_LISTED) {
            let _ = writeln!(card, "- **{}** `{}`", route.methods.join(", "), route.path);
        }
        if routes.len() > ROUTES_LISTED {
            let _ = writeln!(card, "- … and {} more", routes.len() - ROUTES_LISTED);
        }
        write_reason(&mut card, "More may be registered on it", router.incomplete.as_ref());
        card.trim().to_owned()
    }

    /// The ways from apps to a router, each once.
    fn chains_to(&self, id: RouterId) -> Vec<String> {
        let model = self.model();
        let mut chains: Vec<String> = Vec::new();
        for route in &model.routes {
            let Some(end) = route.chain.iter().position(|router| *router == id) else {
                continue;
            };
            let chain: Vec<String> = route.chain[..=end]
                .iter()
                .map(|router| format!("`{}`", router_name(&model.routers[router.0 as usize])))
                .collect();
            let chain = chain.join(" → ");
            if end > 0 && !chains.contains(&chain) {
                chains.push(chain);
            }
        }
        chains
    }

    /// Card of a dependency: what is called, and who needs it. None where nothing is known.
    pub(crate) fn depends_card(&self, id: DependsId) -> Option<String> {
        let model = self.model();
        let depends = &model.depends[id.0 as usize];
        let callable = match &depends.target {
            Fact::Known(DependsTarget::Callable(id) | DependsTarget::CalledFunction(id)) => Some(*id),
            Fact::Known(DependsTarget::NotCallable(_) | DependsTarget::OwnType) => None,
            Fact::Unknown(_) => None,
        };
        let mut card = String::new();
        match (&depends.target, callable) {
            (Fact::Unknown(reason), _) => write_reason(&mut card, "The dependency", Some(reason)),
            (_, Some(target)) => return Some(self.dependency_card(target)),
            _ => return None,
        }
        Some(card.trim().to_owned())
    }

    /// Card of what is depended on: what is called, who needs it, and which tests put something else in its place.
    pub(crate) fn dependency_card(&self, id: CallableId) -> String {
        let callable = &self.model().callables[id.0 as usize];
        let kind = match (callable.is_async, callable.is_generator) {
            (true, true) => "async generator",
            (false, true) => "generator",
            (true, false) => "async",
            (false, false) => "",
        };
        let mut card = format!("`{}` {kind}\n\n", callable.name);
        if let Some(returns) = &callable.returns {
            let _ = writeln!(card, "Returns `{}`\n", returns.display);
        }
        self.write_users(&mut card, id);
        self.write_overrides(&mut card, callable);
        card.trim().to_owned()
    }

    fn write_overrides(&self, card: &mut String, callable: &Callable) {
        let all = self.overrides();
        let overrides: Vec<&Override> = all.iter().filter(|known| known.is_of(callable)).collect();
        if overrides.is_empty() {
            return;
        }
        let _ = writeln!(card, "\nOverridden:\n");
        for known in overrides.iter().take(ROUTES_LISTED) {
            let path = self.path(known.at.file);
            let file = self.display_path(known.at.file, self.sources().project.project_folder(&path));
            let replacement = self.text_at(known.replacement);
            let within = known
                .within
                .as_ref()
                .map(|name| format!(" in `{name}`"))
                .unwrap_or_default();
            let _ = writeln!(card, "- by `{replacement}`{within}, {file}:{}", self.line_of(known.at));
        }
        if overrides.len() > ROUTES_LISTED {
            let _ = writeln!(card, "- … and {} more", overrides.len() - ROUTES_LISTED);
        }
    }

    fn write_users(&self, card: &mut String, dependency: CallableId) {
        let users = self.routes_of(|route| {
            self.model()
                .requirements(route)
                .dependencies
                .iter()
                .any(|node| node.callable == Some(dependency))
        });
        if users.is_empty() {
            return;
        }
        let _ = writeln!(card, "Needed by {} routes:\n", users.len());
        for route in users.iter().take(ROUTES_LISTED) {
            let _ = writeln!(card, "- **{}** `{}`", route.methods.join(", "), route.path);
        }
        if users.len() > ROUTES_LISTED {
            let _ = writeln!(card, "- … and {} more", users.len() - ROUTES_LISTED);
        }
    }
}

fn write_response(card: &mut String, operation: &Operation) {
    if operation.kind != RouteKind::Http {
        return;
    }
    let model = operation
        .response_model
        .as_ref()
        .map_or("not declared".to_owned(), |response| format!("`{}`", response.display));
    let status = match &operation.status_code {
        Fact::Known(code) => code.unwrap_or(200).to_string(),
        Fact::Unknown(reason) => format!("unknown: {}", reason.text),
    };
    let _ = writeln!(card, "\nResponse: {model}, status {status}");
}

fn write_reason(card: &mut String, what: &str, reason: Option<&Reason>) {
    if let Some(reason) = reason {
        let _ = writeln!(card, "\n{what}: {}", reason.text);
    }
}
