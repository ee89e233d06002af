"""An app that nobody serves: only its document is read."""

from fastapi import FastAPI


def document(title: str) -> str:
    return str(FastAPI(title=title).openapi())
