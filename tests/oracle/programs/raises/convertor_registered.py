"""A kind of parameter that the program adds."""

from fastapi import FastAPI
from starlette.convertors import Convertor, register_url_convertor


class Even(Convertor[int]):
    """Every other number."""

    regex = "[0-9]*[02468]"

    def convert(self, value: str) -> int:
        return int(value)

    def to_string(self, value: int) -> str:
        return str(value)


register_url_convertor("even", Even())
app = FastAPI()


@app.get("/{number:even}")
def read(number: int) -> None: ...


@app.get("/{path:path}/{whole:int}/{part:float}/{key:uuid}/{name:str}")
def all_kinds(path: str, whole: int, part: float, key: str, name: str) -> None: ...
