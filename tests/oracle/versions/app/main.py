from fastapi import Depends, FastAPI, WebSocket
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import JSONResponse

from app.deps import get_session, require_key
from app.routers import items, reports


class OutOfStock(Exception):
    pass


app = FastAPI(title="Versions", dependencies=[Depends(require_key)])
app.add_middleware(GZipMiddleware, minimum_size=500)


@app.exception_handler(OutOfStock)
async def out_of_stock(request, error):
    return JSONResponse({"detail": "out of stock"}, status_code=409)


@app.middleware("http")
async def note_time(request, call_next):
    return await call_next(request)


app.include_router(items.router, prefix="/api")
app.include_router(items.router, prefix="/old", deprecated=True, include_in_schema=False)
app.mount("/reports", reports.app)


@app.websocket("/feed/{channel}")
async def feed(websocket: WebSocket, channel: str, session=Depends(get_session)):
    await websocket.accept()


@app.get("/health", operation_id="health", status_code=204)
def read_health() -> None:
    return None
