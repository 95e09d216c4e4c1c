"""What every answer of the app says to the browser: run only our own code, show it in no foreign frame, tell nobody."""

import base64
import hashlib
import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]
INLINE_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.S)


@cache
def policy() -> str:
    """Where the page may load from: this app only; styles may stand in the page, scripts may not."""
    scripts = " ".join(["'self'", "blob:", *frame_scripts()])  # Streamlit hands a component's own script over as a blob
    return (
        f"default-src 'self'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "font-src 'self' data:; connect-src 'self' ws: wss:; worker-src 'self' blob:; object-src 'none'; "
        "base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
    )


def frame_scripts() -> list[str]:
    """The scripts that stand in Streamlit's own page, each by its hash."""
    found = find_spec("streamlit")
    page = Path(found.origin).parent / "static" / "index.html" if found and found.origin else None
    scripts = INLINE_SCRIPT.findall(page.read_bytes()) if page and page.is_file() else []
    return [f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'" for script in scripts]


def headers() -> list[tuple[bytes, bytes]]:
    """The headers of every answer."""
    return [
        (b"content-security-policy", policy().encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"x-frame-options", b"SAMEORIGIN"),
        (b"referrer-policy", b"same-origin"),
        (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
    ]


def field(scope: Scope, name: bytes) -> str:
    """One header of a request; empty where it is missing."""
    pairs: Iterable[tuple[bytes, bytes]] = scope.get("headers", [])
    return next((value.decode("latin-1") for key, value in pairs if key.lower() == name), "")


class Headers:
    """Adds the headers, and refuses a websocket that another site's page opens."""

    def __init__(self, app: Asgi, origins: Callable[[], Sequence[str]] = tuple) -> None:
        self.app, self.origins = app, origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] == "websocket" and not self.same_origin(scope):
            await refuse_websocket(receive, send)
        elif scope["type"] == "http":
            await self.app(scope, receive, lambda message: send(with_headers(message)))
        else:
            await self.app(scope, receive, send)

    def same_origin(self, scope: Scope) -> bool:
        """Whether the page that asks came from this app (or from an address that the configuration names)."""
        origin = field(scope, b"origin")
        return not origin or urlsplit(origin).netloc == field(scope, b"host") or origin in self.origins()


def with_headers(message: Message) -> Message:
    """The start of an answer with our headers in it; those that it has already stay."""
    if message["type"] != "http.response.start":
        return message
    present = {key.lower() for key, _ in message.get("headers", [])}
    added = [pair for pair in headers() if pair[0] not in present]
    return {**message, "headers": [*message.get("headers", []), *added]}


async def refuse_websocket(receive: Receive, send: Send) -> None:
    """Answer a websocket's knock with status 403."""
    await receive()
    await send({"type": "websocket.close", "code": 1008})
