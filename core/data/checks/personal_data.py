"""Values that identify people."""

import re

from core.data.check import Check, Found
from core.data.column import Column
from core.data.finding import Severity
from core.data.personal import values_of
from core.data.words import percent

# fmt: off
_NAMES = {
    "names of people": r"(first|last|given|family|middle|maiden|full|sur|user)_?name|surname|forename",
    "addresses": r"(street|home|postal|mailing)_?address|address(_?line)?_?\d?|street",
    "dates of birth": r"(birth|born)_?(date|day|on)?|date_?of_?birth|dob",
    "numbers of people": r"ssn|tax_?id|(social_?security|passport|mobile|phone|cell)(_?(no|number))?",
}
# fmt: on
_NAMED = 0.5


def _personal(column: Column) -> Found | None:
    if column.personal is None:
        return _by_name(column)
    rows = column.where(values_of(column.personal, column.levels))
    count = int(rows.sum())
    return Found(
        count=count,
        rows=rows,
        message=f"`{column.name}` looks like {column.personal.words} ({percent(count / column.rows)} of the rows).",
    )


def _by_name(column: Column) -> Found | None:
    name = re.sub(r"[\s.\-]+", "_", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", column.name)).lower()
    words = next((words for words, form in _NAMES.items() if re.fullmatch(form, name)), None)
    if words is None or column.kind == "boolean" or column.present < _NAMED * column.rows:
        return None
    return Found(
        count=column.present,
        severity=Severity.INFO,
        message=f"The name of `{column.name}` speaks of {words}; its values were not recognised as such.",
        fix="Leave it out of the inputs, unless you may use it.",
    )


CHECK = Check(
    name="personal_data",
    title="No column identifies people",
    severity=Severity.WARNING,
    help="E-mail, card, account, phone and internet addresses by their form and check digits; others by their name.",
    misleads="Version numbers look like internet addresses, and one number in ten passes the sum of a card.",
    default="1 % of the values are e-mail addresses, 5 % account numbers, or half of them another kind.",
    source="Presidio and DataProfiler, patterns; ISO 13616 (mod 97); ISO/IEC 7812 (Luhn).",
    fix="Leave it out or replace it by a code, unless you may keep it.",
    kinds=("text", "number", "time"),
    on_column=_personal,
)
