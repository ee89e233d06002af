"""It may come from the include, or an app may have none."""

from fastapi import APIRouter, FastAPI

router = APIRouter()


@router.get("")
def read() -> None: ...


app = FastAPI()
app.include_router(router, prefix="/from/include")
own = APIRouter(prefix="/own")
own.add_api_route("", read)
app.include_router(own)
