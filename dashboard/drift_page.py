"""The comparison of two files as one page of HTML that stands alone: sentence, table, a chart a column."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from core.drift.column_drift import DriftVerdict
from core.drift.distribution import Distribution
from dashboard.charts.drift_svg import column_svg
from dashboard.charts.theme import palette
from dashboard.headline import drift_headline, most_moved_first, slips_heading
from dashboard.vocabulary import state_of


def drift_page(report: Mapping[str, Any], distributions: Mapping[str, Distribution], *, names: tuple[str, str]) -> str:
    """Return the page: it asks nothing of the network and runs no script."""
    columns = most_moved_first(report)
    title = f"{names[0]} and {names[1]}"
    rows = max((c["n_reference"] for c in columns), default=0), max((c["n_current"] for c in columns), default=0)
    body = [
        f"<h1>{escape(drift_headline(report))}</h1>",
        f'<p class="muted"><i class="reference"></i> reference {escape(names[0])}, {rows[0]:,} rows · '
        f'<i class="current"></i> current {escape(names[1])}, {rows[1]:,} rows</p>',
        _causes(report.get("causes", ())),
        _table(columns),
        *(_panel(column, distributions.get(column["column"])) for column in columns),
    ]
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_style()}</style></head>'
        f"<body><main>{''.join(body)}</main></body></html>"
    )


def _causes(causes: Sequence[Mapping[str, Any]]) -> str:
    if not causes:
        return ""
    named = "".join(f"<li><b>{escape(c['column'] or 'the table')}</b>: {escape(c['sentence'])}</li>" for c in causes)
    return f"<p>{slips_heading(causes)}</p><ul>{named}</ul>"


def _table(columns: Sequence[Mapping[str, Any]]) -> str:
    head = "".join(f"<th>{name}</th>" for name in ("column", "verdict", "effect", "95 % interval", "q", "method"))
    lines = "".join(
        f'<tr><td><a href="#c{_anchor(column)}">{escape(column["column"])}</a></td>'
        f'<td class="{column["verdict"]}">{_word(column)}</td><td>{_figure(column["effect"])}</td>'
        f"<td>{' to '.join(map(_figure, column['interval'] or ())) or '–'}</td>"
        f"<td>{_figure(column['q_value'])}</td><td>{escape(column['method'])}</td></tr>"
        for column in columns
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"


def _panel(column: Mapping[str, Any], found: Distribution | None) -> str:
    note = f"<p>{escape(column['note'])}</p>" if column["note"] else ""
    chart = column_svg(found) if found is not None else ""
    return (
        f'<section id="c{_anchor(column)}"><h2>{escape(column["column"])} '
        f'<span class="{column["verdict"]}">{_word(column)}</span></h2>{note}{chart}</section>'
    )


def _anchor(column: Mapping[str, Any]) -> str:
    return column["column"].encode().hex()


def _word(column: Mapping[str, Any]) -> str:
    return escape(state_of(DriftVerdict(column["verdict"])).word)


def _figure(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" if value >= 0.001 or not value else f"{value:.1e}"


def _style() -> str:
    light, dark = palette("light"), palette("dark")
    colours = [
        f"--ink:{p.ink};--muted:{p.muted};--paper:{p.paper};--border:{p.border};--amber:{p.orange};--green:{p.green};"
        f"--reference:{p.reference};--current:{p.current}"
        for p in (light, dark)
    ]
    return (
        f":root{{color-scheme:light dark;{colours[0]}}}"
        f"@media(prefers-color-scheme:dark){{:root{{{colours[1]}}}}}"
        "body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,sans-serif}"
        "main{max-width:980px;margin:0 auto;padding:32px 24px}h1{font-size:24px;margin:0 0 4px}"
        "h2{font-size:17px;margin:0 0 4px}h2 span{font-size:13px;font-weight:500;margin-left:8px}"
        ".muted{color:var(--muted);margin-top:0}.muted i{display:inline-block;width:10px;height:10px}"
        "i.reference{background:var(--reference)}i.current{background:var(--current)}"
        "table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;margin:16px 0 24px}"
        "th{text-align:left;color:var(--muted);font-weight:500;font-size:13px}"
        "th,td{padding:5px 12px 5px 0;border-bottom:1px solid var(--border)}a{color:inherit}"
        "section{border-top:1px solid var(--border);padding:18px 0}section p{margin:0 0 10px;color:var(--muted)}"
        "svg{display:block;width:100%;max-width:640px}svg text{font-size:11px;fill:var(--muted)}"
        "rect.reference{fill:var(--reference);opacity:.5}rect.current{fill:var(--current);opacity:.7}"
        ".drifted{color:var(--amber);font-weight:600}.stable{color:var(--green)}"
        ".not_enough_data,.not_applicable{color:var(--muted)}"
    )
