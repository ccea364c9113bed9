"""Measure what verdicts are worth, of drift beside Evidently and NannyML, and write docs/operating-characteristics.md.

Run it with ``make characteristics``; the peers are installed by name and version into ``build/peers``. With the names
of parts, as in ``python -m tests.operating days power``, Fullcircle alone is measured there: what is written of the
peers, and of the other parts, stays. ``python -m tests.operating comparisons`` measures the paired tests alone.
"""

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from tests.operating.comparisons import HEADING, section
from tests.operating.peers import PACKAGES, Peer, python_of
from tests.operating.studies import (
    OURS,
    Line,
    Tool,
    Tools,
    a_year,
    a_year_of_days,
    days,
    no_contradiction,
    ours,
    power,
    random_halves,
)

COMPARISONS = "comparisons"
TARGET = Path("docs/operating-characteristics.md")
HEAD = """# What a drift verdict is worth

Measured by `make characteristics` (the code is `tests/operating`). Every tool runs with its defaults on the same pairs
of tables; a figure is a share, "of" the number of pairs. Fullcircle calls a column drifted where its effect is
significant after Benjamini-Hochberg over the columns, or as among twenty where there are fewer (then, and only then,
its interval excludes 0), and at or beyond the margin that matters.

- Evidently: the drift preset, as it comes ({evidently}). It is slow, so it sees the first of the pairs only.
- NannyML: univariate drift, as it comes (ten chunks, Jensen-Shannon, three standard deviations of the reference's
  chunks; {nannyml}). A column with an alert in any of the ten chunks counts as drifted. It sees the first of the pairs.
- Where a table has too few rows for two samples of a size, both are drawn from it with replacement.
{absent}
| what | bar | {tools} | bar kept |
|---|---|{rules}---|
"""


PARTS: Mapping[str, Callable[[Tools], Iterable[Line]]] = {
    "halves": random_halves,
    "days": days,
    "power": power,
    "contradictions": lambda _: no_contradiction(),
    "year": lambda _: a_year(),
    "year_of_days": lambda _: a_year_of_days(),
}


def main(*parts: str) -> None:
    began, (drift, mark, compared) = time.perf_counter(), TARGET.read_text(encoding="utf-8").partition(HEADING)
    compared, lines = mark + compared, _read(drift)
    if not parts or COMPARISONS in parts:
        compared = section()
    if not parts:
        lines, absent = _beside_peers()
        drift = _written(lines, absent)
    elif asked := [part for part in parts if part != COMPARISONS]:
        lines = _updated(lines, list(_told(PARTS[part]({OURS: ours}) for part in asked)))
        drift = _written(lines, [])
    TARGET.write_text(f"{drift.rstrip()}\n\n{compared}", encoding="utf-8")
    print(f"{TARGET}: {(time.perf_counter() - began) / 60:.0f} minutes")
    sys.exit(not all(line.kept for line in lines if line.kept is not None))


def _beside_peers() -> tuple[list[Line], list[str]]:
    with ExitStack() as stack:
        pythons = {name: python_of(name) for name in PACKAGES}
        peers = {name: stack.enter_context(Peer(name, python)) for name, python in pythons.items() if python}
        tools: dict[str, Tool] = {OURS: ours, **peers}
        return list(_told(part(tools) for part in PARTS.values())), sorted(set(PACKAGES) - set(peers))


def _read(text: str) -> list[Line]:
    """Return the lines that were written before."""
    head, *rows = [line[2:-2].split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return [
        Line(what=what, bar=bar, figures=dict(zip(head[2:-1], figures, strict=True)), kept=kept == "yes")
        for what, bar, *figures, kept in rows
    ]


def _updated(before: list[Line], measured: list[Line]) -> list[Line]:
    new = {line.what: line for line in measured}
    kept = [
        replace(new[line.what], figures={**line.figures, **new[line.what].figures}) if line.what in new else line
        for line in before
    ]
    return kept + [line for line in measured if line.what not in {line.what for line in before}]


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
    main(*sys.argv[1:])
