"""What Starlette 1.0 took away."""

from fastapi import FastAPI

app = FastAPI()


@app.get("/first")
def first() -> None: ...


async def talk(websocket: object) -> None: ...


app.add_websocket_route("/talk", talk)  # type: ignore[attr-defined]
