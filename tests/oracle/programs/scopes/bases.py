"""Classes whose first base is a library's: what it does comes before what stands behind it."""

import threading
from collections import defaultdict

from fastapi import FastAPI


class Refusing:
    def __init__(self, *args: object, **kwargs: object) -> None:
        raise TypeError("it is never asked")


class Worker(threading.Thread, Refusing):
    def __init__(self, path: str) -> None:
        super().__init__(daemon=True)
        self.path = path


class Store(defaultdict, Refusing):
    def __init__(self) -> None:
        super().__init__(list)


store = Store()
app = FastAPI()
app.add_api_route(Worker("/worker").path, lambda: None, name="worker")
