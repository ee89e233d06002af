from pydantic import BaseModel, ConfigDict, Field


# What all of them have
class PlantBase(BaseModel):
    name: str | None = Field(default=None, max_length=100)
    notes: str | None = Field(default=None, max_length=1000)


# What is sent to make one
class PlantCreate(PlantBase):
    name: str = Field(max_length=100)


# What is sent to change one
class PlantUpdate(PlantBase):
    pass


# What all that come from the database have
class PlantInDBBase(PlantBase):
    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str = Field(max_length=100)
    owner_id: int


# What is shown
class Plant(PlantInDBBase):
    pass
