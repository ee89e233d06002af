import importlib

from fastapi import FastAPI

from service.registry import EXTENSIONS

importlib.import_module("service.plugins.notes")

from service.api import router  # noqa: E402

app = FastAPI()
app.include_router(router)
app.include_router(EXTENSIONS)
