"""Documents: is this worth doing? Its other part are the criteria: how will we know that it worked?"""

import polars as pl
import streamlit as st

from core.lifecycle.latest import LatestWord, latest_words
from core.lifecycle.life import Life
from core.scoping.criterion import Criterion, Verdict
from core.scoping.document import Document, DocumentState
from core.scoping.document_kind import DocumentKind, Question
from core.scoping.documents import DOCUMENT_KINDS
from dashboard import formats, session
from dashboard.charts import criteria as strip
from dashboard.charts.agreement import agreed, figure, shown, strip_row, title
from dashboard.charts.criterion import demand
from dashboard.components.chart import chart
from dashboard.components.chip import link
from dashboard.components.choice import chosen
from dashboard.components.criterion_form import ask_for_criterion
from dashboard.components.empty import empty
from dashboard.components.glossary import term
from dashboard.components.header import Primary, page_header
from dashboard.components.proposals import can_propose, propose
from dashboard.components.segments import segments
from dashboard.components.signed import signature
from dashboard.components.table import table
from dashboard.components.verdicts import verdict_column
from dashboard.vocabulary import KINDS, PHASES, State, state_of

NOT_BEGUN = State("not begun", "radio_button_unchecked", "gray")
PARTS = {"documents": "Documents", "criteria": "Criteria"}
_FEW = 5
_VERDICTS = (Verdict.MET, Verdict.NOT_MET, Verdict.UNDECIDED, Verdict.NOT_APPLICABLE)


def render() -> None:
    """Show the view."""
    life = session.life(session.project())
    if chosen("part", list(PARTS), "documents") == "criteria":
        _criteria_part(life)
    else:
        _documents_part(life)


def _parts() -> None:
    segments("Part", PARTS, parameter="part", default="documents", key="documents-part")


def _unsigned(life: Life) -> list[Criterion]:
    return [c for c in life.criteria_in_force if c.signed_at is None]


# Documents


def _documents_part(life: Life) -> None:
    if page_header("Documents", _documents_sentence(life), project=life.project, primary=_documents_primary(life)):
        _documents_act(life)
    _parts()
    for kind in DOCUMENT_KINDS.values():
        _document_row(life, kind)
    _open_questions(life)


def _answered(life: Life, kind: DocumentKind) -> int:
    document = life.document(kind.key)
    return kind.answered(dict(document.answers)) if document else 0


def _documents_sentence(life: Life) -> str:
    unsigned = len(_unsigned(life))
    waits = f" **{formats.plural(unsigned, 'criterion waits', 'criteria wait')}** for a signature." if unsigned else ""
    if not life.documents:
        return (
            f"Nothing is written yet: **{len(DOCUMENT_KINDS)} documents** say what the project is for and when it "
            f"has worked. Begin with the goals.{waits}"
        )
    told = [_told(life, kind) for kind in DOCUMENT_KINDS.values()]
    return f"{'; '.join(told)}.{waits}"


def _told(life: Life, kind: DocumentKind) -> str:
    document, name = life.document(kind.key), kind.title if kind.key == "goals" else kind.title.lower()
    if document is None:
        return f"{name} not begun"
    if document.state is DocumentState.SIGNED:
        return f"{name} **signed {formats.last_day(document.signed_on, life.project.zone)}**"
    changed = " since it was signed" if document.state is DocumentState.CHANGED else ""
    return f"{name} **{_answered(life, kind)} of {len(kind.questions)}** answered{changed}"


def _first_unanswered(life: Life) -> tuple[DocumentKind, Question] | None:
    return next(iter(_unanswered(life)), None)


def _unanswered(life: Life) -> list[tuple[DocumentKind, Question]]:
    found: list[tuple[DocumentKind, Question]] = []
    for kind in DOCUMENT_KINDS.values():
        document = life.document(kind.key)
        answers = document.answers if document else {}
        found += [(kind, question) for question in kind.questions if not answers.get(question.key, "").strip()]
    return found


def _can_sign_goals(life: Life) -> bool:
    goals = life.document("goals")
    return goals is not None and goals.state is not DocumentState.SIGNED and bool(life.criteria_in_force)


def _documents_primary(life: Life) -> Primary | None:
    if _first_unanswered(life):
        label = "Continue" if life.documents else "Write the goals"
        return Primary(label=label, icon="edit", key="documents-continue")
    if _can_sign_goals(life):
        return Primary(label="Sign the goals", icon="verified", key="documents-sign", help="Signs the criteria too")
    if not life.criteria_in_force:
        return Primary(label="Agree on criteria", icon="flag", key="documents-criteria")
    return None


def _documents_act(life: Life) -> None:
    gap = _first_unanswered(life)
    if gap:
        session.go("document", kind=gap[0].key)
    if _can_sign_goals(life):
        session.workspace().scoping.sign(life.project.id, "goals")
        st.rerun()
    st.query_params["part"] = "criteria"
    st.rerun()


def _document_row(life: Life, kind: DocumentKind) -> None:
    document = life.document(kind.key)
    answered, asked = _answered(life, kind), len(kind.questions)
    with st.container(border=True, key=f"documents-{kind.key}"):
        name, words, share, signed = st.columns([1.5, 2.5, 1.2, 1.3], vertical_alignment="center")
        with name, st.container(gap="xxsmall", key=f"flush-documents-{kind.key}"):
            link(kind.title, "document", icon="description", kind=kind.key)
            st.markdown((state_of(document.state) if document else NOT_BEGUN).badge)
        words.markdown(f":gray[{kind.purpose}]")
        share.progress(answered / asked, text=f"{answered} of {asked} answered")
        signed.markdown(_signed(document, life))


def _signed(document: Document | None, life: Life) -> str:
    if document is None:
        return ":gray[no version yet]"
    zone, version = life.project.zone, f"version {document.version}"
    if document.state is DocumentState.SIGNED:
        return f":gray[{version},] {signature('signed', document.signed_by, document.signed_on, zone)}"
    return f":gray[{version}, not signed]"


def _open_questions(life: Life) -> None:
    waiting = _unanswered(life)
    if not waiting or not life.documents:
        return
    few = len(waiting) <= _FEW
    with st.expander(f"{formats.plural(len(waiting), 'question')} without an answer", expanded=few):
        for kind, question in waiting:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.markdown(f":gray[{kind.title}]", width=130)
                link(question.text, "document", kind=kind.key, help=question.hint)


# Criteria


def _criteria_part(life: Life) -> None:
    words = latest_words(life)
    unsigned = _unsigned(life)
    if page_header("Criteria", _criteria_sentence(words), project=life.project, primary=_criteria_primary(life)):
        if unsigned:
            _sign_all(unsigned)
        ask_for_criterion(life)
    with st.container(horizontal=True, vertical_alignment="center", key="documents-bar"):
        _parts()
        if unsigned:
            st.button(
                "Add criterion",
                icon=":material/add:",
                type="tertiary",
                key="documents-add-more",
                on_click=lambda: st.session_state.update({"documents-adding": True}),
            )
    if st.session_state.pop("documents-adding", False):
        ask_for_criterion(life)
    if not words:
        _no_criteria(life)
        return
    if any(word.estimate for word in words):
        _strip(words, life)
    _criteria_table(words, life)


def _strip(words: tuple[LatestWord, ...], life: Life) -> None:
    rows = [strip_row(w.criterion, w.estimate, w.verdict) for w in words]
    chart(
        strip.criteria_strip(rows, session.theme()),
        key="documents-strip",
        alt="Each criterion's newest estimate with its interval, against what was agreed",
        rows=_strip_rows(words, life),
        method=_METHOD,
        height=strip.height(rows),
    )


_METHOD = """
Each line is a criterion with a scale of its own: the dotted line is the agreed value, and right of it is where the
criterion is met. The point is the newest estimate there is: the newest window of production, else the gate, else the
newest run's hold-out. The bar is its 95 % interval. Whole blocks (days, or rows where the data have no time) are
resampled, never rows of one day, because they resemble one another.

**Met** and **not met** are said only where the whole interval lies on one side of the agreed value; **undecided** where
it holds it.
"""


def _criteria_sentence(words: tuple[LatestWord, ...]) -> str:
    if not words:
        return "Nothing is agreed yet: **a criterion says what a model must reach** before anybody trains one."
    counts = {verdict: sum(w.verdict is verdict for w in words) for verdict in _VERDICTS}
    told = [f"{count} {state_of(verdict).word}" for verdict, count in counts.items() if count]
    unsigned = sum(w.criterion.signed_at is None for w in words)
    waits = (
        f" **{unsigned} {'waits' if unsigned == 1 else 'wait'} for a signature**: sign before you train."
        if unsigned
        else ""
    )
    return f"{formats.plural(len(words), 'criterion', 'criteria')}: **{', '.join(told)}**.{waits}"


def _criteria_primary(life: Life) -> Primary | None:
    unsigned = _unsigned(life)
    if unsigned:
        label = f"Sign {unsigned[0].key}" if len(unsigned) == 1 else f"Sign {len(unsigned)} criteria"
        return Primary(label=label, icon="verified", key="documents-sign-criteria", help=term("Criterion"))
    if not life.criteria_in_force:
        return None
    return Primary(label="Add criterion", icon="add", key="documents-add")


def _sign_all(unsigned: list[Criterion]) -> None:
    for criterion in unsigned:
        session.workspace().scoping.sign_criterion(criterion.id)
    # the page opened on what waited; it stays there although nothing waits any more
    st.query_params["part"] = "criteria"
    st.rerun()


def _no_criteria(life: Life) -> None:
    proposing = can_propose(life)
    text = "Each is a metric with a threshold, and judges every later phase: runs, the gate, production, the case."
    if empty(
        "flag",
        "No criterion yet",
        text,
        action="Propose some from the data" if proposing else "Add the first criterion",
        key="documents-first",
    ):
        if proposing:
            propose(life)
            st.rerun()
        ask_for_criterion(life)
    if proposing and st.button("Add one myself", icon=":material/add:", type="tertiary", key="documents-add-first"):
        ask_for_criterion(life)


def _strip_rows(words: tuple[LatestWord, ...], life: Life) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "criterion": [w.criterion.key for w in words],
            "metric": [title(w.criterion) for w in words],
            "agreed": [agreed(w.criterion) for w in words],
            "estimate": [figure(w.criterion, w.estimate) for w in words],
            "verdict": [shown(w.criterion, w.verdict).word for w in words],
            "from": [_where(w, life) for w in words],
        }
    )


def _where(word: LatestWord, life: Life) -> str:
    if word.phase is None:
        return "nothing measured yet"
    return f"{PHASES[word.phase][0]}, {formats.last_day(word.on, life.project.zone)}"


def _criteria_table(words: tuple[LatestWord, ...], life: Life) -> None:
    zone = life.project.zone
    found = [w.criterion for w in words]
    rows = pl.DataFrame(
        {
            "key": [c.key for c in found],
            "demands": [demand(c) for c in found],
            "role": [KINDS[c.role] for c in found],
            "stages": [formats.sentence(KINDS[s] for s in c.stages) for c in found],
            "now": [[shown(w.criterion, w.verdict).cell] for w in words],
            "from": [_where(w, life) for w in words],
            "signed": [
                f"v{c.version}, {formats.last_day(c.signed_on or c.signed_at, zone) if c.signed_at else 'not signed'}"
                for c in found
            ],
        }
    )
    columns = {
        "key": st.column_config.TextColumn("Key", width=44, help="Choose a row to open the criterion"),
        "demands": st.column_config.TextColumn("What it demands", width=270),
        "role": "Role",
        "stages": "Judged on",
        "now": verdict_column("Now"),
        "from": "Measured in",
        "signed": "Signed",
    }
    row = table(rows, key="documents-criteria", alt="The criteria in force", columns=columns, selectable=True)
    if row is not None:
        session.go("criterion", id=found[row].id)
