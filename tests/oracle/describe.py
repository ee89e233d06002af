"""Turn live FastAPI objects into plain data. Reads the framework's state, calls no user code.

Facts about versions, from the sources of `fastapi.routing`:

- until 0.136 `include_router` copies routes into a flat `routes`; since 0.137 it keeps a live tree,
  flattened by `iter_route_contexts` (before 0.139 by `_iter_routes_with_context`);
- since 0.138 `frontend` routes live beside `routes` and are tried after all of them;
- `Dependant` lost `security_requirements` for computed properties on the way.
"""

from __future__ import annotations

import ast
import enum
import functools
import inspect
import sysconfig
import types
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fastapi import FastAPI, params, routing
from fastapi.dependencies import utils
from fastapi.security.base import SecurityBase
from starlette.applications import Starlette
from starlette.routing import Host, Mount, Route, Router, WebSocketRoute

Data = dict[str, Any]

#: By the identity of a route, `(file, first line, last line)` of the calls that led to it.
Calls = dict[int, set[tuple[str, int, int]]]

FOLDERS = sysconfig.get_paths()
PLACES = ("path", "query", "header", "cookie", "body")


class Sources:
    """Finds where definitions stand; `root` is what file names are relative to."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def relative(self, file: str | None) -> str | None:
        """A file as records name it: relative to the root, or marked as installed."""
        if file is None:
            return None
        path = Path(file)
        homes = (
            ("<site>/", Path(FOLDERS["purelib"])),
            ("<site>/", Path(FOLDERS["platlib"])),
            ("", self.root),
            ("<stdlib>/", Path(FOLDERS["stdlib"])),
        )
        for mark, home in homes:
            if path.is_relative_to(home):
                return mark + path.relative_to(home).as_posix()
        return path.as_posix()

    def locate(self, thing: Any) -> Data:
        """Qualified name, file and line of the `def` or `class` behind a callable."""
        target = definition(thing)
        name = f"{target.__module__}.{target.__qualname__}"
        code = getattr(target, "__code__", None)
        if code is not None and Path(code.co_filename).is_file():
            first, file = code.co_firstlineno, code.co_filename
        else:
            module = inspect.getmodule(target)
            file = getattr(module, "__file__", None)  # of a class, or of code made at run time
            first = getattr(target, "__firstlineno__", None)
        line = definition_line(file, first, target.__qualname__) if file else None
        return {"name": name, "file": self.relative(file), "line": line}


def definition(thing: Any) -> Any:
    """The function or class that a callable leads to: through partials, wrappers, instances."""
    while True:
        if isinstance(thing, functools.partial):
            thing = thing.func
        elif inspect.ismethod(thing):
            thing = thing.__func__
        elif not inspect.isclass(thing) and hasattr(thing, "__wrapped__"):
            thing = thing.__wrapped__
        elif inspect.isclass(thing) or hasattr(thing, "__qualname__"):
            return thing
        else:
            return type(thing)


@functools.cache
def definitions(file: str) -> list[tuple[str, int, int]]:
    """Qualified name, first line (decorators included) and line of each definition of a file."""
    try:
        tree = ast.parse(Path(file).read_bytes())
    except (OSError, SyntaxError, ValueError):
        return []
    found: list[tuple[str, int, int]] = []

    def visit(node: ast.AST, prefix: str) -> None:
        for child in ast.iter_child_nodes(node):
            inner = prefix
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                first = min([child.lineno, *(item.lineno for item in child.decorator_list)])
                found.append((prefix + child.name, first, child.lineno))
                is_class = isinstance(child, ast.ClassDef)
                inner = f"{prefix}{child.name}." + ("" if is_class else "<locals>.")
            elif isinstance(child, ast.Lambda):
                found.append((prefix + "<lambda>", child.lineno, child.lineno))
            visit(child, inner)

    visit(tree, "")
    return found


def definition_line(file: str, first: int | None, qualname: str) -> int | None:
    """Line of the `def` or `class` keyword, from the first line that Python itself keeps.

    A class has no such line before Python 3.13: there the last class of that name counts, which
    is the one the name is bound to.
    """
    known = definitions(file)
    if first is not None:
        return next((at for _, start, at in known if start == first), first)
    return next((at for name, _, at in reversed(known) if name == qualname), None)


def describe_app(app: FastAPI, sources: Sources) -> Data:
    """What an app is beside its routes."""
    router = app.router
    lifespan = definition(router.lifespan_context)
    started = [*getattr(router, "on_startup", ()), *getattr(router, "on_shutdown", ())]
    default_lifespan = lifespan.__module__.startswith(("fastapi.", "starlette."))
    return {
        "class": f"{type(app).__module__}.{type(app).__qualname__}",
        "title": app.title,
        "version": app.version,
        "root_path": app.root_path,
        "middleware": [describe_middleware(one, sources) for one in app.user_middleware],
        "exception_handlers": [
            {"for": type_name(key), **sources.locate(handler)}
            for key, handler in app.exception_handlers.items()
            if not definition(handler).__module__.startswith("fastapi.")
        ],
        "lifespan": None if default_lifespan else sources.locate(lifespan),
        "event_handlers": [sources.locate(handler) for handler in started],
        "webhooks": [
            {"method": method, "path": route.path, **sources.locate(route.endpoint)}
            for route in flattened(app.webhooks.routes)
            for method in listed_methods(route)
        ],
        "mounts": [
            {"path": route.path, "name": route.name, **sources.locate(mounted(route))}
            for route in flattened(app.router.routes)
            if isinstance(getattr(route, "original_route", route), Mount)
        ],
    }


def describe_middleware(middleware: Any, sources: Sources) -> Data:
    """The class of a middleware, and the function that `@app.middleware` was put on."""
    options = getattr(middleware, "kwargs", None) or getattr(middleware, "options", {})
    dispatch = options.get("dispatch")
    return {
        **sources.locate(middleware.cls),
        "dispatch": None if dispatch is None else sources.locate(dispatch),
    }


def describe_routes(app: Any, sources: Sources, calls: Calls) -> Iterator[Data]:
    """Each method of each route of an app, mounts included, in matching order.

    `calls` are the calls that led to each, by the identity of the route; shown as `calls`.
    """
    yield from routes_below(app, sources, calls, "")


def routes_below(app: Any, sources: Sources, calls: Calls, prefix: str) -> Iterator[Data]:
    """The routes of an app or router that is served under a prefix."""
    router = app.router if isinstance(app, Starlette) else app
    for route in flattened(router.routes):
        original = getattr(route, "original_route", route)
        for row in rows_of(route, original, sources, calls, prefix):
            yield {"calls": sorted(calls.get(id(original), ())), **row}
    yield from describe_frontends(router, calls, prefix)


def rows_of(
    route: Any, original: Any, sources: Sources, calls: Calls, prefix: str
) -> Iterator[Data]:
    """The rows of one route; `original` is what it was before an include added to it."""
    if isinstance(original, Mount):
        yield from describe_mount(route, sources, calls, prefix)
    elif isinstance(original, Host):
        for inner in inner_routes(original.app, sources, calls, prefix) or ():
            yield {**inner, "host": original.host}
    elif isinstance(original, WebSocketRoute):
        plain = not isinstance(original, routing.APIWebSocketRoute)
        kind = "starlette-websocket" if plain else "websocket"
        yield describe_operation(route, "WEBSOCKET", kind, sources, prefix)
    elif isinstance(original, Route):
        kind = "http" if isinstance(original, routing.APIRoute) else "starlette-http"
        for method in listed_methods(route):
            yield describe_operation(route, method, kind, sources, prefix)
    else:
        yield {**blank("UNKNOWN", prefix), "kind": type(original).__qualname__}


def flattened(routes: list[Any]) -> Iterator[Any]:
    """Routes with what their includes add, whatever the version's way to keep them."""
    contexts = getattr(routing, "iter_route_contexts", None)
    pairs = getattr(routing, "_iter_routes_with_context", None)
    if contexts is not None:
        yield from contexts(routes)
    elif pairs is not None:
        yield from (context or route for route, context in pairs(routes))
    else:
        yield from routes


def describe_mount(mount: Any, sources: Sources, calls: Calls, prefix: str) -> Iterator[Data]:
    """What is mounted, if it has routes that can be read; else one row for the mount."""
    path = prefix + mount.path
    inner = inner_routes(mounted(mount), sources, calls, path)
    if inner is None:
        target = sources.locate(mounted(mount))
        row = blank("MOUNT", path)
        yield {**row, "kind": "mount", "name": mount.name or None, "mounted": target}
    else:
        yield from inner


def mounted(mount: Any) -> Any:
    """What a mount serves, without the middleware around it."""
    original = getattr(mount, "original_route", mount)
    return getattr(original, "_base_app", None) or original.app


def mounted_apps(app: Any) -> Iterator[Any]:
    """What an app or router mounts itself, whatever kind of app it is."""
    router = app.router if isinstance(app, Starlette) else app
    for route in flattened(router.routes):
        if isinstance(getattr(route, "original_route", route), Mount):
            yield mounted(route)


def inner_routes(app: Any, sources: Sources, calls: Calls, prefix: str) -> Iterator[Data] | None:
    """Routes of something mounted; None for what isn't Starlette's, static files among them."""
    if isinstance(app, Starlette | Router):
        return routes_below(app, sources, calls, prefix)
    return None


def describe_frontends(router: Any, calls: Calls, prefix: str) -> Iterator[Data]:
    """The `frontend` routes of a router and of what it includes, tried after everything else.

    `HEAD` comes by itself with the `GET`. Of several that match, the longest path wins.
    """
    groups = getattr(router, "_iter_low_priority_routes", None)
    if groups is None:
        return
    for group in groups():
        original = getattr(group, "original_route", group)
        above = getattr(group, "frontend_prefix", "")
        for route in getattr(original, "routes", ()):
            joined = above if above and route.path == "/" else above + route.path
            row = {**blank("GET", prefix + joined), "kind": "frontend"}
            yield {"calls": sorted(calls.get(id(route), ())), **row}


def listed_methods(route: Any) -> list[str]:
    """The methods of a route, sorted, without the HEAD that Starlette adds to a GET.

    An endpoint class without methods answers those it has functions for; another ASGI app that is
    an endpoint answers all of them: `ANY`.
    """
    methods = route.methods
    if not methods:
        allowed = getattr(route.endpoint, "_allowed_methods", None)
        names = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
        defined = [name for name in names if hasattr(route.endpoint, name.lower())]
        methods = set(defined) if allowed is not None or defined else {"ANY"}
    original = getattr(route, "original_route", route)
    added = not isinstance(original, routing.APIRoute) and "GET" in methods
    return sorted(methods - {"HEAD"} if added else methods)


def blank(method: str, path: str) -> Data:
    """A row that has no function of its own."""
    return {
        "method": method,
        "path": path,
        "kind": "",
        "name": None,
        "endpoint": None,
        "file": None,
        "line": None,
        "builtin": False,
    }


def describe_operation(route: Any, method: str, kind: str, sources: Sources, prefix: str) -> Data:
    """One method of one route."""
    place = sources.locate(route.endpoint)
    row = blank(method, prefix + route.path) | {
        "kind": kind,
        "name": route.name,
        "endpoint": place["name"],
        "file": place["file"],
        "line": place["line"],
        "builtin": place["name"].startswith("fastapi.applications.FastAPI.setup."),
    }
    if kind == "http":
        row["include_in_schema"] = route.include_in_schema
    original = getattr(route, "original_route", route)
    if isinstance(original, routing.APIRoute):
        row |= describe_operation_data(route)
    dependant = getattr(route, "dependant", None)
    if dependant is not None:
        row |= describe_dependant(dependant, sources)
    return row


def describe_operation_data(route: Any) -> Data:
    """What the decorator, the routers and the includes said about a path operation."""
    return {
        "tags": [tag.value if isinstance(tag, enum.Enum) else tag for tag in route.tags],
        "status_code": route.status_code,
        "response_model": type_name(route.response_model),
        "operation_id": route.operation_id,
        "unique_id": route.unique_id,
        "deprecated": bool(route.deprecated),
        "summary": route.summary,
        "responses": sorted(str(status) for status in route.responses),
    }


def describe_dependant(dependant: Any, sources: Sources) -> Data:
    """Parameters, the flattened tree of dependencies, and security schemes of an operation.

    `via` and `parent` are indexes into `dependencies`, -1 is the operation itself.
    """
    dependencies: list[Data] = []
    parameters: list[Data] = []
    security: list[Data] = []

    def visit(node: Any, index: int, depth: int) -> None:
        parameters.extend(own_parameters(node, index))
        for child in node.dependencies:
            number = len(dependencies)
            dependencies.append(
                {
                    "index": number,
                    "parent": index,
                    "depth": depth,
                    "param": child.name,
                    "source": "route" if child.name is None else "param",
                    "use_cache": child.use_cache,
                    "scope": getattr(child, "scope", None),
                    **sources.locate(child.call),
                }
            )
            security.extend(own_security(child, number))
            visit(child, number, depth + 1)

    visit(dependant, -1, 0)
    return {"parameters": parameters, "dependencies": dependencies, "security": security}


def own_parameters(dependant: Any, via: int) -> Iterator[Data]:
    """The parameters that one function contributes, by place."""
    for place in PLACES:
        fields = getattr(dependant, f"{place}_params")
        for field in fields:
            info = field.field_info
            row = {
                "in": place,
                "name": field.name,
                "alias": sent_name(info, field.alias, dependant.path),
                "required": is_required(field),
                "via": via,
            }
            if place == "body":
                row["media"] = media(info)
            model = parameter_model(field)
            if model is not None:
                row["model"] = f"{model.__module__}.{model.__qualname__}"
                if row["media"] == "form" if place == "body" else is_taken_apart(field, fields):
                    row["fields"] = list(model_fields(model, field))
            yield row


def is_taken_apart(field: Any, fields: list[Any]) -> bool:
    """Whether a request says a model's fields instead of it: before 0.157 only of one alone."""
    flat = getattr(utils, "_get_flat_fields_from_params", None)
    return flat is not None and not any(field is one for one in flat(fields))


def model_fields(model: Any, field: Any) -> Iterator[Data]:
    """What a request has to say for a parameter that is a model: each of its fields for itself.

    Of a model that may be left out, no field is required.
    """
    info = field.field_info
    dashes = isinstance(info, params.Header) and info.convert_underscores
    for name, inner in fields_of(model).items():
        sent = name.replace("_", "-") if dashes else name
        required = is_required(inner) and is_required(field)
        alias = sent_name(inner, inner.alias or name)
        yield {"name": name, "alias": sent if alias == name else alias, "required": required}


def sent_name(info: Any, alias: str, path: str | None = None) -> str:
    """The name that a request says: of several that it may say, the path's or the first."""
    known = getattr(info, "validation_alias", None)
    if isinstance(known, str):
        return known
    choices = getattr(known, "choices", None) or [alias]
    if not all(isinstance(choice, str) for choice in choices):
        return alias
    named: list[str] = [choice for choice in choices if f"{{{choice}}}" in (path or "")]
    return (named or choices)[0]


def is_model(kind: type) -> bool:
    """Whether a class is a Pydantic model, of version 1 or 2."""
    return hasattr(kind, "model_fields") or hasattr(kind, "__fields__")


def fields_of(model: Any) -> dict[str, Any]:
    """The fields of a Pydantic model by name."""
    fields: dict[str, Any] = getattr(model, "model_fields", None) or {}
    return fields if hasattr(model, "model_fields") else model.__fields__


def is_required(field: Any) -> bool:
    """Whether a request without the parameter is refused."""
    known = getattr(field, "required", None)
    info = getattr(field, "field_info", field)
    return bool(info.is_required() if known is None else known)


def media(info: Any) -> str:
    """How a body parameter travels."""
    if isinstance(info, params.File):
        return "file"
    return "form" if isinstance(info, params.Form) else "json"


def parameter_model(field: Any) -> Any:
    """The class of a parameter that is a Pydantic model, or one or nothing; none for unions."""
    annotation = getattr(field, "type_", None) or field.field_info.annotation
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        members = [item for item in typing.get_args(annotation) if item is not type(None)]
        annotation = members[0] if len(members) == 1 else None
    return annotation if inspect.isclass(annotation) and is_model(annotation) else None


def own_security(dependant: Any, index: int) -> Iterator[Data]:
    """The security scheme that a dependency is, with the scopes asked of it."""
    scheme = definition_or_instance(dependant.call)
    if not isinstance(scheme, SecurityBase):
        return
    scopes: list[str] = []
    for requirement in getattr(dependant, "security_requirements", ()):
        scopes.extend(requirement.scopes or ())
    for name in ("parent_oauth_scopes", "own_oauth_scopes"):
        scopes.extend(getattr(dependant, name, None) or ())
    yield {
        "scheme": scheme.scheme_name,
        "type": str(getattr(scheme.model.type_, "value", scheme.model.type_)),
        "scopes": list(dict.fromkeys(scopes)),
        "via": index,
    }


def definition_or_instance(thing: Any) -> Any:
    """A dependency without the wrappers around it; an instance stays one."""
    while isinstance(thing, functools.partial):
        thing = thing.func
    return inspect.unwrap(thing) if callable(thing) else thing


def type_name(annotation: Any) -> str | None:
    """A type as one would write it in source with bare names: `list[Item]`, `Item | None`."""
    if annotation is None:
        return None
    if annotation is type(None):
        return "None"
    if isinstance(annotation, str):
        return annotation
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return type_name(arguments[0])
    if origin is typing.Union or origin is types.UnionType:
        return " | ".join(type_name(item) or "None" for item in arguments)
    if origin is not None and arguments:
        inner = ", ".join(
            repr(item) if origin is typing.Literal else type_name(item) or "None"
            for item in arguments
        )
        return f"{type_name(origin)}[{inner}]"
    if inspect.isclass(annotation):
        return annotation.__name__
    return str(getattr(annotation, "_name", None) or annotation)
