from fastapi import FastAPI

app = FastAPI(openapi_url=None)


@app.get("/{year}", tags=["reports"])
def read_report(year: int):
    return year
