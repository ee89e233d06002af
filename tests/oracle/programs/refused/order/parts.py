"""Uses what there is."""

from fastapi import APIRouter
from refused.order import main
from refused.order.main import LIMIT


class Part:
    """One part."""


router = APIRouter()


@router.get(f"/parts/{LIMIT}")
def read() -> None: ...


def app_of() -> object:
    return main.app
