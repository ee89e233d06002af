"""A model that wants its store before it is there."""

from pydantic import BaseModel
from refused.cycle import store


class Item(BaseModel):
    """Something."""

    id: int
    kept: str = store.NAME
