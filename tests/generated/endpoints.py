"""Path operations of special kinds, from outside: what is refused, and what goes over the wire."""

from __future__ import annotations

import base64
import http.client
import json
import os
import socket
import struct
import urllib.parse
from dataclasses import dataclass
from pathlib import Path

from project import CheckError

#: More than an upload may have, in bytes.
TOO_MUCH = 10 * 1024 * 1024 + 1

BOUNDARY = "a-boundary-that-no-file-holds"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: bytes
    headers: http.client.HTTPMessage


@dataclass(frozen=True)
class Operations:
    """The inserted operations of an app that is served."""

    address: str
    #: The project's folder, in which uploads are kept.
    root: Path
    #: What their paths begin with.
    prefix: str

    @classmethod
    def of(cls, address: str, root: Path) -> Operations:
        """Those that the app tells of."""
        asked = cls(address, root, "").ask("GET", "/openapi.json", 200)
        paths: list[str] = list(json.loads(asked.body)["paths"])
        found = [path.removesuffix("/uploads") for path in paths if path.endswith("/uploads")]
        if not found:
            raise CheckError(f"$ curl {address}/openapi.json", "no path ends with /uploads")
        return cls(address, root, found[0])

    def check(self) -> None:
        """All of them."""
        self.uploads()
        self.downloads()
        self.streams()
        self.events()
        self.jobs()
        self.sockets()

    def uploads(self) -> None:
        """Of a known type and not too large; never where the client's name for it leads."""
        stored = json.loads(self.upload("../../outside.png", b"picture", "image/png", 201).body)
        kept = [path.name for path in (self.root / "uploads").iterdir()]
        require(kept == [stored["name"]], f"{stored} is not what is kept: {kept}")
        require(not stored["name"].startswith("outside"), "it has the client's name")
        downloaded = self.ask("GET", f"{self.prefix}/files/{stored['name']}")
        if downloaded.status == 200:
            require(downloaded.body == b"picture", "it is not what was uploaded")
        self.upload("page.html", b"<script>", "text/html", 415)
        self.upload("large.png", bytes(TOO_MUCH), "image/png", 413)
        left = [path.name for path in (self.root / "uploads").iterdir()]
        require(left == kept, f"what was refused is there: {left}")
        self.ask("POST", f"{self.prefix}/uploads", 422)

    def upload(self, name: str, content: bytes, kind: str, status: int) -> Answer:
        """Send a file as browsers do."""
        head = (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            f"Content-Type: {kind}\r\n\r\n"
        )
        body = head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        return self.ask("POST", f"{self.prefix}/uploads", status, body, headers)

    def downloads(self) -> None:
        """Nothing from outside of the folder, nothing hidden, nothing that is not there."""
        (self.root / "uploads" / ".hidden").write_text("hidden", encoding="utf-8")
        for name in ("..%2F.env.example", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", ".hidden", "a%00b"):
            answer = self.ask("GET", f"{self.prefix}/files/{name}")
            require(answer.status in (404, 422), f"{name} is answered with {answer.status}")
        self.ask("GET", f"{self.prefix}/files/nothing.png", 404)

    def streams(self) -> None:
        """Line by line."""
        answer = self.ask("GET", f"{self.prefix}/export", 200)
        require(answer.headers["Transfer-Encoding"] == "chunked", "it is not sent in chunks")
        require(len(answer.body.splitlines()) > 1, "there is no line")

    def events(self) -> None:
        """One after the other; a client that comes back gets those that it has not had."""
        first = self.first_events({})
        require(first.count("\ndata: ") + first.startswith("data: ") >= 1, f"no event: {first}")
        require("id: 0" in first, f"it does not begin at the beginning: {first}")
        again = self.first_events({"Last-Event-ID": "41"})
        require("id: 42" in again, f"it does not go on: {again}")

    def first_events(self, headers: dict[str, str]) -> str:
        """What is sent at first; then the client leaves."""
        connection = http.client.HTTPConnection(urllib.parse.urlsplit(self.address).netloc)
        try:
            connection.request("GET", f"{self.prefix}/events", headers=headers)
            response = connection.getresponse()
            kind = response.headers["Content-Type"]
            require(kind.startswith("text/event-stream"), f"it is {kind}")
            return response.read1(4096).decode()
        finally:
            connection.close()

    def jobs(self) -> None:
        """Answered at once, with what names the job."""
        answer = self.ask("POST", f"{self.prefix}/jobs", 202)
        require("job_id" in json.loads(answer.body), f"{answer.body!r} names no job")

    def sockets(self) -> None:
        """A text comes back."""
        url = urllib.parse.urlsplit(self.address)
        with socket.create_connection((url.hostname, url.port), timeout=30) as connection:
            key = base64.b64encode(os.urandom(16)).decode()
            connection.sendall(
                f"GET {self.prefix}/ws HTTP/1.1\r\nHost: {url.netloc}\r\nUpgrade: websocket\r\n"
                f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
                "Sec-WebSocket-Version: 13\r\n\r\n".encode()
            )
            answer = connection.makefile("rb")
            status = answer.readline().decode()
            require(" 101 " in status, f"the socket is not opened: {status}")
            while answer.readline().strip():
                pass
            mask = os.urandom(4)
            text = bytes(byte ^ mask[index % 4] for index, byte in enumerate(b"hello"))
            connection.sendall(struct.pack("!BB", 0x81, 0x80 | len(text)) + mask + text)
            _, length = struct.unpack("!BB", answer.read(2))
            echoed = answer.read(length)
            require(echoed == b"hello", f"{echoed!r} came back")

    def ask(
        self,
        method: str,
        path: str,
        status: int | None = None,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """The answer, which has to have a status."""
        connection = http.client.HTTPConnection(
            urllib.parse.urlsplit(self.address).netloc, timeout=60
        )
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            answer = Answer(response.status, response.read(), response.headers)
        finally:
            connection.close()
        if status is not None and answer.status != status:
            said = answer.body[:500].decode(errors="replace")
            raise CheckError(
                f"$ curl -X {method} {path}", f"{answer.status} instead of {status}: {said}"
            )
        return answer


def require(holds: bool, otherwise: str) -> None:
    """Something that has to be so."""
    if not holds:
        raise CheckError("inserted endpoints", otherwise)
