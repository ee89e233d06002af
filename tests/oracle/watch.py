"""Watch FastAPI while modules are imported: where apps are made, and which calls lead to a route.

A call is `[file, first line, last line]` in the project's own files. Those of a route were running
when it was made, or when a router that holds it was included or mounted.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterator
from types import CodeType, FrameType
from typing import Any

from describe import Sources, mounted
from fastapi import FastAPI, routing
from starlette import routing as plain

Call = tuple[str, int, int]

#: Classes of routes that others derive from; those of `frontend` only where there are such.
ROUTES = (
    *(kind for kind in [getattr(routing, "_FrontendRoute", None)] if kind),
    routing.APIRoute,
    routing.APIWebSocketRoute,
    plain.Route,
    plain.WebSocketRoute,
    plain.Mount,
    plain.Host,
)


class Birth:
    """Where an app was made: the module whose body was running, and its line in that body."""

    def __init__(self, app: Any, module: str, line: int) -> None:
        self.app = app
        self.module = module
        self.line = line


class Watch:
    """Notes every app, route and include from now on."""

    def __init__(self, sources: Sources) -> None:
        self.births: list[Birth] = []
        self._sources = sources
        #: Calls by the identity of what they are about, and those things, so that none is reused.
        self._calls: dict[int, set[Call]] = {}
        self._kept: list[Any] = []
        self._positions: dict[int, list[Any]] = {}
        before(FastAPI, "__init__", self._note_app)
        for kind in ROUTES:
            before(kind, "__init__", self._note_route)
        before(routing.APIRouter, "include_router", self._note_include)

    def birth(self, app: Any) -> Birth | None:
        """Where an app was made."""
        return next((birth for birth in self.births if birth.app is app), None)

    def calls(self, app: Any) -> dict[int, set[Call]]:
        """The calls that led to each route below an app, by the identity of the route."""
        return dict(self._below(app, frozenset()))

    def _below(self, app: Any, above: frozenset[Call]) -> Iterator[tuple[int, set[Call]]]:
        router = getattr(app, "router", app)
        for route in getattr(router, "routes", None) or ():
            own = self._of(route) | self._of(getattr(route, "endpoint", None)) | above
            yield id(route), own
            included = getattr(route, "original_router", None)
            if included is not None:
                yield from self._below(included, frozenset(own | self._of(included)))
            elif isinstance(route, plain.Mount | plain.Host):
                yield from self._below(mounted(route), frozenset(own))
        for group in getattr(router, "_low_priority_routes", ()):
            for route in group.routes:
                yield id(route), self._of(route) | above

    def _of(self, thing: Any) -> set[Call]:
        return self._calls.get(id(thing), set())

    def _note_app(self, app: Any, *_: Any, **__: Any) -> None:
        frame = sys._getframe(2)
        while frame.f_back is not None and frame.f_code.co_name != "<module>":
            frame = frame.f_back
        self.births.append(Birth(app, frame.f_globals.get("__name__", ""), frame.f_lineno))

    def _note_route(self, route: Any, *args: Any, **named: Any) -> None:
        """Copies that an include makes share the function with what they are copies of."""
        endpoint = named.get("endpoint", args[1] if len(args) > 1 else None)
        endpoint = endpoint if callable(endpoint) else None
        self._note(route if endpoint is None else endpoint)

    def _note_include(self, _: Any, router: Any = None, *__: Any, **___: Any) -> None:
        self._note(router)

    def _note(self, thing: Any) -> None:
        if id(thing) not in self._calls:
            self._kept.append(thing)
        self._calls.setdefault(id(thing), set()).update(self._running(sys._getframe(3)))

    def _running(self, frame: FrameType | None) -> Iterator[Call]:
        """The calls that are running in files of the project."""
        while frame is not None:
            file = self._sources.relative(frame.f_code.co_filename)
            if file is not None and not file.startswith(("<", "/")):
                yield (file, *self._lines(frame))
            frame = frame.f_back

    def _lines(self, frame: FrameType) -> tuple[int, int]:
        """First and last line of the call that a frame is at; Python 3.10 knows only the first."""
        code: CodeType = frame.f_code
        if not hasattr(code, "co_positions"):
            return frame.f_lineno, frame.f_lineno
        positions = self._positions.get(id(code))
        if positions is None:
            positions = self._positions[id(code)] = list(code.co_positions())
            self._kept.append(code)
        first, last, *_ = positions[frame.f_lasti // 2]
        return first or frame.f_lineno, last or frame.f_lineno


def before(owner: type, name: str, note: Callable[..., None]) -> None:
    """Call `note` with the arguments of each call of a method, before the method itself."""
    method = getattr(owner, name)

    @functools.wraps(method)
    def noting(self: Any, *args: Any, **named: Any) -> Any:
        note(self, *args, **named)
        return method(self, *args, **named)

    setattr(owner, name, noting)
