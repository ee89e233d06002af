"""A factory that imports the framework itself."""


def create_app():
    from fastapi import FastAPI

    app = FastAPI()

    @app.get("/local")
    def local(): ...

    return app
