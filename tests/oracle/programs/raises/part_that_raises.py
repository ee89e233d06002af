"""Ends halfway, for whoever imports it."""

from fastapi import APIRouter

from raises import registry

router = APIRouter()
registry.ROUTERS["before"] = router


@router.get("/part")
def part() -> None: ...


router.include_router(registry.ROUTERS["never"])


@router.get("/behind")
def behind() -> None: ...
