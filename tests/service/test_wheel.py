"""A wheel built from the repository runs the demo from any folder: theme, fonts and sample data included."""

import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.fullcircle_process import Fullcircle

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel and unpack it into an empty folder; its dependencies are those of this environment."""
    wheels, target = tmp_path_factory.mktemp("wheel"), tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-deps", "--wheel-dir", wheels, ROOT], check=True)
    wheel = next(wheels.glob("fullcircle-*.whl"))
    subprocess.run([*pip, "install", "--no-deps", "--target", target, wheel], check=True)
    return target


def test_the_demo_runs_from_the_wheel(installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PYTHONPATH", str(installed))
    where = subprocess.run(
        [sys.executable, "-P", "-c", "import core, dashboard, sample_data; print(core.__file__, dashboard.__file__)"],
        cwd=tmp_path,
        env=os.environ,
        text=True,
        capture_output=True,
        check=True,
    ).stdout
    assert all(path.startswith(str(installed)) for path in where.split()), where
    running = Fullcircle("demo", tmp_path)
    try:
        running.wait_until_ready()
        font = httpx.get(f"{running.address}/app/static/instrument-sans-latin-wght-normal.woff2")
        assert font.status_code == 200
        assert font.content[:4] == b"wOF2"
        running.wait_for(r"stage data: .* s", seconds=120)
    finally:
        assert running.end() < 10
