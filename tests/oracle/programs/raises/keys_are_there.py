"""Keys that come by other ways than the table's own display."""

from collections import defaultdict

from fastapi import APIRouter, FastAPI

from raises import registers, registry, whole

by_name: defaultdict[str, APIRouter] = defaultdict(lambda: whole.router)
merged = {**whole.TABLE, **{"more": whole.router}} | {"last": whole.router}
by_number = {number * 2: whole.router for number in range(3)}
app = FastAPI()
app.include_router(registry.ROUTERS["late"], prefix="/late")
app.include_router(registry.ROUTERS["again"], prefix="/again")
app.include_router(registry.ROUTERS["stock"])
app.include_router(registry.MAKERS["made"](), prefix="/made")
app.include_router(merged["more"], prefix="/more")
app.include_router(merged["last"], prefix="/last")
app.include_router(by_number[2], prefix="/two")
app.include_router(by_number[False], prefix="/true")
app.include_router(whole.router, prefix=registers.Stock.prefix)
by_default = by_name["any"]
