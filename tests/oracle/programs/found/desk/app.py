from fastapi import FastAPI

import desk.parts.users2
from desk.routers import Register

app = FastAPI()
register = Register(app)
register.all_in_order()
register.names()
app.get("/by-name")(desk.parts.users2.read_me)
