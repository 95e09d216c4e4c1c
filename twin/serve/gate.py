"""The gate of a shared app: nobody comes in without the access code."""

import secrets
import time
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from hmac import compare_digest
from urllib.parse import parse_qs, parse_qsl, quote, urlencode

from twin.serve.headers import Asgi, Receive, Scope, Send, refuse_websocket
from twin.serve.headers import field as header

LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # without those that look alike
FREE = ("/api/health", "/api/about")
TRIES, TRIES_SECONDS = 10, 60.0
MOST_CALLERS = 1000
MOST_BYTES = 4096

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>Understudy</title><style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 22rem; margin: 18vh auto; padding: 0 1.5rem }}
input, button {{ font: inherit; padding: .55rem .7rem; width: 100%; box-sizing: border-box }}
input, button {{ margin-top: .6rem; border-radius: .4rem }}
input {{ border: 1px solid #8aa }} button {{ border: 0; background: #0B7A75; color: #fff }} p {{ margin: .4rem 0 }}
</style></head><body><h1>Understudy</h1><form method="post">
<p><label for="code">{words}</label></p>
<input id="code" name="code" autocomplete="off" autocapitalize="none" spellcheck="false" autofocus required>
<button>Open</button></form></body></html>"""
ASK = "This app is shared with those who have its access code. It stands where the app was started."
WRONG = "That is not the code. Look again where the app was started."
LATER = "Too many tries. Wait a minute, then try again."


def access_code() -> str:
    """A fresh code of two groups of four letters and digits, easy to type on a phone."""
    letters = [secrets.choice(LETTERS) for _ in range(8)]
    return "".join(letters[:4]) + "-" + "".join(letters[4:])


@dataclass
class Tries:
    """Wrong codes by caller; more than ten in a minute and the caller has to wait."""

    wrong: OrderedDict[str, deque[float]] = field(default_factory=OrderedDict)

    def too_many(self, caller: str) -> bool:
        """Whether this caller has to wait."""
        times = self.wrong.get(caller, deque())
        while times and times[0] < time.monotonic() - TRIES_SECONDS:
            times.popleft()
        return len(times) >= TRIES

    def add(self, caller: str) -> None:
        """Note a wrong code."""
        self.wrong.setdefault(caller, deque()).append(time.monotonic())
        self.wrong.move_to_end(caller)
        while len(self.wrong) > MOST_CALLERS:
            self.wrong.popitem(last=False)


class Gate:
    """Asks for the code once; a cookie that no script can read lets the same browser in until the app is stopped."""

    def __init__(self, app: Asgi, code: str, port: int) -> None:
        self.app, self.code = app, code
        self.cookie, self.ticket = f"understudy_{port}", secrets.token_urlsafe(32)
        self.tries = Tries()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass, or ask for the code."""
        known = scope["type"] not in ("http", "websocket") or self.knows(scope)
        if known and scope["type"] == "http" and self.offered(scope) is not None:
            await answer(send, 303, b"", [(b"location", place(scope).encode())])  # out of the address, into no history
        elif known:
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await refuse_websocket(receive, send)
        elif scope["path"] in FREE and scope["method"] in ("GET", "HEAD"):
            await self.app(scope, receive, send)
        else:
            await self.ask(scope, receive, send)

    def knows(self, scope: Scope) -> bool:
        """Whether the browser has given the code before."""
        given = header(scope, b"cookie").split(";")  # taken apart by hand: other apps' cookies hold anything
        pairs = (pair.partition("=") for pair in given)
        return any(name.strip() == self.cookie and same(value.strip(), self.ticket) for name, _, value in pairs)

    def offered(self, scope: Scope) -> str | None:
        """The code in a link, if it has one."""
        given = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("code")
        return given[0] if given else None

    async def ask(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take the code from the link or the form; without the right one, show the page that asks for it."""
        caller = (scope.get("client") or ("",))[0]
        if self.tries.too_many(caller):
            return await page(send, 429, LATER)
        given = await posted(scope, receive) if scope["method"] == "POST" else self.offered(scope)
        if given is None:
            return await page(send, 401, ASK)
        if not same(given.strip().lower(), self.code.lower()):
            self.tries.add(caller)
            return await page(send, 401, WRONG)
        cookie = f"{self.cookie}={self.ticket}; Path=/; HttpOnly; SameSite=Lax"
        return await answer(send, 303, b"", [(b"location", place(scope).encode()), (b"set-cookie", cookie.encode())])


def same(given: str, right: str) -> bool:
    """Whether two texts are equal, in a time that does not tell how far they agree."""
    return compare_digest(given.encode(), right.encode())


def place(scope: Scope) -> str:
    """The address that was asked for, on this app and without the code."""
    query = [
        pair
        for pair in parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
        if pair[0] != "code"
    ]
    path = "/" + quote(scope["path"].lstrip("/\\"))
    return path + (f"?{urlencode(query)}" if query else "")


async def posted(scope: Scope, receive: Receive) -> str | None:
    """The code in a form that was sent."""
    body, more = b"", True
    while more and len(body) <= MOST_BYTES:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        more = message.get("more_body", False)
    given = parse_qs(body[:MOST_BYTES].decode("latin-1")).get("code")
    return given[0] if given else None


async def page(send: Send, status: int, words: str) -> None:
    """The page that asks for the code."""
    await answer(send, status, PAGE.format(words=words).encode(), [(b"content-type", b"text/html; charset=utf-8")])


async def answer(send: Send, status: int, body: bytes, fields: list[tuple[bytes, bytes]]) -> None:
    """One answer that no cache keeps."""
    length = (b"content-length", str(len(body)).encode())
    await send(
        {"type": "http.response.start", "status": status, "headers": [*fields, length, (b"cache-control", b"no-store")]}
    )
    await send({"type": "http.response.body", "body": body})
