"""A module that is asked for an app which it has not made yet."""

from fastapi import APIRouter, FastAPI
from refused.cycle import registers

app = FastAPI()
router = APIRouter()
app.include_router(registers.router)
