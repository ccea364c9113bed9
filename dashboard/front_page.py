"""The page without a path: Streamlit's own, which also understands the addresses that MLflow's clients print."""

from functools import partial
from pathlib import Path

import streamlit as st
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

_LINKS = Path(__file__).parent / "mlflow_links.js"


def front_page() -> str:
    """Return the page: everything that Streamlit serves, after a script that reads what follows ``#``."""
    page = (Path(st.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    head, title, rest = page.partition("<title>")
    return f"{head}<script>{_LINKS.read_text(encoding='utf-8')}</script>{title}{rest}"


def routes(page: str) -> list[Route]:
    """Return the route of the page; below it, Streamlit serves its own."""
    return [Route("/", partial(_answer, page))]


async def _answer(page: str, _: Request) -> Response:
    return HTMLResponse(page, headers={"cache-control": "no-cache"})
