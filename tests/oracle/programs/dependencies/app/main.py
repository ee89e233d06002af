from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Security, WebSocket
from fastapi.security import (
    HTTPAuthorizationCredentials,
    HTTPBasicCredentials,
    OAuth2PasswordRequestForm,
)

from app import callables
from app.callables import *

app = FastAPI(dependencies=[Depends(trace)])
router = APIRouter(prefix="/r", dependencies=[Depends(verify_key)])
inner = APIRouter(prefix="/i", dependencies=[Depends(callables.need_admin)])


@inner.get("/active")
def active(session: Session, user: Active): ...


@inner.get("/scopes", dependencies=[Depends(get_session), Security(get_user, scopes=["x"])])
def scopes(pages: Annotated[Pagination, Depends()], search: TitleSearch = Depends()): ...


@router.get("/methods")
def methods(
    check=Depends(service.check), make=Depends(Service.make), plain=Depends(Service.plain)
): ...


@router.get("/instances")
def instances(
    check=Depends(SessionChecker("x")),
    first: dict = anew,
    second: dict = Depends(get_settings),
): ...


@router.get("/made")
def all_made(three=Depends(three), made=Depends(made("z"))): ...


@router.get("/classes")
def classes(
    users: Annotated[Users, Depends()],
    parameters: Annotated[Parameters, Depends()],
    key=Security(api_key),
    bearer=Depends(own_bearer),
): ...


@router.get("/generic")
def generic(texts: Annotated[Repository[str], Depends()], numbers=Depends(Repository[int])): ...


@router.get("/resolved")
def all_resolved(notes: dict = callables.resolved(dict), more=callables.resolved(list)): ...


@router.get("/again")
def again(session=Depends(callables.get_session_again)): ...


@router.post("/credentials")
def credentials(
    basic: Annotated[HTTPBasicCredentials, Depends()],
    bearer: HTTPAuthorizationCredentials = Depends(),
): ...


@router.post("/form")
def form(form: Annotated[OAuth2PasswordRequestForm, Depends()]): ...


@router.websocket("/feed")
async def feed(websocket: WebSocket, session: Session): ...


router.include_router(inner, dependencies=[Depends(of_include)])
app.include_router(router)
