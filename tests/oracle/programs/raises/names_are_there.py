"""Names that come by other ways than an assignment."""

import builtins
import contextlib
from typing import TYPE_CHECKING

from fastapi import FastAPI

from raises import whole
from raises.names_given import *

if TYPE_CHECKING:
    from collections.abc import Sequence

app = FastAPI()
globals()["first"] = "/first"
builtins.second = "/second"  # type: ignore[attr-defined]
exec("third = '/third'")


def fourth() -> None:
    global made_later
    made_later = "/fourth"


fourth()
for fifth in ["/fifth"]:  # noqa: B007
    pass
with contextlib.nullcontext("/sixth") as sixth:
    pass
if (seventh := "/seventh") and whole.settings:
    eighth = "/eighth"
try:
    raise ValueError
except ValueError:
    ninth = "/ninth"
match "/tenth":
    case tenth:
        pass


def later(items: "Sequence[str]") -> str:
    return f"{items[0]}{bound_below}"


bound_below = "/below"
# What these are is not followed; that they are there is enough.
hidden = [
    first,  # type: ignore[name-defined]
    second,  # type: ignore[name-defined]
    third,  # type: ignore[name-defined]
    sixth,
]
for path in (
    made_later,  # type: ignore[name-defined]
    fifth,
    seventh,
    eighth,
    ninth,
    tenth,
    made_here,
    later(["/later"]),
):
    app.add_api_route(path, whole.whole)
