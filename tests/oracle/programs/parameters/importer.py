"""It falls with what it imports, where that falls."""

from fastapi import FastAPI

from parameters import optional

app = FastAPI()
app.include_router(optional.app.router)
