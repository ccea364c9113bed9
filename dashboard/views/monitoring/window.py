"""Window: what did this window show?"""

import streamlit as st

from core.drift.column_drift import DriftVerdict
from core.errors import NotFound
from core.lifecycle.life import Life
from core.lifecycle.weeks import champion_of
from core.metrics import METRICS
from core.monitoring.window import Window, WindowJudgement
from core.scoping.criterion import Criterion, Role, Verdict
from dashboard import formats, session
from dashboard.charts.agreement import agreed, figure, resampled, rests_on, shown, strip_row, title
from dashboard.charts.criteria import criteria_strip, height
from dashboard.components.chart import chart
from dashboard.components.chip import chip, link
from dashboard.components.choice import select
from dashboard.components.expected import EXPECTED_METHOD, any_expected, expected_words
from dashboard.components.figures import Figure, figures
from dashboard.components.glossary import term
from dashboard.components.header import page_header
from dashboard.components.hurting import where_hurts
from dashboard.components.segments import segments
from dashboard.components.table import listing
from dashboard.components.why_changed import why_changed
from dashboard.vocabulary import state_of

Judged = tuple[Criterion, WindowJudgement]


def render() -> None:
    """Show the view."""
    project = session.project()
    life = session.life(project)
    window = life.window(session.record_id())
    if window is None:
        raise NotFound.record("window", session.record_id())
    judged = _judged(life, window)
    days = formats.window(window, project.zone)
    title = f"Batch {window.name}, {days}" if window.name else f"Window {'of ' if window.counted else ''}{days}"
    page_header(title, _sentence(judged), project=project, chips=(state_of(window.state),))
    _links(life, window)
    asked = _asked(judged)
    with st.container(horizontal=True, vertical_alignment="center", key="window-bar"):
        part = segments("Part", _PARTS, parameter="by", default="criteria", key="window-by") if asked else "criteria"
        criterion = _criterion(asked) if part != "criteria" else None
    if criterion is None:
        _figures(life, window)
        _criteria(life, window, judged, days)
    else:
        _ASKED[part](project, window, criterion)


_ASKED = {"hurts": where_hurts, "why": why_changed}
_PARTS = {"criteria": "Criteria", "hurts": "Where does it hurt?", "why": "Why did it change?"}
_METHOD = """
Each criterion is measured on the window's rows whose label was known soon after its end. The interval is 95 %:
{resampled}. **Met** and **not met** need the whole interval on one side of what was agreed; a
monitor that is not met is amber and raises no alert.
"""


def _asked(judged: list[Judged]) -> dict[str, Criterion]:
    """Return the criteria that rows with a label answer, gates first: of these can be asked where and why."""
    found = [c for c, j in judged if j.variant == "champion" and j.estimate and METRICS[c.metric].needs == "labels"]
    return {c.id: c for c in sorted(found, key=lambda c: c.role is Role.MONITOR)}


def _criterion(asked: dict[str, Criterion]) -> Criterion:
    def words(key: str) -> str:
        return f"{asked[key].key}  {title(asked[key])}"

    first = next(iter(asked))
    picked = select(
        "Criterion",
        list(asked),
        parameter="criterion",
        default=first,
        key="window-criterion",
        words=words,
        hidden=True,
        width=380,
    )
    return asked[picked]


def _criteria(life: Life, window: Window, judged: list[Judged], days: str) -> None:
    champion = [(c, j) for c, j in judged if j.variant == "champion"]
    rows = [strip_row(c, j.estimate, j.verdict) for c, j in champion]
    if rows:
        chart(
            criteria_strip(rows, session.theme()),
            key="window-criteria",
            alt=f"What each criterion says of the window {days}",
            method=_METHOD.format(resampled=resampled(champion[0][0].block)),
            height=height(rows),
        )
    _versions(life, judged)
    _expected(window, champion)
    _contract(window)
    _service(window)


def _judged(life: Life, window: Window) -> list[Judged]:
    found = [(c, j) for j in window.judgements if (c := life.criterion(j.criterion_id)) is not None]
    return sorted(found, key=lambda pair: (pair[1].variant, pair[0].key))


def _sentence(judged: list[Judged]) -> str:
    champion = [(c, j) for c, j in judged if j.variant == "champion"]
    missed = [(c, j) for c, j in champion if j.verdict is Verdict.NOT_MET]
    met = sum(j.verdict is Verdict.MET for _, j in champion)
    counted = f"**{met} of {formats.plural(len(champion), 'criterion', 'criteria')} met**"
    if not missed:
        return f"{counted}, none not met."
    worst, judgement = min(missed, key=lambda pair: (pair[0].role is Role.MONITOR, pair[0].key))
    return (
        f"{formats.escape(title(worst))} **{figure(worst, judgement.estimate)}**, agreed {agreed(worst)}: **not met**. "
        f"{counted}, {len(missed)} not met."
    )


def _links(life: Life, window: Window) -> None:
    version = life.version(champion_of(life, window))
    with st.container(horizontal=True, vertical_alignment="center", key="window-links"):
        link("Performance", "performance", icon="monitoring")
        if window.drift:
            link("What moved?", "drift", icon="change_history", window=window.id)
        if version is not None:
            link(version.title, "model_version", icon="deployed_code", id=version.id)
        for alert in life.alerts:
            criterion = life.criterion(alert.criterion_id)
            if alert.window_id == window.id and criterion is not None:
                chip(state_of(alert.state), "alert", label=f"Alert on {criterion.key}", id=alert.id)
        first = next((c for c, _ in _judged(life, window)), None)
        if first is not None:
            link("Thread", "thread", icon="timeline", criterion=first.id)


def _compared(window: Window) -> str:
    """Return which of a window's rows are compared with the training data, in words."""
    return "the whole of it" if window.whole else "its last week"


def _figures(life: Life, window: Window) -> None:
    drifted = sum(c.verdict is DriftVerdict.DRIFTED for c in window.drift)
    farthest = max((window.outside or {}).items(), key=lambda item: item[1], default=None)
    share = window.labels / max(window.predictions, 1)
    figures(
        [
            Figure(label="Rows", value=formats.count(window.predictions), note="answered by the champion"),
            Figure(
                label="Labels known",
                value=formats.share(share),
                note=f"by {formats.last_day(window.created_at, life.project.zone)}",
                help=term("Label"),
            ),
            Figure(
                label="Columns drifted",
                value=f"{drifted} of {len(window.drift)}" if window.drift else formats.NOTHING,
                note=f"in {_compared(window)}",
                help=term("Drift"),
            ),
            Figure(
                label="Outside the range",
                value=formats.share(farthest[1]) if farthest else formats.NOTHING,
                note=f"{formats.escape(farthest[0])}, in {_compared(window)}" if farthest else "",
                help=term("Training range"),
            ),
        ]
    )


def _versions(life: Life, judged: list[Judged]) -> None:
    listing(
        [
            {
                "Criterion": f"{c.key} {formats.escape(title(c))}",
                "Version": _version(life, j),
                "Figure": figure(c, j.estimate),
                "Agreed": agreed(c),
                "Verdict": shown(c, j.verdict).badge,
                "Rests on": rests_on(c, j.estimate) if j.estimate else formats.escape(j.reason),
            }
            for c, j in judged
        ],
        alt="What every criterion says of every version in this window",
    )


def _expected(window: Window, champion: list[Judged]) -> None:
    """Say what was to be expected without labels, and what part of the realised value that does not explain."""
    if not any_expected(window):
        return
    with st.expander("Estimated without labels", icon=":material/visibility_off:", key="window-expected"):
        for criterion, judgement in champion:
            if judgement.without_labels is not None:
                words = expected_words(criterion, judgement.without_labels)
                st.markdown(f"**{criterion.key}** {formats.escape(title(criterion))}. {words}")
        st.markdown(EXPECTED_METHOD)


def _contract(window: Window) -> None:
    """Say which rules of the contract the window's last week broke; nothing where none was in force."""
    if window.rules is None:
        return
    broken = [rule for rule in window.rules if rule.kept is False]
    kept = sum(rule.kept is True for rule in window.rules)
    said = "; ".join(
        f"{formats.escape(rule.text.replace('`', ''))} ({formats.share(rule.share)} of its rows)" for rule in broken[:3]
    )
    more = f"; and {len(broken) - 3} more" if len(broken) > 3 else ""
    sentence = f"breaks the contract: {said}{more}." if broken else f"keeps the contract ({kept} rules tested)."
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="window-contract"):
        st.markdown(f"{_compared(window).capitalize()} {sentence}", width="content")
        link("Contract", "contract", icon="handshake")


def _service(window: Window) -> None:
    """Say how many requests came, and how many of them had no answer; nothing where nobody counted those."""
    did = window.service
    if did is None or did.refused is None or did.failed is None:
        return
    words = (
        f"{formats.count(did.failed)} failed ({formats.share(did.share_failed)}), {formats.count(did.refused)} were "
        f"refused ({formats.share(did.share_refused)})"
    )
    st.markdown(f"The endpoint had {formats.plural(did.asked, 'request')}: {words}.", help=term("Service"))


def _version(life: Life, judgement: WindowJudgement) -> str:
    version = life.version(judgement.model_version_id)
    name = formats.escape(version.title) if version else formats.NOTHING
    return f"{name} :gray[{judgement.variant}]"
