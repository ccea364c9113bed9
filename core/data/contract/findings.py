"""A rule's result as a finding: what was agreed, and what the file holds."""

from collections.abc import Sequence

from core.data.contract.contract import Contract, Rule
from core.data.contract.judge import Judged
from core.data.contract.rules import RULES, sentence
from core.data.finding import CheckStatus, Finding
from core.data.words import percent, rows_of
from core.statistics.intervals import wilson

PREFIX = "contract."


def contract_findings(judged: Sequence[Judged]) -> tuple[Finding, ...]:
    """Return what became of every rule, as findings whose check is named ``contract.<kind>``."""
    return tuple(_finding(one) for one in judged)


def is_of_contract(finding: Finding) -> bool:
    """Tell whether a finding is about a rule of a contract."""
    return finding.check.startswith(PREFIX)


def rule_of(finding: Finding, contract: Contract) -> Rule | None:
    """Return the rule of a contract that a finding is about, by its kind, its column and its sentence."""
    named = (rule for rule in contract.rules if (PREFIX + rule.kind, rule.column) == (finding.check, finding.column))
    return next((rule for rule in named if finding.message.startswith(_agreed(rule))), None)


def _agreed(rule: Rule) -> str:
    return f"Agreed: {sentence(rule)}."


def _finding(one: Judged) -> Finding:
    failed = one.status is CheckStatus.FAILED
    counted = failed and one.rule.kind != "row_count" and one.broken > 0
    kind = RULES.get(one.rule.kind)
    return Finding(
        check=PREFIX + one.rule.kind,
        column=one.rule.column,
        severity=one.rule.severity,
        status=one.status,
        count=one.broken if failed else 0,
        share=one.broken / one.rows if counted and one.rows else 0.0,
        interval=wilson(one.broken, one.rows) if counted and 0 < one.broken <= one.rows else None,
        sample=one.sample,
        message=said(one),
        of=one.rows,
        first=one.first,
        last=one.last,
        fix=kind.fix if kind and failed else "",
    )


def said(one: Judged) -> str:
    """Return a rule's result in words: ``Agreed: `temp` is at most 50. It is broken in 3 rows (0.1 %).``."""
    agreed = _agreed(one.rule)
    if one.status is CheckStatus.PASSED:
        return agreed
    if one.problem:
        return f"{agreed} {one.problem}"
    if one.rule.kind == "row_count":
        return f"{agreed} There are {rows_of(one.broken)}."
    if one.first is None:
        return f"{agreed} This table breaks it."
    share = percent(one.broken / max(one.rows, 1))
    return f"{agreed} Broken in {rows_of(one.broken)} ({share}), first in row {one.first:,}."
