"""Two ways to the same, of which the installed version chooses one: neither calls the other."""

import pydantic
from fastapi import FastAPI

IS_NEW = int(pydantic.VERSION.split(".", 1)[0]) >= 2

if IS_NEW:
    from pydantic import TypeAdapter

    def validate(type_: type, data: object) -> object:
        return TypeAdapter(type_).validate_python(data)

else:
    from pydantic import parse_obj_as

    class TypeAdapter:
        def __init__(self, type_: type) -> None:
            self.type = type_

        def validate_python(self, value: object) -> object:
            return validate(self.type, value)

    def validate(type_: type, data: object) -> object:
        return parse_obj_as(type_, data)


class Config(pydantic.BaseModel):
    prefix: str = "/x"


config = validate(Config, {})
app = FastAPI()


@app.get("/a")
def a() -> None: ...
