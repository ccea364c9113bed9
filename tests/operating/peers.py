"""Other tools, each in an environment of its own; Evidently and NannyML with their defaults."""

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from tests.operating.samples import Drawn

FOLDER = Path("build/peers")
PACKAGES = {
    # neither says that it cannot do with pandas 3, nor NannyML that it needs statsmodels
    "Evidently": ("evidently==0.7.23", "pandas<3"),
    "NannyML": ("nannyml==0.13.1", "pandas<3", "statsmodels"),
    "Pandera": ("pandera[polars]==0.35.0",),
    "MLflow": ("mlflow==3.17.2",),
    "MLflow client": ("mlflow-skinny==3.16.1",),
    "MLflow 2 client": ("mlflow-skinny==2.22.0",),
    "datacontract": ("datacontract-cli[duckdb]==1.2.8",),
}
_NEWER = {
    # its wheel holds all of its code, but it asks for an mlflow-skinny of its own version, which the registry lacks
    "MLflow": "mlflow==3.18.0",
}
_WORKERS = {"Evidently": "evidently_worker.py", "NannyML": "nannyml_worker.py"}


def python_of(name: str) -> Path | None:
    """Return the interpreter of a peer's environment, made and filled where it is not there; ``None``: it cannot be."""
    folder = FOLDER / name.lower().replace(" ", "-")
    python = folder / "bin" / "python"
    if not (folder / "installed").exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        steps = [[*pip, *PACKAGES[name]], *([[*pip, "--no-deps", _NEWER[name]]] if name in _NEWER else [])]
        if any(subprocess.run(step, check=False).returncode for step in steps):
            return None
        (folder / "installed").touch()
    return python


class Peer:
    """A peer at work in its own process: which columns does it call drifted?"""

    def __init__(self, name: str, python: Path) -> None:
        self.name = name
        self._folder = TemporaryDirectory()
        worker = Path(__file__).parent / _WORKERS[name]
        self._process = subprocess.Popen(
            [python, worker], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()
        self._folder.cleanup()

    def __call__(self, drawn: Drawn) -> frozenset[str] | None:
        """Return the columns called drifted; ``None`` where the peer broke."""
        paths = [Path(self._folder.name) / f"{side}.parquet" for side in ("reference", "current")]
        for path, table in zip(paths, (drawn.reference, drawn.current), strict=True):
            table.drop(drawn.block or "", strict=False).write_parquet(path)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps([str(path) for path in paths]), file=self._process.stdin, flush=True)
        found = json.loads(self._process.stdout.readline())
        return None if found is None else frozenset(found)
