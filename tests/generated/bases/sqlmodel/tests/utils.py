import secrets
import string

from sqlmodel import Session

from app import crud
from app.models import Item, ItemCreate, User, UserCreate


def random_lower_string() -> str:
    return "".join(secrets.choice(string.ascii_lowercase) for _ in range(32))


def random_email() -> str:
    return f"{random_lower_string()}@example.com"


def create_random_user(db: Session) -> User:
    return crud.create_user(session=db, user_create=UserCreate(email=random_email()))


def create_random_item(db: Session) -> Item:
    owner = create_random_user(db)
    item_in = ItemCreate(title=random_lower_string(), owner_id=owner.id)
    return crud.create_item(session=db, item_in=item_in)
