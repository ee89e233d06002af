from shop.server import build


def wire(app):
    app.add_api_route("/users", users, methods=["GET", "POST"])


def users(): ...


def create_admin(prefix="/admin"):
    app = build._base("Admin")
    app.add_api_route(prefix, users)
    wire(app)
    return app
