from pydantic import BaseModel


class Status(BaseModel):
    is_alive: bool
