"""An app under uvicorn."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from project import CheckError

#: How long an app may take to start, in seconds.
PATIENCE = 30.0

LISTENS = re.compile(r"running on (http://127\.0\.0\.1:\d+)")


@contextmanager
def served(command: list[str], folder: Path, variables: dict[str, str], log: Path) -> Iterator[str]:
    """Serve an app at a free port; its address. It has to start, and to stop without an error."""
    shown = " ".join([*(f"{name}={value}" for name, value in variables.items()), *command])
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")} | variables
    with log.open("wb") as words:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=subprocess.STDOUT,
        )
        try:
            yield address(process, log, shown)
            if process.poll() is not None:
                raise CheckError(shown, f"{read(log)}\nit ended by itself")
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
    if process.returncode not in (0, -signal.SIGTERM):
        raise CheckError(shown, f"{read(log)}\nexit code {process.returncode}")
    if "Traceback" in read(log):
        raise CheckError(shown, read(log))


def address(process: subprocess.Popen[bytes], log: Path, shown: str) -> str:
    """Where the app listens, once it answers with its OpenAPI document."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        found = LISTENS.search(read(log))
        if found is not None and answers(f"{found.group(1)}/openapi.json", shown, log):
            return found.group(1)
        time.sleep(0.05)
    raise CheckError(shown, f"{read(log)}\nit didn't start")


def answers(url: str, shown: str, log: Path) -> bool:
    """Whether there is an answer; `CheckError` where it is an error."""
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE) as response:  # the app's own document
            return bool(response.read())
    except urllib.error.HTTPError as error:
        raise CheckError(f"{shown}\n$ curl {url}", f"{read(log)}\n{error}") from error
    except OSError:
        return False


def read(log: Path) -> str:
    """What the app has said."""
    return log.read_text(encoding="utf-8", errors="replace")
