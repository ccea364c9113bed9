"""In an environment of its own, NannyML says what is kept of it, and so do we with its trees."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.operating.peers import python_of

GOLDEN = Path(__file__).parents[1] / "golden" / "nannyml"


def test_what_nannyml_says_is_what_is_kept_of_it(tmp_path: Path) -> None:
    python = python_of("NannyML")
    if python is None:
        pytest.skip("NannyML cannot be installed here")
    root = Path(__file__).parents[2]
    environment = {**os.environ, "NML_DISABLE_USAGE_LOGGING": "1", "PYTHONPATH": str(root)}
    command = [python.absolute(), Path(__file__).with_name("nannyml_golden.py"), tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert not done.returncode, done.stderr[-2000:]
    said, kept = (json.loads((folder / "figures.json").read_text()) for folder in (tmp_path, GOLDEN))
    assert said.keys() == kept.keys()
    for name, figures in kept.items():
        for metric, values in figures["values"].items():
            assert said[name]["values"][metric] == pytest.approx(values, abs=1e-9), f"{name}, {metric}"
            print(f"  {name}, {metric}: {len(values)} windows, equal")
