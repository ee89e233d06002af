from fastapi import APIRouter

router = APIRouter(prefix="/tags", tags=["tags"])


@router.get("")
def list_tags() -> list[str]:
    return ["a"]


@router.get("/{name}")
def read_tag(name: str) -> str:
    return name
