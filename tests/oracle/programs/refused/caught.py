"""Who catches the exception goes on."""

from fastapi import FastAPI
from refused import whole

app = FastAPI()
try:
    app.include_router(whole, prefix="/whole")  # type: ignore[arg-type]
except AttributeError:
    app.include_router(whole.router)
