"""Pictures of every view in both themes, for people to look at: ``python -m tests.browser.screenshots OUT``.

``--home HOME`` takes a copy of a home in which the flights project is built already; else it is built first.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, sync_playwright

from core.lifecycle.life import Life
from dashboard.navigation import VIEWS
from tests.browser.chromium import ARGUMENTS, executable
from tests.browser.person import Person
from tests.dashboard.test_every_view import RECORDS
from tests.fullcircle_process import Fullcircle

THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@contextmanager
def flights(home: Path | None) -> Iterator[Fullcircle]:
    """Start the flights project: on a copy of ``home``, or built anew."""
    with tempfile.TemporaryDirectory(prefix="fullcircle-pictures-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / "home"
        shutil.copytree(home, copy) if home else copy.mkdir()
        running = Fullcircle("up" if home else "demo", copy)
        try:
            running.wait_until_ready()
            if not home:
                running.wait_for(r"stage iteration: .* s", seconds=600)
            running.wait_for_jobs()
            yield running
        finally:
            running.end()


def pictures(browser: Browser, running: Fullcircle, out: Path) -> Iterator[Path]:
    """Save every view in both themes at 1280 x 800."""
    workspace = running.workspace()
    life = workspace.thread.life(workspace.projects.get("flights").id)
    for theme in THEMES:
        context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB", color_scheme=theme)
        me = Person(context.new_page(), running.address)
        for view in VIEWS:
            me.open(view.key, **_address(life, view.key))
            me.page.evaluate("document.fonts.ready")
            target = out / f"{view.key}-{theme}.png"
            me.page.screenshot(path=target, animations="disabled")
            yield target
        context.close()


def _address(life: Life, view: str) -> dict[str, str]:
    record = {"id": RECORDS[view](life)} if view in RECORDS else {}
    return {"project": "flights", **record}


def main(words: list[str]) -> None:
    """Save the pictures and print where."""
    parser = argparse.ArgumentParser(prog="python -m tests.browser.screenshots", description=__doc__)
    parser.add_argument("out", type=Path, help="folder for the pictures")
    parser.add_argument("--home", type=Path, help="a home with the flights project; it is copied, never changed")
    asked = parser.parse_args(words)
    asked.out.mkdir(parents=True, exist_ok=True)
    with flights(asked.home) as running, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        for path in pictures(browser, running, asked.out):
            sys.stdout.write(f"{path}\n")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
