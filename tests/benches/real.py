"""Make a workspace to measure on of the source of a real project.

The project is copied, and one of its modules gets a mistake at its end, as in the generated
workspaces. The edit is a statement at the start of the last path operation of the module that has
most of them.
"""

import ast
import json
import shutil
import subprocess
from collections import Counter
from pathlib import Path

from generate import Edit, Workspace, mistake

#: Endpoints of a module, with the name of the router that serves each.
Endpoint = tuple[ast.FunctionDef | ast.AsyncFunctionDef, str]


def copy(project: Path, into: Path, binary: Path) -> Workspace:
    """Copy a project and choose what to edit in it."""
    shutil.copytree(project, into, symlinks=True)
    output = subprocess.run(
        [str(binary), "routes", str(into), "--format", "json"], capture_output=True, check=True
    )
    routes = json.loads(output.stdout)["routes"]
    by_file = Counter(route["file"] for route in routes)
    for name, _ in by_file.most_common():
        file = into / name
        endpoints = endpoints_of(file)
        if endpoints:
            function, router = endpoints[-1]
            return Workspace(
                root=into,
                modules=sum(1 for _ in into.rglob("*.py")),
                routes=len(routes),
                edits={"body": body_edit(file, function, router)},
                last_function=function.name,
            )
    raise SystemExit(f"{project} has no path operation on a router of the same module")


def endpoints_of(file: Path) -> list[Endpoint]:
    """The functions of a module that a router made in it decorates."""
    module = ast.parse(file.read_text(encoding="utf-8"))
    routers = {
        target.id
        for statement in module.body
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Call)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
    return [
        (function, router)
        for function in module.body
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for router in map(router_of, function.decorator_list)
        if router in routers
    ]


def router_of(decorator: ast.expr) -> str | None:
    """`router` of `@router.get(…)`."""
    match decorator:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name))):
            return name
    return None


def body_edit(file: Path, function: ast.FunctionDef | ast.AsyncFunctionDef, router: str) -> Edit:
    """A new statement before the first of a body that is no docstring; writes the mistake."""
    text = file.read_text(encoding="utf-8").rstrip("\n") + "\n\n" + mistake(router)
    file.write_text(text, encoding="utf-8")
    first = function.body[1 if ast.get_docstring(function) and len(function.body) > 1 else 0]
    lines = text.splitlines(keepends=True)
    start, end = function.lineno - 1, first.lineno - 1
    old = "".join(lines[start : end + 1])
    new = "".join([*lines[start:end], " " * first.col_offset, "_edited = 1\n", lines[end]])
    return Edit(file, old, new)
