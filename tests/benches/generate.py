"""Write a synthetic FastAPI workspace of a given size, the same one every time.

    python tests/benches/generate.py --into DIR [--modules 1000] [--routes 10000] [--shape layered]

Two shapes, both importable and correct FastAPI:

- `layered`: what large services look like. `app/main.py` includes one API router under
  `settings.API_V1_STR`; that includes a router for each area; an area's router includes those of
  its resources, prefixes from the settings, constants and literals; dependencies and schemas live
  in modules that the resources share. Every router is called `router`.
- `flat`: what is easiest to analyse. One module per resource, a name of its own for each router,
  literal prefixes, one include each, straight from `app/main.py`.

The exact numbers of modules and routes are kept. `Workspace` tells which
edits are worth measuring.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ADJECTIVES = (
    "active", "archived", "billable", "bulk", "cached", "central", "daily", "direct", "draft",
    "external", "fiscal", "global", "hidden", "hourly", "inbound", "internal", "joint", "legacy",
    "linked", "local", "managed", "monthly", "nested", "open", "outbound", "paid", "partial",
    "pending", "primary", "private", "public", "queued", "regional", "remote", "shared", "signed",
    "sold", "staged", "trusted", "weekly",
)  # fmt: skip
NOUNS = (
    "account", "address", "alert", "asset", "badge", "batch", "booking", "branch", "budget",
    "campaign", "carrier", "channel", "claim", "contract", "coupon", "course", "device", "document",
    "event", "expense", "feature", "feed", "folder", "forecast", "group", "invoice", "item",
    "label", "ledger", "licence", "listing", "message", "metric", "note", "order", "parcel",
    "partner",
    "payment", "permit", "plan", "playlist", "policy", "product", "profile", "project", "quote",
    "receipt", "refund", "region", "report", "review", "schedule", "sensor", "session", "shipment",
    "ticket", "token", "vendor", "voucher", "warehouse",
)  # fmt: skip

#: Modules of the layered shape that belong to no area.
COMMON = 9
#: Modules of an area beside its resources.
SUPPORT = 6
#: Resources that an area has, about.
RESOURCES = 18


@dataclass(frozen=True)
class Operation:
    """One path operation: what it is called with, and the word its function's name starts with."""

    method: str
    path: str
    verb: str


#: What resources offer, in an order in which no path shadows a later one.
OPERATIONS = (
    Operation("get", "", "list"),
    Operation("post", "", "create"),
    Operation("get", "/{item_id}", "read"),
    Operation("put", "/{item_id}", "replace"),
    Operation("patch", "/{item_id}", "update"),
    Operation("delete", "/{item_id}", "delete"),
    Operation("post", "/{item_id}/archive", "archive"),
    Operation("get", "/{item_id}/history", "read_history_of"),
    Operation("get", "/{item_id}/notes", "list_notes_of"),
    Operation("post", "/{item_id}/notes", "add_note_to"),
    Operation("get", "/{item_id}/notes/{note_id}", "read_note_of"),
    Operation("delete", "/{item_id}/notes/{note_id}", "delete_note_of"),
)


@dataclass(frozen=True)
class Workspace:
    """A generated workspace and the places in it that benchmarks use."""

    root: Path
    modules: int
    routes: int
    #: What is worth measuring, by names that tell what it does:
    #:
    #: - `body`: an edit in the body of an endpoint;
    #: - `path`: one that changes the full path of the routes of a module (`layered`: of an area);
    #: - `root`: one that changes the full path of every route (`layered` only);
    #: - `elsewhere`: one that makes or clears a finding in another open file (`layered` only).
    edits: dict[str, Edit]
    #: The name of a function behind a route of the last module.
    last_function: str
    #: The module that makes the app, where scaffolds are worth measuring.
    app: Path | None = None


@dataclass(frozen=True)
class Edit:
    """Replacing `old`, which stands once in the file, by `new`, which has one more line.

    The file has one mistake below the edit, a path parameter that its function doesn't take
    (`mistake`), so that each edit moves a diagnostic and every server has something to say.
    """

    file: Path
    old: str
    new: str
    #: Where the edit shows: a file whose diagnostics change, this one unless told otherwise.
    shows: Path | None = None


#: A statement in the body of the first endpoint of a module.
BODY = "limit = min(page.limit, 100)"
BODY_EDITED = "limit = min(page.limit, 100)\n    # bounded"
PREFIX = 'router = APIRouter(prefix="/'
PREFIX_EDITED = '# moved\nrouter = APIRouter(prefix="/new-'
ROOT = "prefix=settings.API_V1_STR"
ROOT_EDITED = 'prefix=settings.API_V1_STR\n    + "/new"'


def main() -> int:
    """Write the workspace that the command line describes."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--into", type=Path, required=True)
    parser.add_argument("--modules", type=int, default=1_000)
    parser.add_argument("--routes", type=int, default=10_000)
    parser.add_argument("--shape", choices=("layered", "flat"), default="layered")
    options = parser.parse_args()
    made = generate(options.into, options.modules, options.routes, options.shape)
    print(f"{made.root}: {made.modules} modules, {made.routes} routes")
    return 0


def generate(into: Path, modules: int, routes: int, shape: str) -> Workspace:
    """Write a workspace of `modules` Python files that register `routes` path operations."""
    files = Files(into)
    if shape == "flat":
        return generate_flat(files, modules, routes)
    return generate_layered(files, modules, routes)


class Files:
    """Writes files below a root and counts the Python modules among them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.modules = 0

    def write(self, name: str, text: str) -> Path:
        """Write one file."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self.modules += path.suffix == ".py"
        return path

    def extend(self, name: str, text: str) -> Path:
        """Append to a file that was written."""
        path = self.root / name
        path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
        return path


def resource_name(number: int) -> str:
    """A name for each number; the first 2,400 are two plain words."""
    adjective = ADJECTIVES[number % len(ADJECTIVES)]
    noun = NOUNS[number // len(ADJECTIVES) % len(NOUNS)]
    round_ = number // (len(ADJECTIVES) * len(NOUNS))
    return f"{adjective}_{noun}" + (f"_{round_}" if round_ else "")


def shares(total: int, parts: int) -> Iterator[int]:
    """Split a total into nearly equal whole parts."""
    for part in range(parts):
        yield total * (part + 1) // parts - total * part // parts


def operations(count: int) -> Iterator[Operation]:
    """As many operations as asked for; after the usual ones, numbered actions."""
    for number in range(count):
        if number < len(OPERATIONS):
            yield OPERATIONS[number]
        else:
            action = f"step_{number - len(OPERATIONS) + 1}"
            yield Operation("post", f"/{{item_id}}/{action}", f"run_{action}_of")


def generate_layered(files: Files, modules: int, routes: int) -> Workspace:
    """The `layered` shape."""
    areas = max(1, round((modules - COMMON) / (SUPPORT + RESOURCES)))
    resources = modules - COMMON - SUPPORT * areas
    if resources < areas:
        raise SystemExit(f"a layered workspace needs more than {modules} modules")
    names = [f"{NOUNS[number % len(NOUNS)]}s_{number // len(NOUNS)}" for number in range(areas)]
    write_common(files, names)
    counts = iter(shares(routes - 4, resources))  # four are the mistakes
    number = 0
    for area, members in zip(names, shares(resources, areas), strict=True):
        own = [resource_name(number + offset) for offset in range(members)]
        number += members
        write_area(files, area, own)
        for resource in own:
            text = resource_module(area, resource, list(operations(next(counts))))
            files.write(f"app/domains/{area}/api/{resource}.py", text)
    endpoints = files.extend(f"app/domains/{names[0]}/api/{resource_name(0)}.py", mistake("router"))
    prefixes = files.extend(f"app/domains/{names[0]}/router.py", mistake("router"))
    later = files.extend(f"app/domains/{names[-1]}/router.py", mistake("router"))
    main = files.extend("app/main.py", mistake("app"))
    # With the last area's prefix, the first area's mistake takes the last one's path.
    taken = f'# moved\n{PREFIX}{names[-1]}"'
    return Workspace(
        root=files.root,
        modules=files.modules,
        routes=routes,
        edits={
            "body": Edit(endpoints, BODY, BODY_EDITED),
            "path": Edit(prefixes, PREFIX, PREFIX_EDITED),
            "root": Edit(main, ROOT, ROOT_EDITED),
            "elsewhere": Edit(prefixes, f'{PREFIX}{names[0]}"', taken, shows=later),
        },
        last_function=f"list_{resource_name(number - 1)}",
        app=main,
    )


def mistake(router: str) -> str:
    """A path operation that doesn't take the parameter of its path."""
    return f'\n\n@{router}.get("/{{missing}}/mistake")\nasync def mistake():\n    return None\n'


def slug(name: str) -> str:
    """A name as it stands in a path."""
    return name.replace("_", "-")


def class_name(name: str) -> str:
    """A name as it stands in a class."""
    return name.title().replace("_", "")


def write_common(files: Files, areas: list[str]) -> None:
    """The modules that hold a layered workspace together: `COMMON` of them."""
    files.write("pyproject.toml", PYPROJECT)
    for package in ("app", "app/core", "app/api", "app/domains"):
        files.write(f"{package}/__init__.py", "")
    files.write("app/core/config.py", CONFIG)
    files.write("app/core/database.py", DATABASE)
    files.write("app/api/deps.py", DEPS)
    imports = "".join(f"from app.domains.{area} import router as {area}_router\n" for area in areas)
    includes = "".join(
        f"api_router.include_router({area}_router, tags=[{slug(area)!r}])\n".replace("'", '"')
        for area in areas
    )
    router = f"from fastapi import APIRouter\n\n{imports}\napi_router = APIRouter()\n{includes}"
    files.write("app/api/router.py", router)
    files.write("app/main.py", MAIN)


def write_area(files: Files, area: str, resources: list[str]) -> None:
    """The modules of an area beside its resources: `SUPPORT` of them."""
    home = f"app/domains/{area}"
    files.write(f"{home}/__init__.py", 'from .router import router\n\n__all__ = ["router"]\n')
    files.write(f"{home}/api/__init__.py", "")
    imports = "".join(f"from .api import {name}\n" for name in resources)
    includes = "".join(f"router.include_router({name}.router)\n" for name in resources)
    files.write(
        f"{home}/router.py",
        f"from fastapi import APIRouter, Depends\n\nfrom app.api.deps import get_current_user\n"
        f'\n{imports}\nrouter = APIRouter(prefix="/{area}", '
        f"dependencies=[Depends(get_current_user)])\n{includes}",
    )
    files.write(f"{home}/schemas.py", SCHEMAS + "".join(schema(name) for name in resources))
    files.write(f"{home}/service.py", SERVICE.replace("AREA", class_name(area)))
    files.write(f"{home}/deps.py", AREA_DEPS.replace("AREA", class_name(area)))


def schema(resource: str) -> str:
    """The schemas of one resource."""
    name = class_name(resource)
    return (
        f"\n\nclass {name}Create(Payload):\n    code: str = Field(max_length=40)\n"
        f"\n\nclass {name}Update(BaseModel):\n    name: str | None = None\n"
        f"    note: str | None = None\n"
        f"\n\nclass {name}Read(Stored):\n    code: str\n"
    )


def resource_module(area: str, resource: str, offered: list[Operation]) -> str:
    """A module with a router and its path operations."""
    name = class_name(resource)
    head = (
        "from typing import Annotated\n\n"
        "from fastapi import APIRouter, Depends, HTTPException, Path, status\n\n"
        "from app.api.deps import CurrentUser, Paging, SessionDep\n\n"
        f"from ..deps import get_service\n"
        f"from ..schemas import {name}Create, {name}Read, {name}Update, Note\n"
        f"from ..service import {class_name(area)}Service\n\n"
        f'PREFIX = "/{slug(resource)}"\n\n'
        "router = APIRouter(prefix=PREFIX)\n\n"
        f"Service = Annotated[{class_name(area)}Service, Depends(get_service)]\n"
        "ItemId = Annotated[int, Path(ge=1)]\n"
    )
    return head + "".join(endpoint("router", resource, item) for item in offered)


def endpoint(router: str, resource: str, item: Operation) -> str:
    """One path operation with a body of the usual length."""
    name = class_name(resource)
    arguments, body = ["service: Service", "user: CurrentUser"], []
    decorator = [f'"{item.path}"']
    if "{item_id}" in item.path:
        arguments.insert(0, "item_id: ItemId")
        body += [
            "found = await service.find(item_id, owner=user.id)",
            "if found is None:",
            '    raise HTTPException(status.HTTP_404_NOT_FOUND, detail="No such item")',
        ]
    if "{note_id}" in item.path:
        arguments.insert(1, "note_id: int")
    match item.verb:
        case "list":
            decorator.append(f"response_model=list[{name}Read]")
            arguments.append("page: Paging")
            body += [BODY, "return await service.list(offset=page.offset, limit=limit)"]
        case "create" | "replace":
            decorator.append(f"response_model={name}Read")
            arguments.insert(0, f"payload: {name}Create")
            body.append("return await service.save(payload, owner=user.id)")
        case "update":
            decorator.append(f"response_model={name}Read")
            arguments.insert(0, f"payload: {name}Update")
            body.append("return await service.change(found, payload)")
        case "add_note_to":
            arguments.insert(0, "payload: Note")
            body.append("return await service.annotate(found, payload)")
        case "delete":
            decorator.append("status_code=status.HTTP_204_NO_CONTENT")
            arguments.append("session: SessionDep")
            body += ["await service.delete(found)", "await session.commit()"]
        case _:
            decorator.append(f"response_model={name}Read")
            body.append("return await service.read(found)")
    if item.method == "post" and item.verb in ("create", "add_note_to"):
        decorator.append("status_code=status.HTTP_201_CREATED")
    lines = "".join(f"    {line}\n" for line in body)
    return (
        f"\n\n@{router}.{item.method}({', '.join(decorator)})\n"
        f"async def {item.verb}_{resource}(\n    {', '.join(arguments)}\n):\n"
        f'    """{item.verb.replace("_", " ").capitalize()} {resource.replace("_", " ")}."""\n'
        f"{lines}"
    )


def generate_flat(files: Files, modules: int, routes: int) -> Workspace:
    """The `flat` shape: five modules that all share, and one for each resource."""
    files.write("pyproject.toml", PYPROJECT)
    for package in ("app", "app/routers"):
        files.write(f"{package}/__init__.py", "")
    files.write("app/schemas.py", SCHEMAS)
    files.write("app/deps.py", FLAT_DEPS)
    names = [resource_name(number) for number in range(modules - 5)]
    for name, count in zip(names, shares(routes - 1, len(names)), strict=True):  # one: the mistake
        files.write(f"app/routers/{name}.py", flat_module(name, list(operations(count))))
    imports = "".join(f"from app.routers.{name} import {name}_router\n" for name in names)
    includes = "".join(f"app.include_router({name}_router)\n" for name in names)
    text = f"from fastapi import FastAPI\n\n{imports}\napp = FastAPI()\n{includes}"
    main = files.write("app/main.py", text)
    edited = files.extend(f"app/routers/{names[0]}.py", mistake(f"{names[0]}_router"))
    name = f"{names[0]}_"
    return Workspace(
        root=files.root,
        modules=files.modules,
        routes=routes,
        edits={
            "body": Edit(edited, BODY, BODY_EDITED),
            "path": Edit(edited, name + PREFIX, PREFIX_EDITED.replace("router", name + "router")),
        },
        last_function=f"list_{names[-1]}",
        app=main,
    )


def flat_module(resource: str, offered: list[Operation]) -> str:
    """A module of the flat shape."""
    router = f"{resource}_router"
    head = (
        "from typing import Annotated\n\n"
        "from fastapi import APIRouter, Depends, HTTPException, Path, status\n\n"
        "from app.deps import CurrentUser, Paging, Service, SessionDep\n"
        "from app.schemas import Note, Payload, Stored\n\n"
        f'{router} = APIRouter(prefix="/{slug(resource)}")\n\n'
        "ItemId = Annotated[int, Path(ge=1)]\n"
    )
    name = class_name(resource)
    text = head + "".join(endpoint(router, resource, item) for item in offered)
    for suffix, shared in (("Create", "Payload"), ("Update", "Payload"), ("Read", "Stored")):
        text = text.replace(name + suffix, shared)
    return text


PYPROJECT = """\
[project]
name = "synthetic"
version = "1.0.0"
requires-python = ">=3.11"
dependencies = ["fastapi==0.163.2", "pydantic-settings>=2"]
"""

CONFIG = """\
from functools import lru_cache

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="SYNTHETIC_")

    PROJECT_NAME: str = "Synthetic"
    API_V1_STR: str = "/api/v1"
    DATABASE_URL: str = "sqlite+aiosqlite://"


@lru_cache
def get_settings() -> Settings:
    return Settings()


settings = get_settings()
"""

DATABASE = """\
from collections.abc import AsyncIterator
from typing import Any


class Session:
    async def get(self, key: int) -> Any:
        return None

    async def commit(self) -> None:
        pass


async def get_session() -> AsyncIterator[Session]:
    session = Session()
    try:
        yield session
    finally:
        await session.commit()
"""

USERS = """\

class User(BaseModel):
    id: int
    name: str


class Page(BaseModel):
    offset: int = Field(default=0, ge=0)
    limit: int = Field(default=20, ge=1, le=100)


SessionDep = Annotated[Session, Depends(get_session)]
bearer = HTTPBearer(auto_error=False)


async def get_current_user(
    session: SessionDep,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
) -> User:
    if credentials is None:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED)
    return User(id=1, name=credentials.credentials)


CurrentUser = Annotated[User, Depends(get_current_user)]
Paging = Annotated[Page, Query()]
"""

DEPS = f"""\
from typing import Annotated

from fastapi import Depends, HTTPException, Query, status
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, Field

from app.core.database import Session, get_session

{USERS}"""

MAIN = """\
from fastapi import FastAPI

from app.api.router import api_router
from app.core.config import settings

app = FastAPI(title=settings.PROJECT_NAME)
app.include_router(api_router, prefix=settings.API_V1_STR)
"""

SCHEMAS = """\
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field


class Payload(BaseModel):
    name: str = Field(min_length=1, max_length=80)
    note: str | None = None


class Stored(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str
    created_at: datetime


class Note(BaseModel):
    text: str
"""

OPERATIONS_OF_SERVICE = """\
    async def find(self, key: int, *, owner: int) -> Any:
        return await self.session.get(key)

    async def list(self, *, offset: int, limit: int) -> list[Any]:
        return []

    async def save(self, payload: Any, *, owner: int) -> Any:
        await self.session.commit()
        return payload

    async def change(self, found: Any, payload: Any) -> Any:
        await self.session.commit()
        return found

    async def annotate(self, found: Any, payload: Any) -> Any:
        return found

    async def read(self, found: Any) -> Any:
        return found

    async def delete(self, found: Any) -> None:
        await self.session.commit()
"""

SERVICE = f"""\
from __future__ import annotations

from typing import Any

from app.core.database import Session


class AREAService:
    def __init__(self, session: Session) -> None:
        self.session = session

{OPERATIONS_OF_SERVICE}"""

AREA_DEPS = """\
from app.api.deps import SessionDep

from .service import AREAService


async def get_service(session: SessionDep) -> AREAService:
    return AREAService(session)
"""

FLAT_DEPS = f"""\
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Query, status
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, Field


class Session:
    async def get(self, key: int) -> Any:
        return None

    async def commit(self) -> None:
        pass


async def get_session() -> Session:
    return Session()

{USERS}

class CommonService:
    def __init__(self, session: SessionDep) -> None:
        self.session = session

{OPERATIONS_OF_SERVICE.replace("-> list[Any]", "-> Any")}

Service = Annotated[CommonService, Depends()]
"""


if __name__ == "__main__":
    sys.exit(main())
