"""The gate of a shared app, asked the way a browser asks."""

import asyncio
from typing import Any

import pytest

from twin.serve import gate
from twin.serve.gate import LATER, Gate, access_code
from twin.serve.headers import Headers, policy

CODE = "abcd-2345"


async def inner(scope: Any, receive: Any, send: Any) -> None:
    """The app behind the gate."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"inside"})


def asked(
    app: Any,
    path: str = "/",
    query: str = "",
    kind: str = "http",
    body: bytes = b"",
    caller: str = "10.0.0.9",
    **fields: str,
) -> list[Any]:
    """What the app sends for one request."""
    sent: list[Any] = []
    first = {"type": "websocket.connect"} if kind == "websocket" else {"type": "http.request", "body": body}

    async def receive() -> Any:
        return first

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": kind, "path": path, "query_string": query.encode(),
        "method": "POST" if body else "GET", "client": (caller, 1),
        "headers": [(name.encode(), value.encode()) for name, value in fields.items()],
    }  # fmt: skip
    asyncio.run(app(scope, receive, send))
    return sent


def header(sent: list[Any], name: bytes) -> str:
    return next(value.decode() for key, value in sent[0]["headers"] if key == name)


@pytest.fixture
def shared() -> Gate:
    return Gate(inner, CODE, 8501)


def cookie(shared: Gate) -> str:
    return f"other=1; {shared.cookie}={shared.ticket}"


def test_without_the_code_nothing_is_shown(shared: Gate) -> None:
    for path in (
        "/",
        "/what-if",
        "/_stcore/health",
        "/_stcore/host-config",
        "/static/index.js",
        "/api/runs",
        "//api/health",
    ):
        sent = asked(shared, path)
        assert sent[0]["status"] == 401
        assert b"inside" not in sent[1]["body"]
    assert asked(shared, cookie="understudy_8501=guessed")[0]["status"] == 401
    assert asked(shared, cookie="understudy_8501=\x00;=")[0]["status"] == 401


def test_without_the_code_the_websocket_is_refused(shared: Gate) -> None:
    assert asked(shared, "/_stcore/stream", kind="websocket") == [{"type": "websocket.close", "code": 1008}]
    assert asked(shared, "/_stcore/stream", kind="websocket", cookie=cookie(shared)) == [{"type": "websocket.accept"}]


def test_health_is_free(shared: Gate) -> None:
    assert asked(shared, "/api/health")[1]["body"] == b"inside"
    assert asked(shared, "/api/health", body=b"code=1")[0]["status"] == 401


def test_a_link_with_the_code_opens_and_forgets_it(shared: Gate) -> None:
    sent = asked(shared, "/what-if", f"code={CODE}&price=%2B5%25")
    assert sent[0]["status"] == 303
    assert header(sent, b"location") == "/what-if?price=%2B5%25"
    assert header(sent, b"set-cookie") == f"understudy_8501={shared.ticket}; Path=/; HttpOnly; SameSite=Lax"
    assert CODE not in shared.ticket
    again = asked(shared, "/what-if", "code=outdated", cookie=cookie(shared))
    assert (again[0]["status"], header(again, b"location")) == (303, "/what-if")
    assert asked(shared, cookie=cookie(shared))[1]["body"] == b"inside"


def test_the_form_takes_the_code_in_capitals_too(shared: Gate) -> None:
    assert asked(shared, "/", body=b"code=+ABCD-2345+")[0]["status"] == 303
    assert asked(shared, "/", body=b"code=abcd-2346")[0]["status"] == 401
    assert asked(shared, "/", body=b"x" * 10_000)[0]["status"] == 401


def test_a_link_leads_nowhere_else(shared: Gate) -> None:
    for path in ("//evil.example/", "/\\evil.example", "\\\\evil.example"):
        location = header(asked(shared, path, f"code={CODE}"), b"location")
        assert location.startswith("/")
        assert location[1] not in "/\\"


def test_ten_wrong_codes_and_the_caller_waits(shared: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(gate.TRIES):
        assert asked(shared, "/", "code=wrong")[0]["status"] == 401
    sent = asked(shared, "/", f"code={CODE}")
    assert sent[0]["status"] == 429
    assert LATER.encode() in sent[1]["body"]
    assert asked(shared, "/", f"code={CODE}", caller="10.0.0.10")[0]["status"] == 303
    monkeypatch.setattr(gate, "TRIES_SECONDS", -1.0)
    assert asked(shared, "/", f"code={CODE}")[0]["status"] == 303


def test_each_start_has_a_code_of_its_own() -> None:
    codes = {access_code() for _ in range(50)}
    assert len(codes) == 50
    assert all(len(code) == 9 and code[4] == "-" and not set(code) & set("01lio") for code in codes)


def test_every_answer_carries_the_headers(shared: Gate) -> None:
    app = Headers(shared)
    for sent in (asked(app), asked(app, cookie=cookie(shared)), asked(app, "/", f"code={CODE}")):
        assert header(sent, b"content-security-policy") == policy()
        assert header(sent, b"x-content-type-options") == "nosniff"
        assert header(sent, b"referrer-policy") == "same-origin"
    assert "'unsafe-eval'" not in policy()
    assert "frame-ancestors 'self'" in policy()


def test_another_sites_page_opens_no_websocket() -> None:
    app = Headers(inner)
    assert asked(app, kind="websocket", host="localhost:8501", origin="http://localhost:8501") == [
        {"type": "websocket.accept"}
    ]
    assert asked(app, kind="websocket", host="localhost:8501", origin="http://evil.example") == [
        {"type": "websocket.close", "code": 1008}
    ]
    assert asked(app, kind="websocket", host="localhost:8501") == [{"type": "websocket.accept"}]
