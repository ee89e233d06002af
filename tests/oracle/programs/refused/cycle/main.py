"""It needs models, which need what needs them."""

from fastapi import FastAPI
from refused.cycle.api import router

app = FastAPI()
app.include_router(router)
