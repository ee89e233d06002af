from fastapi import APIRouter

ROUTERS: list[APIRouter] = []
EXTENSIONS = APIRouter(prefix="/extensions")
