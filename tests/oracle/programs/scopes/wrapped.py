"""An app that another one is made of."""

from fastapi import FastAPI


def version(app: FastAPI) -> FastAPI:
    parent = FastAPI()
    inner = FastAPI()
    for route in app.routes:
        inner.router.routes.append(route)
    parent.mount("/v1", inner)
    return parent


app = FastAPI()


@app.get("/a")
def a() -> None: ...


app = version(app)
