"""Models that others inherit and name."""

from pydantic import BaseModel, ConfigDict


class Schema(BaseModel):
    model_config = ConfigDict(from_attributes=True, str_max_length=50)


class Item(Schema):
    """The base's item."""

    sku: str


class Owner(Schema):
    items: "list[Item]" = []
    best: "Item | None" = None
