import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.by_column import brief, by_column, plain_fix, plain_message
from core.data.finding import CheckStatus, Finding, Severity
from core.data.overview import overview


def finding(message: str = "", *, column: str | None = "temp", fix: str = "", **fields: object) -> Finding:
    said = {"check": "any", "severity": Severity.WARNING, "status": CheckStatus.FAILED} | fields
    return Finding(column=column, message=message, fix=fix, **said)  # pyright: ignore[reportArgumentType]


def test_columns_come_worst_first_each_with_all_its_findings():
    note = finding(column="b", severity=Severity.INFO, share=1.0)
    graver = finding(column="b", severity=Severity.ERROR, share=0.1)
    whole, small, large = (
        finding(column=None, share=0.2),
        finding(column="a", share=0.1),
        finding(column="c", share=0.9),
    )
    passed = finding(column="d", status=CheckStatus.PASSED)
    groups = by_column([note, small, whole, passed, large, graver])
    assert [group.column for group in groups] == ["b", None, "c", "a"]
    assert groups[0].findings == (graver, note)
    assert groups[0].worst is graver


@pytest.mark.parametrize(
    ("message", "fix", "words"),
    [
        (
            "`temp` has 175 values of -999 (1.6 %), far from the rest (10.94 to 64.4): probably a code for missing. "
            "Replace them by empty cells.",
            "Replace them by empty cells.",
            "Has 175 values of -999, far from the rest: probably a code for missing"[:41],
        ),
        ("`temp` is empty in 19 rows (0.2 %). Look. Closely.", "Look. Closely.", "Is empty in 19 rows"),
        (
            "`temp` looks like a key, but 120 rows (1.1 %) repeat an earlier value such as “20130106-9E3314-JFK-1945”.",
            "",
            "Looks like a key, but 120 rows repeat an earlier value",
        ),
        ("`temp` has blanks, like “Daly, Mr. P. ”. Trim.", "Trim.", "Has blanks, like “Daly, Mr. P. ”"),
        ("The name “a: b” stands more than once.", "", "The name “a: b” stands more than once"),
        ("x" * 200, "", "x" * 67 + "…"),
    ],
)
def test_a_finding_in_short_words(message: str, fix: str, words: str):
    assert brief(finding(message, fix=fix)) == words


@given(st.text(max_size=300), st.text(max_size=40))
def test_short_words_are_short_whatever_was_found(message: str, column: str):
    assert len(brief(finding(message, column=column))) <= 68


def test_advice_stands_apart_from_what_was_found():
    told = finding("`temp` is empty. Fill `temp`.", fix="Fill `temp`.")
    assert (plain_message(told), plain_fix(told)) == ("temp is empty.", "Fill temp.")
    assert plain_message(finding("Fill it.", fix="Fill it.")) == "Fill it."


def test_a_table_in_a_few_figures():
    profile = {
        "a": {"kind": "number", "count": 10, "nulls": 5},
        "b": {"kind": "text", "count": 10, "nulls": 0},
        "c": {"kind": "number", "count": 10, "nulls": 0},
    }
    told = overview(profile, [finding(check="duplicate_rows", column=None, count=3)])
    assert (told.rows, told.columns, told.missing, told.repeats) == (10, 3, 5, 3)
    assert told.missing_share == pytest.approx(5 / 30)
    assert told.kinds == {"number": 2, "text": 1}
    assert overview(profile).repeats is None
    assert overview(profile, [finding(check="duplicate_rows", status=CheckStatus.PASSED)]).repeats == 0
    assert overview({}).missing_share == 0.0


def test_a_value_in_quotation_marks_stays_whole() -> None:
    found = Finding(
        check="x", column="c", severity=Severity.INFO, status=CheckStatus.FAILED, message="“Umsatz (€)” is none (1 %)."
    )
    assert brief(found) == "“Umsatz (€)” is none"
