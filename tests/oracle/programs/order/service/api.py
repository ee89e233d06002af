from fastapi import APIRouter

from service.registry import EXTENSIONS, ROUTERS

router = APIRouter(prefix="/v1")

for one in ROUTERS:
    router.include_router(one)


@EXTENSIONS.get("/own")
def own(): ...
