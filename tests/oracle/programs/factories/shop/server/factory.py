from shop.server.build import build

SETTINGS = {"title": "Shop", "prefix": "/v1"}


def create_app():
    return build(SETTINGS)


def main():
    app = create_app()
    serve(app)


def serve(app): ...
