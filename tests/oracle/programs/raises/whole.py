"""Nothing is wrong here."""

from fastapi import APIRouter, FastAPI

router = APIRouter()


@router.get("/whole")
def whole() -> None: ...


class Settings:
    """What others read."""

    prefix = "/api"

    def __init__(self, title: str, debug: bool = False) -> None:
        self.title = title
        self.debug = debug

    @property
    def shout(self) -> str:
        return self.title.upper()


def routed(path: str, /, *, tags: list[str] | None = None, **options: object) -> APIRouter:
    made = APIRouter(prefix=path, tags=tags)
    made.add_api_route("/made", whole, name=str(options))
    return made


settings = Settings("Shop")
patched = Settings("Patched")
TABLE = {"one": router}
PATHS = ("/a", "/b")
app = FastAPI()
app.include_router(router)
