from typing import Annotated, Optional

from fastapi import APIRouter, Body, Cookie, Depends, File, Form, Query, UploadFile
from pydantic import BaseModel

from app.deps import Paging, Session, User

router = APIRouter(prefix="/items", tags=["items"])
nested = APIRouter(prefix="/{item_id}/parts")


class Item(BaseModel):
    name: str
    price: float = 0


@router.get("", response_model=list[Item])
def list_items(session: Session, paging: Annotated[Paging, Depends()], q: Optional[str] = None):
    return []


@router.post("", status_code=201)
def create_item(item: Item, session: Session, user: User) -> Item:
    return item


@router.put("/{item_id}")
def replace_item(
    item_id: int,
    item: Item,
    note: Annotated[str, Body()],
    seen: Annotated[Optional[str], Cookie()] = None,
):
    return item


@router.post("/upload")
def upload(file: UploadFile, extra: Annotated[bytes, File()], title: Annotated[str, Form()] = ""):
    return None


@nested.api_route("", methods=["GET", "DELETE"], name="parts")
def parts(item_id: int, tag: Annotated[list[str], Query(alias="tags")]):
    return []


router.include_router(nested)
