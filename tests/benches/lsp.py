"""A small client of the Language Server Protocol over stdio, for measuring servers."""

from __future__ import annotations

import itertools
import json
import queue
import resource
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Message = dict[str, Any]

#: What the client says it can do: what VS Code says, as far as it changes what servers send.
CAPABILITIES = {
    "general": {"positionEncodings": ["utf-8", "utf-16"]},
    "window": {"workDoneProgress": True},
    "workspace": {
        "configuration": True,
        "workspaceFolders": True,
        "workspaceEdit": {
            "documentChanges": True,
            "resourceOperations": ["create"],
            "changeAnnotationSupport": {},
        },
        "symbol": {},
        "didChangeWatchedFiles": {"dynamicRegistration": True},
    },
    "textDocument": {
        "synchronization": {"didSave": True},
        "publishDiagnostics": {"versionSupport": True, "relatedInformation": True},
        "hover": {"contentFormat": ["markdown"]},
        "codeAction": {
            "codeActionLiteralSupport": {"codeActionKind": {"valueSet": [""]}},
            "dataSupport": True,
            "resolveSupport": {"properties": ["edit"]},
        },
    },
}


#: Bytes of address space that a server may take.
MEMORY_LIMIT = 8 * 1024**3


class GivenUpError(Exception):
    """The server didn't do what was waited for in the time allowed."""


def limit_memory() -> None:
    """Keep a server that runs away from taking the machine with it."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))


class Client:
    """A running server. Times are seconds of `time.perf_counter`."""

    def __init__(self, command: list[str], root: Path) -> None:
        self.root = root
        self.spawned = time.perf_counter()
        self.process = subprocess.Popen(
            command,
            cwd=root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            preexec_fn=limit_memory,
        )
        self.numbers = itertools.count(1)
        #: Document versions: never the same twice, which some servers can't bear.
        self.versions = itertools.count(1)
        self.arrived: queue.Queue[tuple[float, Message | None]] = queue.Queue()
        self.backlog: list[tuple[float, Message]] = []
        threading.Thread(target=self._read, daemon=True).start()

    def initialize(self, patience: float) -> Message:
        """Shake hands; the server's capabilities."""
        parameters = {
            "processId": None,
            "rootUri": self.root.as_uri(),
            "workspaceFolders": [{"uri": self.root.as_uri(), "name": self.root.name}],
            "capabilities": CAPABILITIES,
        }
        result: Message = self.request("initialize", parameters, patience)
        self.notify("initialized", {})
        return result

    def request(self, method: str, parameters: Any, patience: float) -> Any:
        """Send a request and wait for its result; what else arrives stays to be waited for."""
        number = next(self.numbers)
        self._send({"id": number, "method": method, "params": parameters})
        _, answer = self.wait(
            lambda message: message.get("id") == number and "method" not in message, patience
        )
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer.get("result")

    def notify(self, method: str, parameters: Any) -> float:
        """Send a notification; the time at which it was sent."""
        sent = time.perf_counter()
        self._send({"method": method, "params": parameters})
        return sent

    def wait(self, wanted: Callable[[Message], bool], patience: float) -> tuple[float, Message]:
        """The first message that is wanted, with the time of its arrival; it is taken out."""
        for index, (at, message) in enumerate(self.backlog):
            if wanted(message):
                del self.backlog[index]
                return at, message
        deadline = time.perf_counter() + patience
        while True:
            try:
                at, arrived = self.arrived.get(timeout=max(0.0, deadline - time.perf_counter()))
            except queue.Empty:
                raise GivenUpError(f"nothing within {patience:g} s") from None
            if arrived is None:
                raise GivenUpError("the server has ended")
            if wanted(arrived):
                return at, arrived
            self.backlog.append((at, arrived))

    def memory(self) -> dict[str, int]:
        """Resident memory now (`VmRSS`) and at most (`VmHWM`) in KiB; Linux only."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii").splitlines()
        pairs = (line.split(":", 1) for line in lines if line.startswith(("VmRSS", "VmHWM")))
        return {name: int(value.split()[0]) for name, value in pairs}

    def stop(self) -> None:
        """End the server: politely, then not."""
        try:
            self.request("shutdown", None, 2)
            self.notify("exit", None)
            self.process.wait(2)
        except (GivenUpError, RuntimeError, OSError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()

    def _send(self, message: Message) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def _read(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while True:
            length = 0
            while (header := stream.readline().strip()) != b"":
                name, _, value = header.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            body = stream.read(length) if length else b""
            at = time.perf_counter()
            if not body:
                self.arrived.put((at, None))
                return
            message = json.loads(body)
            if "id" in message and "method" in message:
                self._answer(message)
            else:
                self.arrived.put((at, message))

    def _answer(self, message: Message) -> None:
        """Answer a request of the server's with nothing; for settings, one nothing for each."""
        is_settings = message["method"] == "workspace/configuration"
        result = [None for _ in message["params"]["items"]] if is_settings else None
        self._send({"id": message["id"], "result": result})
