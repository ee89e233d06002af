"""What the others need is bound before they are imported."""

import sys
from typing import TYPE_CHECKING

from fastapi import FastAPI

app = FastAPI()
LIMIT = 3

from refused.order.parts import router  # noqa: E402

if TYPE_CHECKING:
    from refused.order.parts import Part

app.include_router(router)


def part() -> "Part":
    from refused.order.lazily import made

    return made


sys.modules[__name__].late = "/late"  # type: ignore[attr-defined]
from refused.order.lazily import router as lazy  # noqa: E402

app.include_router(lazy)
