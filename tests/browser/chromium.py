"""Make sure that there is a Chromium for the browser tests: ``python -m tests.browser.chromium``."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


class NoChromium(Exception):
    """None was found and none could be installed."""

    def __init__(self) -> None:
        super().__init__(
            "The browser tests need Chromium and could not install it. "
            "Install it with the system's packages (apt-get install chromium) or with: playwright install chromium"
        )


def executable() -> str:
    """Return the path of a Chromium that is there.

    Raises
    ------
    NoChromium
        There is none; run ``python -m tests.browser.chromium`` first.
    """
    if found := on_path() or of_playwright():
        return found
    raise NoChromium


def on_path() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def of_playwright() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def from_system() -> bool:
    if not shutil.which("apt-get") or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    quiet = {"env": environment, "stdout": subprocess.DEVNULL}
    subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)
    return subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=False, **quiet).returncode == 0


def from_playwright() -> bool:
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    return subprocess.run(command, check=False).returncode == 0


def main() -> int:
    if not (on_path() or of_playwright()):
        sys.stderr.write("Installing Chromium for the browser tests ...\n")
        _ = from_system() or from_playwright()
    try:
        sys.stdout.write(f"Chromium: {executable()}\n")
    except NoChromium as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
