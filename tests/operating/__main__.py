"""Measure what drift verdicts are worth, beside Evidently and NannyML, and write docs/operating-characteristics.md.

Run it with ``make characteristics``; the peers are installed by name and version into ``build/peers``.
"""

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

from tests.operating.peers import PACKAGES, Peer, python_of
from tests.operating.studies import OURS, Line, Tool, a_year, days, no_contradiction, ours, power, random_halves

TARGET = Path("docs/operating-characteristics.md")
HEAD = """# What a drift verdict is worth

Measured by `make characteristics` (the code is `tests/operating`). Every tool runs with its defaults on the same pairs
of tables; a figure is a share, "of" the number of pairs. Fullcircle calls a column drifted where its effect is
significant after Benjamini-Hochberg over the columns and at or beyond the margin that matters.

- Evidently: the drift preset, as it comes ({evidently}). It is slow, so it sees the first of the pairs only.
- NannyML: univariate drift, as it comes (ten chunks, Jensen-Shannon, three standard deviations of the reference's
  chunks; {nannyml}). A column with an alert in any of the ten chunks counts as drifted. It sees the first of the pairs.
- Where a table has too few rows for two samples of a size, both are drawn from it with replacement.
{absent}
| what | bar | {tools} | bar kept |
|---|---|{rules}---|
"""


def main() -> None:
    began = time.perf_counter()
    with ExitStack() as stack:
        pythons = {name: python_of(name) for name in PACKAGES}
        peers = {name: stack.enter_context(Peer(name, python)) for name, python in pythons.items() if python}
        tools: dict[str, Tool] = {OURS: ours, **peers}
        lines = list(_told([random_halves(tools), days(tools), power(tools), no_contradiction(), a_year()]))
    TARGET.write_text(_written(lines, sorted(set(PACKAGES) - set(peers))), encoding="utf-8")
    print(f"{TARGET}: {(time.perf_counter() - began) / 60:.0f} minutes")
    sys.exit(not all(line.kept for line in lines if line.kept is not None))


def _told(studies: Iterable[Iterable[Line]]) -> Iterator[Line]:
    for study in studies:
        for line in study:
            print(line.what, dict(line.figures), "" if line.kept else "<- the bar is not kept", flush=True)
            yield line


def _written(lines: list[Line], absent: list[str]) -> str:
    tools = list(dict.fromkeys(name for line in lines for name in line.figures))
    head = HEAD.format(
        evidently=", ".join(PACKAGES["Evidently"]),
        nannyml=", ".join(PACKAGES["NannyML"]),
        absent="".join(f"- {name} could not be installed on this machine.\n" for name in absent),
        tools=" | ".join(tools),
        rules="---|" * len(tools),
    )
    rows = [
        [line.what, line.bar, *(line.figures.get(name, "") for name in tools), "yes" if line.kept else "no"]
        for line in lines
    ]
    return head + "".join(f"| {' | '.join(row)} |\n" for row in rows)


if __name__ == "__main__":
    main()
