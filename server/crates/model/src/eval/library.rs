//! What is known of libraries without reading them: canonical names, base classes, methods.

use crate::RouterKind;
use std::sync::Arc;

/// The one name under which a library thing is known here, however it was imported.
pub(crate) fn canonical(name: &str) -> Arc<str> {
    let Some((module, last)) = name.rsplit_once('.') else {
        return name.into();
    };
    let canonical_module = match module {
        "fastapi.applications" => "fastapi",
        "fastapi.routing" => match last {
            "APIRouter" => "fastapi",
            "APIRoute" | "APIWebSocketRoute" => "fastapi.routing",
            "Mount" | "Route" | "WebSocketRoute" | "Router" | "Host" => "starlette.routing",
            _ => module,
        },
        "fastapi.param_functions" | "fastapi.params" | "fastapi.background" => match last {
            "Depends" | "Security" | "Path" | "Query" | "Header" | "Cookie" | "Body" | "Form" | "File"
            | "BackgroundTasks" => "fastapi",
            _ => module,
        },
        "fastapi.datastructures" if last == "UploadFile" => "fastapi",
        "fastapi.requests" | "starlette.requests" if matches!(last, "Request" | "HTTPConnection") => "fastapi.requests",
        "fastapi" if matches!(last, "Request") => "fastapi.requests",
        "fastapi.websockets" | "starlette.websockets" if matches!(last, "WebSocket" | "WebSocketDisconnect") => {
            "fastapi"
        }
        "starlette.background" if last == "BackgroundTasks" => "starlette.background",
        "fastapi" if last == "Response" => "starlette.responses",
        "fastapi.responses" if last != "ORJSONResponse" && last != "UJSONResponse" => "starlette.responses",
        "fastapi.staticfiles" => "starlette.staticfiles",
        "fastapi.middleware.cors" => "starlette.middleware.cors",
        "fastapi.exceptions" | "starlette.exceptions" if last == "HTTPException" => "fastapi",
        "fastapi" if last == "status" => return "starlette.status".into(),
        "fastapi.security.oauth2"
        | "fastapi.security.http"
        | "fastapi.security.api_key"
        | "fastapi.security.open_id_connect_url" => "fastapi.security",
        "inspect.Signature" if last == "empty" => "inspect.Parameter",
        "inspect" if last == "_empty" => return super::signatures::EMPTY.into(),
        "typing_extensions" => "typing",
        "pydantic.main" | "pydantic.fields" => "pydantic",
        "pydantic_settings.main" => "pydantic_settings",
        "sqlmodel.main" => "sqlmodel",
        "sqlalchemy.ext.declarative" | "sqlalchemy.orm.decl_api" => "sqlalchemy.orm",
        "collections.abc" => "typing",
        "fastapi.security" if last == "SecurityScopes" => "fastapi.security",
        _ => module,
    };
    if canonical_module == module {
        name.into()
    } else {
        format!("{canonical_module}.{last}").into()
    }
}

/// The dotted name as the library's own module defines it, for those that are shown to people and compared with them.
pub(crate) fn defining_module(name: &str) -> Arc<str> {
    let Some(last) = name.strip_prefix("fastapi.security.") else {
        return name.into();
    };
    let module = match last {
        "HTTPBase"
        | "HTTPBearer"
        | "HTTPBasic"
        | "HTTPDigest"
        | "HTTPBasicCredentials"
        | "HTTPAuthorizationCredentials" => "http",
        "APIKeyHeader" | "APIKeyQuery" | "APIKeyCookie" => "api_key",
        "OpenIdConnect" => "open_id_connect_url",
        _ if last.starts_with("OAuth2") || last == "SecurityScopes" => "oauth2",
        _ => return name.into(),
    };
    format!("fastapi.security.{module}.{last}").into()
}

/// The kind of app or router that a library class makes.
pub(crate) fn router_kind(name: &str) -> Option<RouterKind> {
    Some(match name {
        "fastapi.FastAPI" => RouterKind::FastApi,
        "fastapi.APIRouter" => RouterKind::ApiRouter,
        "starlette.applications.Starlette" => RouterKind::Starlette,
        "starlette.routing.Router" => RouterKind::StarletteRouter,
        _ => return None,
    })
}

/// Python's special attributes of two words, without the underscores around (the language reference, "Data model";
/// `typing`, `pydantic`).
pub(crate) const SPECIAL_ATTRIBUTES: [&str; 8] = [
    "class_getitem",
    "get_pydantic_core_schema",
    "get_pydantic_json_schema",
    "init_subclass",
    "mro_entries",
    "set_name",
    "static_attributes",
    "type_params",
];

/// What every class has of Python itself and is not modelled.
pub(crate) const ATTRIBUTES_OF_CLASSES: [&str; 3] = ["__abstractmethods__", "__parameters__", "__type_params__"];

/// Library base classes that matter to what a class is, nearest first.
pub(crate) fn bases(name: &str) -> &'static [&'static str] {
    match name {
        "fastapi.FastAPI" => &["starlette.applications.Starlette"],
        "fastapi.APIRouter" => &["starlette.routing.Router"],
        "starlette.responses.JSONResponse"
        | "starlette.responses.HTMLResponse"
        | "starlette.responses.PlainTextResponse"
        | "starlette.responses.RedirectResponse"
        | "starlette.responses.StreamingResponse"
        | "starlette.responses.FileResponse" => &["starlette.responses.Response"],
        "fastapi.responses.ORJSONResponse" | "fastapi.responses.UJSONResponse" => {
            &["starlette.responses.JSONResponse", "starlette.responses.Response"]
        }
        "fastapi.routing.APIRoute" => &["starlette.routing.Route"],
        "fastapi.routing.APIWebSocketRoute" => &["starlette.routing.WebSocketRoute"],
        "pydantic_settings.BaseSettings" | "pydantic.RootModel" | "pydantic.generics.GenericModel" => {
            &["pydantic.BaseModel"]
        }
        "pydantic.BaseSettings" => &["pydantic_settings.BaseSettings", "pydantic.BaseModel"],
        "sqlmodel.SQLModel" => &["pydantic.BaseModel"],
        "enum.StrEnum" => &["builtins.str", "enum.Enum"],
        "enum.IntEnum" => &["builtins.int", "enum.Enum"],
        "enum.Flag" | "enum.IntFlag" => &["enum.Enum"],
        "fastapi.security.OAuth2PasswordBearer" | "fastapi.security.OAuth2AuthorizationCodeBearer" => {
            &["fastapi.security.OAuth2", "fastapi.security.base.SecurityBase"]
        }
        "fastapi.security.OAuth2"
        | "fastapi.security.HTTPBearer"
        | "fastapi.security.HTTPBasic"
        | "fastapi.security.HTTPDigest"
        | "fastapi.security.APIKeyHeader"
        | "fastapi.security.APIKeyQuery"
        | "fastapi.security.APIKeyCookie"
        | "fastapi.security.OpenIdConnect" => &["fastapi.security.base.SecurityBase"],
        _ => &[],
    }
}

/// Whether all that a library's class inherits is in [`bases`].
pub(crate) fn is_wholly_known(name: &str) -> bool {
    !bases(name).is_empty()
        || matches!(
            name,
            "builtins.object"
                | "starlette.routing.Router"
                | "starlette.applications.Starlette"
                | "pydantic.BaseModel"
                | "enum.Enum"
                | "abc.ABC"
                | "typing.Generic"
                | "typing.Protocol"
                | "typing.NamedTuple"
                | "typing.TypedDict"
                | "builtins.str"
                | "builtins.int"
                | "builtins.dict"
                | "builtins.list"
                | "builtins.Exception"
        )
}

/// Whether what a library offers keeps what it is given as it is, and calls nothing of it while modules are imported.
pub(crate) fn is_declarative(name: &str) -> bool {
    const PACKAGES: [&str; 8] = [
        "builtins.",
        "dataclasses.",
        "enum.",
        "fastapi.",
        "pydantic.",
        "sqlalchemy.",
        "starlette.",
        "typing.",
    ];
    PACKAGES.iter().any(|package| name.starts_with(package))
}

/// Whether a library's function says how a field of a class is made (`dataclasses`, attrs).
pub(crate) fn is_field_call(name: &str) -> bool {
    matches!(
        name,
        "dataclasses.field" | "attrs.field" | "attr.field" | "attr.ib" | "attr.attrib" | "pydantic.dataclasses.Field"
    )
}

/// Whether a library class makes enums.
pub(crate) fn is_enum(name: &str) -> bool {
    matches!(
        name,
        "enum.Enum" | "enum.StrEnum" | "enum.IntEnum" | "enum.Flag" | "enum.IntFlag"
    )
}

/// The HTTP methods that routers have a decorator for.
pub(crate) const VERBS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Whether a library class has a method that is modelled here.
pub(crate) fn has_method(class: &str, name: &str) -> bool {
    match router_kind(class) {
        Some(RouterKind::FastApi | RouterKind::ApiRouter) => {
            VERBS.contains(&name)
                || matches!(
                    name,
                    "__init__"
                        | "api_route"
                        | "add_api_route"
                        | "websocket"
                        | "add_api_websocket_route"
                        | "include_router"
                        | "frontend"
                        | "setup"
                )
                || has_starlette_method(name)
        }
        Some(_) => name == "__init__" || has_starlette_method(name),
        None => false,
    }
}

fn has_starlette_method(name: &str) -> bool {
    matches!(
        name,
        "mount"
            | "host"
            | "route"
            | "add_route"
            | "websocket_route"
            | "add_websocket_route"
            | "add_middleware"
            | "middleware"
            | "exception_handler"
            | "add_exception_handler"
            | "on_event"
            | "add_event_handler"
            | "url_path_for"
            | "openapi"
            | "build_middleware_stack"
    )
}

/// Decorators that give back what they decorate, or something with its signature.
pub(crate) fn is_transparent_decorator(name: &str) -> bool {
    const TRANSPARENT: [&str; 18] = [
        "functools.",
        "contextlib.",
        "typing.",
        "abc.",
        "dataclasses.",
        "pydantic.",
        "pytest.",
        "pytest_asyncio.",
        "warnings.",
        "enum.",
        "attr.",
        "attrs.",
        "sqlalchemy.",
        "asyncio.",
        "atexit.",
        "types.",
        "fastapi.",
        "starlette.",
    ];
    // They keep results, or choose by what they are given.
    if matches!(
        name,
        "functools.cache" | "functools.cached_property" | "functools.lru_cache" | "functools.singledispatch"
    ) {
        return false;
    }
    TRANSPARENT.iter().any(|prefix| name.starts_with(prefix))
        || name.starts_with("slowapi.")
        || name.starts_with("fastapi_cache.")
        || name.starts_with("tenacity.")
        || name.starts_with("aiocache.")
        || name.starts_with("cachetools.")
}

/// Whether library code that is given an app only calls it.
pub(crate) fn leaves_apps_alone(name: &str) -> bool {
    matches!(
        name,
        "fastapi.testclient.TestClient"
            | "starlette.testclient.TestClient"
            | "httpx.ASGITransport"
            | "uvicorn.run"
            | "uvicorn.Config"
            | "hypercorn.asyncio.serve"
            | "mangum.Mangum"
            | "asyncio.Future"
            | "opentelemetry.instrumentation.fastapi.FastAPIInstrumentor.instrument_app"
            | "logfire.instrument_fastapi"
            | "socketio.ASGIApp"
    )
}

/// Whether code that is not read may wire something to an app that it is given: what is not known, and libraries that are
/// none of Python's own.
pub(crate) fn may_wire(callee: &super::value::Value) -> bool {
    use super::value::Value;
    const QUIET: [&str; 10] = [
        "builtins.",
        "logging.",
        "functools.",
        "typing.",
        "asyncio.",
        "weakref.",
        "copy.",
        "inspect.",
        "fastapi.",
        "starlette.",
    ];
    let of = |name: &str| !QUIET.iter().any(|module| name.starts_with(module));
    match callee {
        Value::Unknown(_) => true,
        Value::Lib(name) => of(name),
        Value::BuiltinMethod(method) => matches!(&method.0, Value::LibObject(object) if of(&object.callee)),
        _ => false,
    }
}

/// Whether a decorator that was called on a library object is known to keep signatures.
pub(crate) fn is_transparent_result(decorator: &super::value::Value) -> bool {
    use super::value::Value;
    match decorator {
        Value::LibObject(object) => is_transparent_decorator(&object.callee),
        Value::BuiltinMethod(method) => match &method.0 {
            Value::LibObject(object) => is_transparent_decorator(&object.callee),
            Value::Object(_) => true,
            _ => false,
        },
        _ => false,
    }
}

/// Names that `from library import *` binds, of the libraries whose names matter here.
pub(crate) fn public_names(library: &str) -> &'static [&'static str] {
    match library {
        "fastapi" => &[
            "APIRouter",
            "BackgroundTasks",
            "Body",
            "Cookie",
            "Depends",
            "FastAPI",
            "File",
            "Form",
            "HTTPException",
            "Header",
            "Path",
            "Query",
            "Request",
            "Response",
            "Security",
            "UploadFile",
            "WebSocket",
            "WebSocketDisconnect",
            "WebSocketException",
            "status",
        ],
        "typing" => &[
            "Annotated",
            "Any",
            "Callable",
            "Dict",
            "Generic",
            "List",
            "Literal",
            "Optional",
            "Sequence",
            "Set",
            "Tuple",
            "Type",
            "TypeVar",
            "Union",
            "TYPE_CHECKING",
        ],
        "pydantic" => &["BaseModel", "Field", "ConfigDict", "EmailStr", "SecretStr", "RootModel"],
        _ => &[],
    }
}

/// The number behind `status.HTTP_404_NOT_FOUND`.
pub(crate) fn status_code(name: &str) -> Option<i64> {
    let digits = name.strip_prefix("HTTP_").or_else(|| name.strip_prefix("WS_"))?;
    digits.split('_').next()?.parse().ok()
}

/// The number behind `HTTPStatus.NOT_FOUND`.
pub(crate) fn http_status(name: &str) -> Option<i64> {
    Some(match name {
        "CONTINUE" => 100,
        "OK" => 200,
        "CREATED" => 201,
        "ACCEPTED" => 202,
        "NON_AUTHORITATIVE_INFORMATION" => 203,
        "NO_CONTENT" => 204,
        "RESET_CONTENT" => 205,
        "PARTIAL_CONTENT" => 206,
        "MULTI_STATUS" => 207,
        "MOVED_PERMANENTLY" => 301,
        "FOUND" => 302,
        "SEE_OTHER" => 303,
        "NOT_MODIFIED" => 304,
        "TEMPORARY_REDIRECT" => 307,
        "PERMANENT_REDIRECT" => 308,
        "BAD_REQUEST" => 400,
        "UNAUTHORIZED" => 401,
        "PAYMENT_REQUIRED" => 402,
        "FORBIDDEN" => 403,
        "NOT_FOUND" => 404,
        "METHOD_NOT_ALLOWED" => 405,
        "NOT_ACCEPTABLE" => 406,
        "REQUEST_TIMEOUT" => 408,
        "CONFLICT" => 409,
        "GONE" => 410,
        "PRECONDITION_FAILED" => 412,
        "UNSUPPORTED_MEDIA_TYPE" => 415,
        "IM_A_TEAPOT" => 418,
        "UNPROCESSABLE_ENTITY" | "UNPROCESSABLE_CONTENT" => 422,
        "LOCKED" => 423,
        "TOO_MANY_REQUESTS" => 429,
        "INTERNAL_SERVER_ERROR" => 500,
        "NOT_IMPLEMENTED" => 501,
        "BAD_GATEWAY" => 502,
        "SERVICE_UNAVAILABLE" => 503,
        "GATEWAY_TIMEOUT" => 504,
        _ => return None,
    })
}
