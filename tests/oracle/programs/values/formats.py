"""Formats of f-strings, `format` and `%`, and attributes that methods compute."""

from functools import cached_property

from fastapi import FastAPI

app = FastAPI()


def f() -> None: ...


n = 4
app.get(f"/a/{n:02d}/{n:>3}x/{'s':<3}|/{2.5}/{2.0:.1f}/{255:x}")(f)
app.get("/b/{:03d}/{x:>4}".format(7, x="q"))(f)
app.get("/c/%s/%d" % ("a", 3))(f)
app.get(f"/d/{n!s}")(f)


class Settings:
    @cached_property
    def prefix(self) -> str:
        return "/e"

    @cached_property
    def groups(self) -> dict[str, str]:
        return {}


settings = Settings()
app.get(f"{settings.prefix}/cached")(f)
if settings.groups:
    app.get("/never")(f)
