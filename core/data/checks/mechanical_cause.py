"""Slips of a program or an export that explain what differs from the reference."""

from collections.abc import Iterable

from core.data.check import Check, Found, Table
from core.data.finding import Severity
from core.data.two_tables import two_tables
from core.drift.causes import CAUSES
from core.drift.naming import name_causes

_TOLD_ELSEWHERE = ("renamed",)  # by the check of columns


def _causes(table: Table) -> Iterable[Found]:
    both = two_tables(table)
    for named in name_causes(*both.frames()):
        if named.cause in _TOLD_ELSEWHERE:
            continue
        place = f"`{named.column}`: {CAUSES[named.cause].title.lower()}" if named.column else CAUSES[named.cause].title
        yield Found(
            count=round((1.0 if named.share is None else named.share) * table.rows),
            column=named.column,
            message=f"{place}{both.looked_at}. {named.sentence}",
            fix=named.fix,
        )


CHECK = Check(
    name="mechanical_cause",
    title="No slip explains a difference from the reference",
    severity=Severity.WARNING,
    help="Another unit, a turned sign, swapped columns, a shifted clock, renamed codes and other slips, by name.",
    misleads="Each cause says when it misleads; where the rows are not the same ones, truly changed data may look like "
    "it.",
    default="A cause must explain 95 % of the cells that differ, or the whole distribution.",
    source="Own; values that are turned back must be those of the reference.",
    fix="Undo it where it is made.",
    on_table=_causes,
)
