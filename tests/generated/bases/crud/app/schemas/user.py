from pydantic import BaseModel, ConfigDict, EmailStr, Field


class UserBase(BaseModel):
    email: EmailStr | None = Field(default=None, max_length=254)
    is_active: bool = True
    is_superuser: bool = False
    full_name: str | None = Field(default=None, max_length=100)


class UserCreate(UserBase):
    email: EmailStr = Field(max_length=254)
    password: str


class UserUpdate(UserBase):
    password: str | None = None


class User(UserBase):
    model_config = ConfigDict(from_attributes=True)

    id: int
