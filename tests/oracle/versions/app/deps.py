from typing import Annotated

from fastapi import Depends, Header, Security
from fastapi.security import OAuth2PasswordBearer

oauth2 = OAuth2PasswordBearer(tokenUrl="token", scopes={"items": "Items"})


def require_key(x_key: Annotated[str, Header()]):
    return x_key


def get_session():
    yield object()


class Paging:
    def __init__(self, offset: int = 0, limit: int = 100):
        self.offset = offset
        self.limit = limit


def get_user(token: Annotated[str, Security(oauth2, scopes=["items"])]):
    return token


Session = Annotated[object, Depends(get_session)]
User = Annotated[str, Depends(get_user)]
