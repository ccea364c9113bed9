"""The web process: the dashboard and every route of ``core.service`` on one port."""

import asyncio
import base64
import contextlib
import gc
import logging
import os
import re
import sys
from collections.abc import AsyncGenerator
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from secrets import token_hex
from typing import Any

import anyio.to_thread
import plotly.graph_objects as go
import streamlit as st
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.errors import FullcircleError
from core.service import health, intake, labels, metrics
from core.service.mlflow import routes as mlflow
from core.settings import Settings
from dashboard import front_page, session
from dashboard.charts.theme import styled
from dashboard.navigation import VIEWS

HERE = Path(__file__).resolve().parent
_SWEEP_SECONDS = 3600
_LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]", "::1"]

_log = logging.getLogger("fullcircle.web")


class SecurityHeaders:
    """Adds the headers that keep other sites out; plain ASGI, because uploads stream through it."""

    def __init__(self, app: ASGIApp, policy: str) -> None:
        self._app = app
        self._headers = [
            (b"content-security-policy", policy.encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"same-origin"),
            (b"x-frame-options", b"SAMEORIGIN"),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, with the headers on its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *self._headers]
            await send(message)

        await self._app(scope, receive, send_with_headers)


class KnownHosts:
    """Refuses a request under a foreign name: a page elsewhere must not reach a local server by re-pointing its DNS."""

    def __init__(self, app: ASGIApp, hosts: list[str]) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request that names this server."""
        named = dict(scope.get("headers", [])).get(b"host", b"").decode("latin-1")
        if scope["type"] != "http" or re.sub(r":\d+$", "", named) in self._hosts:
            await self._app(scope, receive, send)  # a WebSocket's host is checked by Streamlit
            return
        await send({"type": "http.response.start", "status": 400, "headers": [(b"content-type", b"text/plain")]})
        await send({"type": "http.response.body", "body": b"This server is not known under that name."})


def content_policy(page: str) -> str:
    """Return the content security policy: everything from here, and the scripts that the page itself holds."""
    scripts = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)
    inline = " ".join(f"'sha256-{base64.b64encode(sha256(s.encode()).digest()).decode()}'" for s in scripts)
    return (
        f"default-src 'self'; script-src 'self' {inline} 'wasm-unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws: wss: data: blob:; "
        "worker-src 'self' blob:; frame-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'self'; "
        "form-action 'self'"
    )


def show_error(error: Exception) -> bool:
    """Tell the reader what went wrong: in the error's own sentence, or with a reference into the log."""
    if isinstance(error, FullcircleError):
        st.error(str(error), icon=":material/error:")
        return True
    reference = token_hex(4)
    _log.error("A page failed (reference %s)", reference, exc_info=error)
    st.error(
        f"Something unexpected happened (reference {reference}). Reload the page; if it happens again, the details are "
        "in the terminal that started Fullcircle.",
        icon=":material/error:",
    )
    return True


@contextlib.asynccontextmanager
async def _lifespan(_: st.App) -> AsyncGenerator[dict[str, Any], None]:
    await anyio.to_thread.run_sync(_warm_up)
    sweeping = asyncio.create_task(_sweep_uploads())
    yield {}
    sweeping.cancel()


def _warm_up() -> None:
    """Import what the first visit of a page would otherwise wait for, and take it out of the collector's sight."""
    views = [f"dashboard.views.{view.module}" for view in VIEWS]
    for name in ("numpy", "pandas", "polars", "plotly.graph_objects", "plotly.tools", *views):
        import_module(name)
    styled(go.Figure(go.Scatter()), "light").to_dict()  # Plotly imports the parts of a figure when it meets them
    try:
        session.workspace()
    except Exception:  # noqa: BLE001 - /readyz says so, and the pages show the reason
        _log.exception("The workspace could not be opened.")
    gc.collect()
    gc.freeze()  # the collector no longer walks through every imported module in the middle of a run


async def _sweep_uploads() -> None:
    while True:
        await anyio.to_thread.run_sync(intake.sweep, Settings())
        with contextlib.suppress(FullcircleError):  # a database that does not answer has its own alarm
            await anyio.to_thread.run_sync(lambda: session.workspace().files.sweep())
        await asyncio.sleep(_SWEEP_SECONDS)


def application(settings: Settings, hosts: list[str]) -> st.App:
    """Return the ASGI application of the web process."""
    page = front_page.front_page()
    return st.App(
        HERE / "app.py",
        routes=[
            *front_page.routes(page),
            *health.routes(settings, session.workspace),
            *metrics.routes(session.workspace),
            *intake.routes(settings),
            *labels.routes(session.workspace),
            *mlflow.routes(lambda _: session.workspace()),  # there are no accounts yet: everyone is the local user
        ],
        middleware=[Middleware(KnownHosts, hosts=hosts), Middleware(SecurityHeaders, policy=content_policy(page))],
        lifespan=_lifespan,
        on_script_error=show_error,
    )


def serve(settings: Settings) -> None:
    """Serve the dashboard on this machine until SIGTERM."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s", stream=sys.stderr)
    os.chdir(HERE)  # Streamlit looks for .streamlit in the working directory
    sys.argv = [str(HERE / "server.py")]  # and for static files beside the program
    application(settings, _LOCAL_HOSTS).run(
        config={
            "server.port": settings.web_port,
            "server.address": "127.0.0.1",
            "server.allowedHosts": _LOCAL_HOSTS,
            "server.headless": True,
            "server.fileWatcherType": "none",
            "server.enableStaticServing": True,
            "browser.gatherUsageStats": False,
            "client.toolbarMode": "minimal",
            "client.showErrorDetails": "none",
            "logger.hideWelcomeMessage": True,
            "logger.level": "warning",
            "runner.postScriptGC": False,  # after every run, before the browser hears that it is over; see _warm_up
        }
    )
