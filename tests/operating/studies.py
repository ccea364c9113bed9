"""What is measured of each tool, and the bar that Fullcircle holds itself to."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from core.drift.column_drift import ColumnDrift, DriftVerdict
from core.drift.comparison import compare_columns
from core.lifecycle.drift_alarms import drift_alarms
from core.lifecycle.weeks import Week
from core.scoping.alarm_budget import BUDGET
from core.statistics.blocks import Floats
from core.statistics.multiplicity import benjamini_hochberg
from core.statistics.row_tests import location_and_shape
from tests.operating.samples import (
    NAMES,
    Drawn,
    days_that_differ,
    effects,
    halves,
    missing,
    real_tables,
    shifted,
    simulated_days,
    week_of,
    weeks_of_a_season,
)

Tool = Callable[[Drawn], frozenset[str] | None]
Tools = Mapping[str, Tool]
OURS = "Fullcircle"
SIZES = {200: 20, 1_000: 20, 10_000: 10, 100_000: 5}
"""Rows a side, and how often each table is split."""
PEER_SEEDS = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the published table; ``kept`` tells whether ours keeps the bar."""

    what: str
    bar: str
    figures: Mapping[str, str]
    kept: bool | None = None


def ours(drawn: Drawn) -> frozenset[str]:
    """Return the columns that Fullcircle calls drifted."""
    found = compare_columns(drawn.reference, drawn.current, block=drawn.block)
    return frozenset(column.column for column in found if column.verdict is DriftVerdict.DRIFTED)


def days_ignored(drawn: Drawn) -> frozenset[str]:
    """Return what Fullcircle would say if the rows of a day were independent."""
    plain = (table.drop(drawn.block or "", strict=False) for table in (drawn.reference, drawn.current))
    reference, current = plain
    return ours(replace(drawn, reference=reference, current=current, block=None))


def random_halves(tools: Tools) -> Iterator[Line]:
    """Nothing has moved: how often is any column called drifted?"""
    tables = real_tables()
    for n, seeds in SIZES.items():
        again = sum(table.height < 2 * n for table in tables.values())
        what = f"Random halves of {len(tables)} real tables, {n:,} rows a side: any column falsely drifted"
        if again:
            what += f" ({again} of them drawn with replacement)"
        yield _false_alarms(what, tools, seeds, lambda k, n=n: (halves(t, n, k) for t in tables.values()))


def days(tools: Tools) -> Iterator[Line]:
    """Days differ, and nothing has moved."""
    more = {**tools, f"{OURS}, days ignored": days_ignored}
    yield _false_alarms(
        "Flights: seven weeks beside six others of the same season: any column falsely drifted",
        more, 60, lambda k: [weeks_of_a_season(k)],
    )  # fmt: skip
    yield _false_alarms(
        "Simulated days that differ: a month beside a week: any column falsely drifted",
        more, 100, lambda k: [simulated_days(k)],
    )  # fmt: skip


def _false_alarms(what: str, tools: Tools, seeds: int, pairs: Callable[[int], Iterable[Drawn]]) -> Line:
    alarms: dict[str, list[bool | None]] = {name: [] for name in tools}
    for seed in range(seeds):
        for drawn in pairs(seed):
            for name, tool in tools.items():
                if seed < PEER_SEEDS * (10 if seeds >= 60 else 1) or name.startswith(OURS):
                    found = tool(drawn)
                    alarms[name].append(None if found is None else bool(found))
    figures = {name: _share(found) for name, found in alarms.items()}
    share = float(np.mean([bool(found) for found in alarms[OURS]]))
    return Line(what=what, bar="<= 0.07", figures=figures, kept=share <= 0.07)


def _share(found: list[bool | None]) -> str:
    ran = [one for one in found if one is not None]
    text = f"{np.mean(ran):.3f} of {len(ran)}" if ran else "broke"
    return text + (f" (broke {len(found) - len(ran)} times)" if ran and len(ran) < len(found) else "")


def power(tools: Tools) -> Iterator[Line]:
    """Something has moved: is it found?"""
    yield _found(
        "0.2 sd in 3 of 20 columns, 1,000 rows a side: share of the shifted columns found", 0.85, tools, shifted
    )
    yield _found("Missing 1 % -> 5 %, 2,000 rows a side: found", 0.99, tools, missing)


def _found(what: str, bar: float, tools: Tools, draw: Callable[[int], Drawn]) -> Line:
    shares: dict[str, list[float]] = {name: [] for name in tools}
    for seed in range(200):
        drawn = draw(seed)
        for name, tool in tools.items():
            if seed < 20 * PEER_SEEDS or name == OURS:
                shares[name].append(len((tool(drawn) or frozenset()) & drawn.moved) / len(drawn.moved))
    figures = {name: f"{np.mean(found):.3f} of {len(found)}" for name, found in shares.items()}
    return Line(what=what, bar=f">= {bar}", figures=figures, kept=float(np.mean(shares[OURS])) >= bar)


def no_contradiction() -> Iterator[Line]:
    """The same population gets the same verdict at any size, or its few rows are said to be too few."""
    for n, seeds in {1_000: 100, 100_000: 20, 10_000_000: 1}.items():
        verdicts: dict[tuple[bool, DriftVerdict], int] = {}
        for seed in range(seeds):
            for _, apart, drawn in effects(n, seed):
                (found,) = compare_columns(drawn.reference, drawn.current, block=None)
                verdicts[apart, found.verdict] = verdicts.get((apart, found.verdict), 0) + 1
        wrong = verdicts.get((False, DriftVerdict.DRIFTED), 0) + verdicts.get((True, DriftVerdict.STABLE), 0)
        told = "; ".join(
            f"{'twice the margin' if apart else 'no effect'}: "
            + ", ".join(
                f"{count} {verdict.replace('_', ' ')}" for (a, verdict), count in verdicts.items() if a is apart
            )
            for apart in (False, True)
        )
        what = f"True effect none or twice the margin (number, category, missing), {n:,} rows a side: wrong verdicts"
        yield Line(what=what, bar="0", figures={OURS: f"{wrong} ({told})"}, kept=not wrong)
    yield _rate_without_effect(1_000, seeds=1_000)


def _rate_without_effect(n: int, *, seeds: int) -> Line:
    """Nothing in a few hundred draws may be luck: how often is one column called drifted in thousands?"""
    drawn = (one for seed in range(seeds) for _, apart, one in effects(n, seed) if not apart)
    found = [bool(ours(one)) for one in drawn]
    return Line(
        what=f"One column without effect (number, category, missing), {n:,} rows a side: falsely drifted",
        bar="<= 0.0025",
        figures={OURS: f"{np.mean(found):.4f} of {len(found)}"},
        kept=float(np.mean(found)) <= 0.0025,
    )


WEEKS, YEARS, SHIFT = 52, 40, 0.15
N_REFERENCE, N_WINDOW = 5_000, 500
DAYS_OF_REFERENCE, ROWS_A_DAY, YEARS_OF_DAYS = 59, 20, 20
Year = Iterator[Week]


def a_year() -> Iterator[Line]:
    """Fifty-two windows of twenty columns, beside one reference of ten times a window."""
    still = [list(_rows(seed)) for seed in range(YEARS)]
    for words, soon in (("one false alarm in two years", 3.0), ("one false alarm in twenty years", 4.0)):
        what = f"A year of {WEEKS} windows x 20 columns, 500 rows beside 5,000; the budget is {words}: any false alarm"
        yield _any_false_alarm(what, words, still)
        delays = [_first_alarm(words, _rows(seed, shift=SHIFT, weeks=20)) or 21 for seed in range(1_000, 1_000 + YEARS)]
        what = f"{SHIFT} sd in two of 20 columns; the budget is {words}: windows until the alarm"
        figure = f"{np.mean(delays):.1f} of {len(delays)}"
        yield Line(what=what, bar=f"<= {soon:g}", figures={OURS: figure}, kept=float(np.mean(delays)) <= soon)


def a_year_of_days() -> Iterator[Line]:
    """Fifty-two weeks of twenty columns whose days differ, beside one reference of two months."""
    still = [list(_days(seed)) for seed in range(YEARS_OF_DAYS)]
    what = f"A year of {WEEKS} weeks x 20 columns whose days differ, beside {DAYS_OF_REFERENCE} days; the budget is "
    yield _any_false_alarm(f"{what}{BUDGET}: any false alarm", BUDGET, still)


def _any_false_alarm(what: str, words: str, years: Sequence[Sequence[Week]]) -> Line:
    false = float(np.mean([_first_alarm(words, year) > 0 for year in years]))
    naive = f"{np.mean([_any(year, 'p_value') for year in years]):.2f} with p < 0.05; "
    naive += f"{np.mean([_any(year, 'q_value') for year in years]):.2f} with Benjamini-Hochberg a window"
    figures = {OURS: f"{false:.3f} of {len(years)}", "No budget": naive}
    return Line(what=what, bar="<= 0.05", figures=figures, kept=false <= 0.05)


def _rows(seed: int, *, shift: float = 0.0, weeks: int = WEEKS) -> Year:
    rng = np.random.default_rng(seed)
    reference = {name: rng.normal(size=N_REFERENCE) for name in NAMES}
    for number in range(weeks):
        current = {name: rng.normal(shift * (i < 2), 1, N_WINDOW) for i, name in enumerate(NAMES)}
        found = tuple(_tested(name, reference[name], current[name]) for name in NAMES)
        if not number and not seed:
            compared = compare_columns(pl.DataFrame(reference), pl.DataFrame(current), block=None)
            assert [c.p_of_column for c in found] == [c.p_of_column for c in compared]
        q_values = benjamini_hochberg([column.p_value or 0.0 for column in found])
        yield week_of(number, tuple(replace(c, q_value=q) for c, q in zip(found, q_values, strict=True)))


def _tested(name: str, reference: Floats, current: Floats) -> ColumnDrift:
    """Return what decides about an alarm, as the comparison finds it, without the intervals, which take longest."""
    return ColumnDrift(
        column=name,
        kind="number",
        verdict=DriftVerdict.NOT_ENOUGH_DATA,
        method="",
        p_value=location_and_shape(np.sort(reference), np.sort(current)).p_value,
        n_reference=reference.size,
        n_current=current.size,
        n_blocks=current.size,
        n_reference_blocks=reference.size,
        n_tests=1,
    )


def _days(seed: int) -> Year:
    rng = np.random.default_rng(seed)
    reference = days_that_differ(rng, DAYS_OF_REFERENCE, rows=ROWS_A_DAY)
    for number in range(WEEKS):
        current = days_that_differ(rng, 7, rows=ROWS_A_DAY)
        yield week_of(number, compare_columns(reference, current, block="day"))


def _first_alarm(words: str, year: Iterable[Week]) -> int:
    """Return the number of the week that brought the first alarm, 0 for none; later weeks are not drawn."""
    seen: list[Week] = []
    for week in year:
        seen.append(week)
        if drift_alarms(seen, budget=words).marks:
            return len(seen)
    return 0


def _any(year: Sequence[Week], figure: str) -> bool:
    values = [getattr(column, figure) for week in year for column in week.window.drift]
    return min(value for value in values if value is not None) < 0.05
