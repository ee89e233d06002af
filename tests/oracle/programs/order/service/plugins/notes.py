from fastapi import APIRouter

from service.registry import EXTENSIONS, ROUTERS

router = APIRouter(prefix="/notes")


@router.get("/")
def list_notes(): ...


@EXTENSIONS.get("/notes")
def extend(): ...


ROUTERS.append(router)
