from pydantic import BaseModel, ConfigDict, Field


class BedBase(BaseModel):
    width_cm: int | None = Field(default=None, ge=1, le=10_000)


class BedCreate(BedBase):
    name: str = Field(max_length=100)


class BedUpdate(BedBase):
    name: str | None = Field(default=None, max_length=100)


class Bed(BedBase):
    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str
