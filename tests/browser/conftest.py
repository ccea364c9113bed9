"""Chromium and real Fullcircle processes for the browser tests."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.chromium import ARGUMENTS, executable
from tests.fullcircle_process import Fullcircle

Start = Callable[..., Fullcircle]


@pytest.fixture(scope="session")
def base_url() -> None:
    """Stand in for pytest-base-url's fixture, whose form pytest will drop; no address is known beforehand."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": executable(), "args": ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "viewport": {"width": 1280, "height": 800}, "locale": "en-GB"}


@pytest.fixture(scope="module")
def fullcircle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Start ``fullcircle up`` (or ``demo``) on a home, ready; all are ended after the module."""
    started: list[Fullcircle] = []

    def start(command: str = "up", home: Path | None = None, *arguments: str) -> Fullcircle:
        process = Fullcircle(command, home or tmp_path_factory.mktemp("home"), *arguments)
        started.append(process)
        return process.wait_until_ready()

    yield start
    for process in started:
        process.end()
