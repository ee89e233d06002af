"""The routers of the API, below one prefix."""

from fastapi import APIRouter

api_router = APIRouter(prefix="/api/v1")
