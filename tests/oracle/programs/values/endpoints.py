"""Classes and ASGI apps in the place of functions."""

from fastapi import FastAPI
from starlette.endpoints import HTTPEndpoint, WebSocketEndpoint
from starlette.routing import Route, Router, WebSocketRoute

app = FastAPI()


class Page(HTTPEndpoint):
    async def get(self, request): ...


class Form(Page):
    def post(self, request): ...
    async def delete(self, request): ...


class Probe(HTTPEndpoint):
    def head(self, request): ...


class Echo(WebSocketEndpoint):
    encoding = "text"

    async def on_receive(self, websocket, data): ...


class Raw:
    async def __call__(self, scope, receive, send): ...


def documentation(title):
    router = Router()

    class Document(HTTPEndpoint):
        def get(self, request): ...

    router.add_route("/", endpoint=Document)
    router.add_route("/form/", Form)
    return router


app.add_route("/page", Page)
app.add_route("/form", Form)
app.add_route("/once", Form, methods=["POST"])
app.add_route("/probe", Probe)
app.add_route("/raw", Raw())
app.router.add_websocket_route("/echo", Echo)
app.mount("/docs/", documentation("Shop"))
app.router.routes.extend([Route("/listed", Form, name="listed"), WebSocketRoute("/listed", Echo)])
