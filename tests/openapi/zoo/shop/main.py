"""Names that clash, in several modules."""

from typing import Annotated

from fastapi import Depends, FastAPI

from zoo.shop import base
from zoo.shop.models import Team, TeamBase, TeamRead, TeamWithHeroes

from .base import Owner, Schema


class Item(base.Item):
    """The shop's item."""

    price: float = 2


class Order(Schema):
    items: list[Item]
    old: list[base.Item] = []


app = FastAPI()


def owner() -> Owner:
    return Owner()


@app.post("/items")
def create(item: Item) -> base.Item: ...


@app.get("/orders")
def orders(who: Annotated[Owner, Depends(owner)]) -> list[Order]: ...


@app.post("/owners")
def owners(owner: Owner) -> Owner: ...


@app.post("/teams", response_model=TeamRead)
def create_team(team: TeamBase): ...


@app.get("/teams")
def teams() -> list[TeamWithHeroes]: ...


@app.get("/tables")
def tables() -> list[Team]: ...
