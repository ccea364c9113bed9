"""Reports for programs and for the pages of a pipeline: JSON, JUnit XML, Markdown."""

import json
import re
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

from dashboard.headline import drift_headline, most_moved_first

_SIGNS: Mapping[str, str] = {"error": "🔴 error", "warning": "🟠 warning", "info": "⚪ note"}
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MARKS = re.compile(r"([\\`*_{}\[\]<>|#~])")
_MOST_ROWS = 200


def as_json(report: Mapping[str, Any]) -> str:
    """Return a report as JSON."""
    return json.dumps(report, allow_nan=False, default=str)


def junit(report: Mapping[str, Any], *, name: str) -> str:
    """Return what was found in the file ``name`` as JUnit XML, one test case a finding.

    A finding of level error is a failure; what is less is told in the case's output and lets the pipeline go on.
    """
    found = report["findings"]
    failures = sum(f["status"] == "failed" and f["severity"] == "error" for f in found)
    crashed = sum(f["status"] == "crashed" for f in found)
    skipped = sum(f["status"] in ("skipped", "not_applicable") for f in found)
    counts = {"tests": len(found), "failures": failures, "errors": crashed, "skipped": skipped}
    texts = {key: str(count) for key, count in counts.items()}
    suites = ElementTree.Element("testsuites", {"name": "fullcircle validate", **texts})
    suite = ElementTree.SubElement(suites, "testsuite", {"name": _xml(name), **texts})
    for finding in found:
        _case(suite, finding)
    ElementTree.indent(suites)
    return ElementTree.tostring(suites, encoding="unicode", xml_declaration=True)


def _case(suite: ElementTree.Element, finding: Mapping[str, Any]) -> None:
    named = {"classname": finding["check"], "name": _xml(finding["column"] or "whole table")}
    case = ElementTree.SubElement(suite, "testcase", named)
    message, status = _xml(finding["message"]), finding["status"]
    if status == "failed" and finding["severity"] == "error":
        failure = ElementTree.SubElement(case, "failure", {"type": finding["severity"], "message": message})
        failure.text = _xml("\n".join(as_json(row) for row in finding["sample"]))
    elif status == "failed":
        ElementTree.SubElement(case, "system-out").text = f"{finding['severity']}: {message}"
    elif status == "crashed":
        ElementTree.SubElement(case, "error", {"type": "crashed", "message": message})
    elif status != "passed":
        ElementTree.SubElement(case, "skipped", {"message": message})


def markdown(report: Mapping[str, Any], *, name: str) -> str:
    """Return what was found in the file ``name`` as Markdown: a sentence and a table of the deviations."""
    found = [f for f in report["findings"] if f["status"] in ("failed", "crashed")]
    passed = sum(f["status"] == "passed" for f in report["findings"])
    counts = [sum(f["status"] == "failed" and f["severity"] == level for f in found) for level in _SIGNS]
    words = ", ".join(f"{n} {word if n == 1 else word + 's'}" for n, word in zip(counts, _WORDS, strict=True) if n)
    size = f"{report['rows']:,} rows, {report['columns']:,} columns"
    lines = [f"### {_md(name)}", "", f"{size}: **{words or 'nothing found'}**, {passed} checks passed."]
    if found:
        lines += ["", "| | Column | What was found | Rows | Share |", "|---|---|---|---:|---:|"]
        lines += [_row(finding) for finding in found[:_MOST_ROWS]]
    if len(found) > _MOST_ROWS:
        lines += ["", f"And {len(found) - _MOST_ROWS:,} more."]
    return "\n".join(lines)


def drift_markdown(report: Mapping[str, Any], *, names: tuple[str, str]) -> str:
    """Return a comparison of two files as Markdown: a sentence, what explains it, and the columns that moved first."""
    columns = most_moved_first(report)
    lines = [f"### {_md(names[0])} → {_md(names[1])}", "", f"**{drift_headline(report)}**"]
    lines += [f"- {_md(cause['column'] or 'the table')}: {_md(cause['sentence'])}" for cause in report["causes"]]
    if columns:
        lines += ["", "| Column | Verdict | Effect | 95 % interval | What moved |", "|---|---|---:|---|---|"]
        lines += [_drift_row(column) for column in columns[:_MOST_ROWS]]
    if len(columns) > _MOST_ROWS:
        lines += ["", f"And {len(columns) - _MOST_ROWS:,} more."]
    return "\n".join(lines)


def _drift_row(column: Mapping[str, Any]) -> str:
    effect = "" if column["effect"] is None else f"{column['effect']:.3f}"
    interval = "" if column["interval"] is None else " to ".join(f"{end:.3f}" for end in column["interval"])
    verdict = ("🟠 " if column["verdict"] == "drifted" else "") + column["verdict"].replace("_", " ")
    return f"| {_md(column['column'])} | {verdict} | {effect} | {interval} | {_md(column['note'])} |"


_WORDS = ("error", "warning", "note")


def _row(finding: Mapping[str, Any]) -> str:
    sign = "⚫ could not run" if finding["status"] == "crashed" else _SIGNS[finding["severity"]]
    column = _md(finding["column"] or "whole table")
    share = f"{100 * finding['share']:.1f} %" if finding["count"] else ""
    rows = f"{finding['count']:,}" if finding["count"] else ""
    return f"| {sign} | {column} | {_md(finding['message'].replace('`', ''))} | {rows} | {share} |"


def _md(text: str) -> str:
    """Return text that Markdown shows as it is, on one line."""
    plain = "".join(c if c.isprintable() else " " for c in text)
    return _MARKS.sub(r"\\\1", plain.replace("&", "&amp;"))


def _xml(text: str) -> str:
    """Return text without the characters that XML cannot hold."""
    return _NO_XML.sub("�", str(text))
