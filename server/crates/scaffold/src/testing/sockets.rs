//! Tests of WebSockets: what is sent back, and who is refused.

use super::{
    access::Access,
    cases::{Bench, Case},
    demands::called,
    people::{People, Who},
};
use crate::excerpt::Excerpt;
use model::{Callable, CallableKind, ParamIn, Requirements, Route, RouteKind, RouteParameter};
use ruff_python_ast::{
    ExceptHandler, Expr, Stmt,
    visitor::source_order::{SourceOrderVisitor, walk_expr, walk_stmt},
};

/// A WebSocket, and what its code says.
struct Socket<'a> {
    bench: &'a Bench<'a>,
    function: String,
    callable: &'a Callable,
    path: String,
    requirements: Requirements,
    is_sync: bool,
}

/// The tests of a WebSocket, and why there are none.
pub(super) fn of<'a>(
    bench: &'a Bench<'a>,
    people: &mut People<'a>,
    route: &'a Route,
    notes: &mut Vec<String>,
) -> Vec<Case> {
    let model = bench.site.ctx.model;
    let callable = route.endpoint.and_then(|id| model.callables.get(id.0 as usize));
    let is_socket = route.kind == RouteKind::WebSocket && !route.conditional;
    let (Some(callable), Some(path)) = (callable.filter(|_| is_socket), route.path.as_known()) else {
        return Vec::new();
    };
    let requirements = model.requirements(route);
    if callable.kind != CallableKind::Function || requirements.incomplete.is_some() || path.contains('{') {
        return Vec::new();
    }
    let socket = Socket {
        bench,
        function: callable.name.rsplit('.').next().unwrap_or_default().to_owned(),
        callable,
        path: path.to_owned(),
        is_sync: !bench.client.is_async,
        requirements,
    };
    if !socket.is_sync && !socket.requirements.dependencies.is_empty() {
        notes.push(format!(
            "`{}` is not tested: the tests' `AsyncClient` opens no WebSockets, and a `TestClient` would run its dependencies in another loop",
            socket.function
        ));
        return Vec::new();
    }
    let mut cases = Vec::new();
    cases.extend(socket.refused());
    match socket.answered(people) {
        Ok(case) => cases.push(case),
        Err(why) => notes.push(format!("what `{}` sends is not tested: {why}", socket.function)),
    }
    cases
}

impl<'a> Socket<'a> {
    /// The query and headers without which it is not opened.
    fn required(&self) -> Vec<&RouteParameter> {
        let parameters = self.requirements.parameters.iter();
        let asked = [ParamIn::Query, ParamIn::Header, ParamIn::Cookie];
        parameters
            .filter(|parameter| parameter.required && asked.contains(&parameter.place_in))
            .collect()
    }

    /// The client, with the parameters of the test that has it.
    fn client(&self) -> (String, Vec<String>) {
        match &self.bench.client.fixture {
            Some(fixture) if self.is_sync => (fixture.name.clone(), vec![format!("{}: TestClient", fixture.name)]),
            _ => (format!("TestClient({})", self.bench.app), Vec::new()),
        }
    }

    fn case(&self, suffix: &str, docstring: &str, parameters: &[String], lines: Vec<String>) -> Case {
        Case {
            name: format!("test_{}{suffix}", self.function),
            docstring: docstring.to_owned(),
            parameters: parameters.join(", "),
            lines,
            is_async: false,
            imports: vec![
                "from fastapi.testclient import TestClient".to_owned(),
                "from starlette.websockets import WebSocketDisconnect".to_owned(),
            ],
        }
    }

    /// Who does not send what has to be there is turned away (`fastapi/exception_handlers.py`,
    /// `websocket_request_validation_exception_handler`).
    fn refused(&self) -> Option<Case> {
        self.required().first()?;
        let (client, parameters) = self.client();
        let lines = vec![
            "with (".to_owned(),
            "    pytest.raises(WebSocketDisconnect) as refused,".to_owned(),
            format!("    {client}.websocket_connect(\"{}\"),", self.path),
            "):".to_owned(),
            "    pass".to_owned(),
            "assert refused.value.code == 1008".to_owned(),
        ];
        let docstring = "Nobody opens it who lacks what is asked for.";
        Some(self.case("_refused", docstring, &parameters, lines))
    }

    /// What is sent comes back.
    fn answered(&self, people: &mut People<'a>) -> Result<Case, String> {
        let exchange = self.exchange().ok_or("what comes back can't be told by its code")?;
        let (client, mut parameters) = self.client();
        let url = match self.required().as_slice() {
            [] if self.requirements.dependencies.is_empty() => format!("\"{}\"", self.path),
            [token] if &*token.name == "token" && token.place_in == ParamIn::Query => {
                let headers = self.headers(people)?;
                parameters.push(format!("{headers}: dict[str, str]"));
                format!(
                    "f\"{}?token={{{headers}['Authorization'].removeprefix('Bearer ')}}\"",
                    self.path
                )
            }
            _ => return Err("what has to be sent to open it can't be told".to_owned()),
        };
        let mut lines = vec![
            format!("with {client}.websocket_connect({url}) as websocket:"),
            format!("    websocket.send_{}({})", exchange.kind, exchange.sent),
        ];
        lines.push(match exchange.is_echo {
            true => format!("    assert websocket.receive_{}() == {}", exchange.kind, exchange.sent),
            false => format!("    assert websocket.receive_{}()", exchange.kind),
        });
        Ok(self.case("", "What is sent is answered.", &parameters, lines))
    }

    /// The fixture with the headers of a user, whose token is sent in the query.
    fn headers(&self, people: &mut People<'a>) -> Result<String, String> {
        let anyone = Access::anyone();
        let entry = people.entry(&anyone, Who::User).ok();
        entry
            .and_then(|entry| entry.headers)
            .ok_or_else(|| "no fixture gives a token".to_owned())
    }

    fn exchange(&self) -> Option<Exchange> {
        let excerpt = Excerpt::definition(self.bench.site, self.callable.def?.file, &self.function)?;
        let function = excerpt.function()?;
        let accepts = function.body.iter().position(|stmt| awaits(stmt, "accept"))?;
        let tried = function.body[accepts + 1..].iter().find_map(|stmt| match stmt {
            Stmt::Try(tried) if catches_disconnect(&tried.handlers) => Some(&tried.body),
            _ => None,
        })?;
        let round = tried.iter().find_map(|stmt| match stmt {
            Stmt::While(round) => Some(&round.body),
            _ => None,
        })?;
        let (got, kind) = round.first().and_then(received)?;
        let mut sends = Sends::default();
        sends.visit_body(&round[1..]);
        let (sent_kind, value) = sends.0.into_iter().next()?;
        let is_plain = round.iter().all(|stmt| matches!(stmt, Stmt::Assign(_) | Stmt::Expr(_)));
        (kind == sent_kind && is_plain).then(|| Exchange {
            is_echo: value == got,
            sent: match kind.as_str() {
                "json" => "{\"message\": \"Hello\"}",
                "bytes" => "b\"Hello\"",
                _ => "\"Hello\"",
            },
            kind,
        })
    }
}

/// What is sent, and what comes back.
struct Exchange {
    /// `text`, `json` or `bytes`.
    kind: String,
    sent: &'static str,
    /// Whether the same comes back.
    is_echo: bool,
}

/// Whether a statement is `await websocket.NAME(…)`.
fn awaits(stmt: &Stmt, name: &str) -> bool {
    match stmt {
        Stmt::Expr(expr) => match &*expr.value {
            Expr::Await(awaited) => awaited.value.as_call_expr().and_then(called) == Some(name),
            _ => false,
        },
        _ => false,
    }
}

fn catches_disconnect(handlers: &[ExceptHandler]) -> bool {
    handlers.iter().any(|ExceptHandler::ExceptHandler(handler)| {
        let caught = handler.type_.as_deref();
        caught.is_some_and(|caught| match caught {
            Expr::Name(name) => name.id == "WebSocketDisconnect",
            Expr::Attribute(attribute) => attribute.attr.as_str() == "WebSocketDisconnect",
            _ => false,
        })
    })
}

/// The name and kind of `message = await websocket.receive_text()`.
fn received(stmt: &Stmt) -> Option<(String, String)> {
    let Stmt::Assign(assign) = stmt else { return None };
    let [Expr::Name(name)] = assign.targets.as_slice() else {
        return None;
    };
    let call = assign.value.as_await_expr()?.value.as_call_expr()?;
    let kind = called(call)?.strip_prefix("receive_")?;
    Some((name.id.to_string(), kind.to_owned()))
}

/// What `send_text` and its like are given, where that is a name, and their kinds.
#[derive(Default)]
struct Sends(Vec<(String, String)>);

impl<'a> SourceOrderVisitor<'a> for Sends {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        walk_stmt(self, stmt);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        if let Expr::Call(call) = expr
            && let Some(kind) = called(call).and_then(|name| name.strip_prefix("send_"))
        {
            let value = call.arguments.args.first().and_then(Expr::as_name_expr);
            let value = value.map(|name| name.id.to_string()).unwrap_or_default();
            self.0.push((kind.to_owned(), value));
        }
        walk_expr(self, expr);
    }
}
