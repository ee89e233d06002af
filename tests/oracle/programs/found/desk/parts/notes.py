import logging
import os
import uuid
from datetime import timedelta
from typing import Annotated

from desk.routers import Numbered
from fastapi import Depends, Query, Response

logger = logging.getLogger(__name__)
Limit = Annotated[int, Query(gt=0)]
first = Numbered(prefix="/notes", number=2)
silent = Numbered(prefix="/silent", number=0, is_found=False)


def get_root() -> str:
    return os.sep


@first.get("/")
def read_notes(limit: Limit = 1, root: str = Depends(get_root)) -> Response: ...


@first.post("/{note_id}")
def keep(note_id: uuid.UUID, age: timedelta) -> None: ...


@silent.get("/never")
def never() -> None: ...
