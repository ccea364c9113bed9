"""The process that opens one file: it is told what on its input, and writes its answer to the path it was started with.

It ends when its input does, so that nothing goes on after the process that asked.
"""

import json
import os
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any

from core.errors import FullcircleError
from core.frames.budget import budget_of, hold_to


def main() -> None:
    """Answer one question: the fields of ``Opened``, or ``error`` and ``message``."""
    asked = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_the_input, daemon=True).start()
    source = Path(asked["source"])
    hold_to(budget_of(source.stat().st_size if source.is_file() else 0))
    answer = Path(sys.argv[1])
    written = answer.with_suffix(".part")
    written.write_text(json.dumps(_answer(source, asked)), encoding="utf-8")
    written.replace(answer)
    os._exit(0)  # what libraries do at their end is of no use here


def _answer(source: Path, asked: dict[str, Any]) -> dict[str, Any]:
    # Imported under the limits: whatever the libraries take is part of the budget.
    from core.frames.open_file import to_parquet
    from core.frames.reading import Reading

    try:
        opened = to_parquet(source, Path(asked["made"]), name=asked["name"], reading=Reading(**asked["reading"]))
    except FullcircleError as refusal:
        return {"error": type(refusal).__name__, "message": str(refusal)}
    return asdict(opened)


def _end_with_the_input() -> None:
    sys.stdin.buffer.read()
    os._exit(1)


if __name__ == "__main__":
    main()
