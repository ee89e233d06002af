from fastapi import APIRouter

hidden = APIRouter(prefix="/hidden")


@hidden.get("/never")
def never() -> None: ...
