"""Texts of a known format: e-mail, UUID, IP address, ..."""

import polars as pl

from core.data.contract.contract import Rule
from core.data.contract.rule_kind import CannotJudge, RuleKind, Subject

_BYTE = r"(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])"
FORMATS = {
    "email": r"^[^@\s]+@[^@\s]+\.[^@\s.]+$",
    "uuid": r"^(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
    "uri": r"^[a-zA-Z][a-zA-Z0-9+.-]*:\S+$",
    "hostname": r"^(?i)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$",
    "ipv4": rf"^{_BYTE}(\.{_BYTE}){{3}}$",
    "ipv6": r"^(?i)[0-9a-f]{0,4}(:[0-9a-f]{0,4}){2,7}$",
}


def _broken(rule: Rule, subject: Subject) -> pl.Expr:
    pattern = FORMATS.get(str(rule.arguments.get("format")))
    if pattern is None:
        raise CannotJudge(f"The format {rule.arguments.get('format')} is not known here.")
    return ~subject.value(str(rule.column)).cast(pl.String, strict=False).str.contains(pattern)


KIND = RuleKind(
    name="format",
    title="Each value is of a known format",
    dimension="conformity",
    fix="Correct the values that are written otherwise.",
    says=lambda rule: f"`{rule.column}` is of the format {rule.arguments.get('format')}",
    broken=_broken,
)
