"""What happened, in words: an event of the ledger as a sentence, and the record that it is about."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from core.ledger import LedgerEvent
from core.lifecycle.life import Life
from core.people.actor import LOCAL_USER
from core.scoping.criterion import Verdict
from core.scoping.documents import DOCUMENT_KINDS
from dashboard import formats
from dashboard.charts.agreement import figure
from dashboard.components.chip import link
from dashboard.formats import escape
from dashboard.vocabulary import ALERT_KINDS, state_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An event in words (Markdown), and where its record is shown."""

    text: str
    view: str = ""
    record_id: str = ""

    @property
    def plain(self) -> str:
        """Return the text without Markdown, for tables and files."""
        unmarked = re.sub(r":[a-z]+\[((?:\\.|[^\]\\])*)\]", r"\1", self.text).replace("**", "")
        return re.sub(r"\\(.)", r"\1", unmarked)


_Sayer = Callable[[LedgerEvent, Life], Said]


def who(event: LedgerEvent) -> str:
    """Return who acted, as the page calls them."""
    return LOCAL_USER.name if event.actor == LOCAL_USER.id else escape(event.actor)


def say(event: LedgerEvent, life: Life) -> Said:
    """Return an event in words; one that a newer release wrote is named as it is."""
    sayer = _SAYERS.get(event.kind)
    return sayer(event, life) if sayer else Said(text=escape(event.kind.replace(".", " ").replace("_", " ")))


def on(event: LedgerEvent, life: Life) -> str:
    """Return the day of an event in event time; what happens at midnight is of the day that ended then."""
    return formats.last_day(event.on, life.project.zone)


def _plainly(words: str, *names: str) -> _Sayer:
    """Return a sayer that fills ``words`` with the actor and parts of the event's body."""

    def sayer(event: LedgerEvent, life: Life) -> Said:
        del life
        parts = {name: escape(event.body.get(name) or "") for name in names}
        return Said(text=words.format(who=who(event), **parts))

    return sayer


def _with_reason(text: str, event: LedgerEvent) -> str:
    reason = str(event.body.get("reason") or "").strip()
    return f"{text}: :gray[{escape(reason)}]" if reason else text


def _document(event: LedgerEvent, life: Life) -> Said:
    del life
    kind = DOCUMENT_KINDS.get(str(event.body.get("document")))
    name = kind.title.lower() if kind else "a document"
    text = f"{who(event)} signed the **{escape(name)}**, version {event.body.get('version')}"
    return Said(text=text, view="document", record_id=event.subject_id)


def _criterion(did: str) -> _Sayer:
    def sayer(event: LedgerEvent, life: Life) -> Said:
        del life
        key, version = escape(event.body.get("key") or "a criterion"), event.body.get("version")
        return Said(
            text=f"{who(event)} {did} **{key}**, version {version}", view="criterion", record_id=event.subject_id
        )

    return sayer


def _dataset(words: str) -> _Sayer:
    def sayer(event: LedgerEvent, life: Life) -> Said:
        dataset = life.dataset(event.subject_id)
        name = f"{dataset.name} v{dataset.number}" if dataset else "a dataset"
        rows = event.body.get("rows")
        counted = f" ({formats.plural(int(rows), 'row')})" if rows else ""
        text = words.format(who=who(event), name=escape(name)) + counted
        return Said(text=_with_reason(text, event), view="dataset", record_id=event.subject_id)

    return sayer


def _studied(event: LedgerEvent, life: Life) -> Said:
    made = next((s for s in life.studies if s.id == event.subject_id), None)
    about = made.dataset_id if made and made.dataset_id else ""
    items, people = int(event.body.get("items") or 0), int(event.body.get("annotators") or 0)
    counted = f"**{formats.plural(people, 'annotator')}** ({formats.plural(items, 'item')})"
    text = f"{who(event)} studied the labels of {counted}"
    return Said(text=text, view="dataset" if about else "datasets", record_id=about)


def _contract(event: LedgerEvent, life: Life) -> Said:
    del life
    rules, breaking = int(event.body.get("rules") or 0), int(event.body.get("breaking") or 0)
    stricter = f", {formats.plural(breaking, 'rule')} stricter" if breaking else ""
    counted = f"({formats.plural(rules, 'rule')}{stricter})"
    text = f"{who(event)} accepted the **contract v{event.body.get('number')}** {counted}"
    return Said(text=text, view="contract", record_id=event.subject_id)


def _registered(event: LedgerEvent, life: Life) -> Said:
    del life
    text = f"{who(event)} registered **{escape(event.body.get('name') or 'a version')}**"
    return Said(text=text, view="model_version", record_id=event.subject_id)


def _gate(event: LedgerEvent, life: Life) -> Said:
    gate = next((g for g in life.gates if g.id == event.subject_id), None)
    state = state_of(gate.state).word if gate else escape(event.body.get("state") or "")
    text = f"The gate of **{escape(event.body.get('version') or 'a version')}** was judged: {state}"
    return Said(text=text, view="model_version", record_id=gate.model_version_id if gate else "")


def _approval(did: str) -> _Sayer:
    def sayer(event: LedgerEvent, life: Life) -> Said:
        approval = next((a for a in life.approvals if a.id == event.subject_id), None)
        text = f"{who(event)} {did.format(version=escape(event.body.get('version') or 'a version'))}"
        version_id = approval.model_version_id if approval else ""
        return Said(text=_with_reason(text, event), view="model_version", record_id=version_id)

    return sayer


def _deployment(did: str) -> _Sayer:
    def sayer(event: LedgerEvent, life: Life) -> Said:
        deployment = next((d for d in life.deployments if d.id == event.subject_id), None)
        text = f"{who(event)} {did.format(version=escape(event.body.get('champion') or 'a version'))}"
        return Said(text=text, view="model_version", record_id=deployment.champion_id if deployment else "")

    return sayer


def _alert(words: str) -> _Sayer:
    def sayer(event: LedgerEvent, life: Life) -> Said:
        alert = next((a for a in life.alerts if a.id == event.subject_id), None)
        criterion = life.criterion(alert.criterion_id) if alert else None
        key = escape(criterion.key) if criterion else "a criterion"
        silence = ALERT_KINDS.get(alert.kind, "") if alert else ""
        about = f"{key}: {silence.lower()}" if silence else key
        text = words.format(who=who(event), key=about)
        if event.kind == "alert.raised" and alert and criterion and not silence:
            text += f": {figure(criterion, alert.estimate)}"
        return Said(text=_with_reason(text, event), view="alert", record_id=event.subject_id)

    return sayer


def _case(words: str) -> _Sayer:
    def sayer(event: LedgerEvent, life: Life) -> Said:
        records = (*life.cases, *life.decisions, *life.post_checks)
        found = next((record for record in records if record.id == event.subject_id), None)
        case_id = str(getattr(found, "case_id", None) or event.subject_id)
        case = life.case(case_id)
        number = event.body.get("number") or event.body.get("case") or (case.number if case else "")
        text = words.format(who=who(event), number=number)
        decision = next((d for d in life.decisions if d.id == event.subject_id), None)
        if decision:
            text += f": **{state_of(decision.choice).word}**"
        verdict = event.body.get("verdict")
        if verdict in set(Verdict):
            text += f": {state_of(Verdict(verdict)).word}"
        return Said(text=_with_reason(text, event), view="cases", record_id=case_id if case else "")

    return sayer


_SAYERS: Mapping[str, _Sayer] = {
    "project.begun": _plainly("{who} began the project **{name}**", "name"),
    "project.defined": _plainly("{who} said what is predicted: **{target}**", "target"),
    "project.alarm_budget": _plainly("{who} allowed **{budget}** of drift; before, {before}", "budget", "before"),
    "project.went_live": _plainly("{who} ended the replay: the project is live"),
    "labels.learned": _plainly("{who} brought **{rows}** labels", "rows"),
    "batch.taken": _plainly("{who} brought a batch of **{rows}** rows", "rows"),
    "project.archived": _plainly("{who} archived the project"),
    "project.restored": _plainly("{who} restored the project"),
    "project.put_aside": _plainly("{who} put the project aside for a fresh one"),
    "document.signed": _document,
    "criterion.signed": _criterion("signed"),
    "criterion.changed": _criterion("changed"),
    "dataset.accepted": _dataset("{who} accepted **{name}**"),
    "dataset.rejected": _dataset("{who} rejected **{name}**"),
    "dataset.refused": _dataset("**{name}** could not be opened"),
    "dataset.from_log": _dataset("**{name}** was made from the log"),
    "labels.studied": _studied,
    "errors.drawn": _plainly("{who} drew **{number}** errors to look at", "number"),
    "errors.tagged": _plainly("{who} tagged an error: **{tags}**", "tags"),
    "errors.task": _plainly("{who} made a data task of **{tag}**", "tag"),
    "task.taken": _plainly("{who} took the data task **{tag}**", "tag"),
    "task.left": _plainly("{who} let go of the data task **{tag}**", "tag"),
    "task.done": _plainly("{who} finished the data task **{tag}**", "tag"),
    "contract.accepted": _contract,
    "model.registered": _registered,
    "gate.judged": _gate,
    "approval.approved": _approval("approved **{version}**"),
    "approval.self_approved": _approval("approved **{version}**, self-approved"),
    "approval.refused": _approval("refused **{version}**"),
    "approval.void": _approval("took back the approval of **{version}**"),
    "deployment.deploy": _deployment("put **{version}** into service"),
    "deployment.promote": _deployment("promoted **{version}**"),
    "deployment.roll_back": _deployment("rolled back to **{version}**"),
    "alert.raised": _alert("Alert on **{key}**"),
    "alert.seen": _alert("{who} looked at the alert on **{key}**"),
    "alert.taken": _alert("{who} took the alert on **{key}**"),
    "alert.left": _alert("{who} let go of the alert on **{key}**"),
    "alert.muted": _alert("{who} muted the alert on **{key}**"),
    "alert.unmuted": _alert("{who} unmuted the alert on **{key}**"),
    "alert.sent": _alert("The alert on **{key}** was sent"),
    "alert.closed": _alert("The alert on **{key}** was closed"),
    "routes.changed": _plainly("{who} said where alerts go"),
    "case.opened": _case("{who} opened **case {number}**"),
    "case.decided": _case("{who} decided case {number}"),
    "case.post_checked": _case("Post-check of case {number}"),
    "case.closed": _case("**Case {number}** was closed"),
}


def activity(events: Sequence[LedgerEvent], life: Life) -> None:
    """List events, each with its event time and the way to its record."""
    for event in events:
        said = say(event, life)
        day, words, way = st.columns([1.1, 7.4, 0.8], vertical_alignment="center", gap="small")
        day.markdown(f":gray[{on(event, life)}]")
        words.markdown(said.text, help=f"Entered on {formats.time(event.at)} UTC, record {event.sequence}")
        if said.view and said.record_id:
            with way:
                link("Open", said.view, id=said.record_id)
