from fastapi import APIRouter

from notes.api import status

everything = APIRouter()
everything.include_router(status.router)
