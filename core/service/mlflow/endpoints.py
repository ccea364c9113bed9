"""The table of the protocol: method and path to handler."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from starlette.routing import compile_path

from core.service.mlflow.failures import NoSuchEndpoint
from core.service.mlflow.fields import Fields
from core.workspace.workspace import Workspace

Handler = Callable[[Workspace, Fields], Mapping[str, Any]]

_LEAVE_OUT = "Leave the call out, or send it to another server."
_NOT_KEPT = {
    "traces": ("traces", "Call mlflow.tracing.disable() to send none; all else that the script logs is kept."),
    "datasets": ("datasets of evaluations", "mlflow.log_input(...) notes what a run read."),
    "scorers": ("scorers", _LEAVE_OUT),
    "label-schemas": ("label schemas", _LEAVE_OUT),
    "review-queues": ("review queues", _LEAVE_OUT),
    "issues": ("issues", _LEAVE_OUT),
    "webhooks": ("webhooks of MLflow", _LEAVE_OUT),
    "gateway": ("gateways to language models", _LEAVE_OUT),
    "mcp-servers": ("MCP servers", _LEAVE_OUT),
    "prompt-optimization": ("prompts", _LEAVE_OUT),
}
"""What else MLflow's server keeps, by the first word of its addresses, and what to do without."""


class Endpoint(NamedTuple):
    """One act of the protocol. ``path`` is what follows ``/mlflow/``; its ``{names}`` become fields of the request."""

    method: str
    path: str
    handler: Handler


class Table:
    """Endpoints by method and path: those without a name in their path are found at once."""

    def __init__(self, endpoints: Sequence[Endpoint]) -> None:
        self._plain = {(e.method, e.path): e.handler for e in endpoints if "{" not in e.path}
        self._named = [(e.method, compile_path(e.path)[0], e.handler) for e in endpoints if "{" in e.path]

    def find(self, method: str, path: str) -> tuple[Handler, Mapping[str, str]]:
        """Return the handler of a path, and what its names stand for.

        Raises
        ------
        NoSuchEndpoint
            There is none.
        """
        if handler := self._plain.get((method, path)):
            return handler, {}
        for known, pattern, handler in self._named:
            if known == method and (found := pattern.match(path)):
                return handler, found.groupdict()
        raise NoSuchEndpoint(_nothing_at(method, path))


def _nothing_at(method: str, path: str) -> str:
    """Return why there is nothing at an address, and what to do."""
    if told := _NOT_KEPT.get(path.partition("/")[0]):
        things, advice = told
        return f"Fullcircle keeps no {things}, only experiments, runs, their files, and models. {advice}"
    return (
        f"Fullcircle has no {method} {path[:100]!r} in MLflow's protocol. Look at the client's version, or at the "
        "address that it was given."
    )
