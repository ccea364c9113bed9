"""A label study: the file of several annotators' labels, how far they agree, and what people reach."""

import polars as pl
import streamlit as st

from core.data.dataset import DatasetVersion
from core.data.label_study import Disputed, LabelStudy, StudyFigures
from core.job import Job
from core.lifecycle.life import Life
from core.metrics import METRICS
from dashboard import formats, session
from dashboard.charts.agreement import unit_of
from dashboard.charts.labels import (
    agreement_figure,
    agreement_height,
    confusion_figure,
    confusion_height,
    measures,
)
from dashboard.components.chart import chart
from dashboard.components.choice import select
from dashboard.components.empty import empty
from dashboard.components.glossary import term
from dashboard.components.signed import by
from dashboard.components.table import listing, table
from dashboard.components.uploader import uploader
from dashboard.components.working import at_work, failure, progress
from dashboard.formats import escape

KIND = "study_labels"
_HINT = "One row a label (item, annotator, label), or one row an item and one column an annotator"
_METHOD = (
    "**Same label** is the share of pairs of labels of one item that are the same, averaged over the items. The others "
    "leave out what chance alone would give: 0 is chance, 1 is full agreement. **Cohen's kappa** compares two "
    "annotators, each with their own shares of labels; **Fleiss' kappa** all of them, with common shares; "
    "**Krippendorff's alpha** all of them, whoever left out what; its ordinal and interval forms count how far two "
    "labels lie apart.\n\nThe bars are 95 % intervals: items are resampled. Where fewer than five items have a label "
    "other than the commonest there is none."
)
_CONFUSED = (
    "A row is what one annotator says, a column what another says of the same item, over all pairs of annotators: the "
    "share of the row's pairs. The diagonal is agreement."
)


def label_study(life: Life, version: DatasetVersion, *, key: str) -> None:
    """Show a project's newest study, or the one that the address names; without one, offer to make the first."""
    job = at_work(life.project, KIND)
    if job is not None:
        progress(job.id)
    else:
        failure(life.project, KIND)
    if life.studies:
        _study(life, version, job, key=key)
    elif job is None:
        _nothing_yet(version, key=key)


def _nothing_yet(version: DatasetVersion, *, key: str) -> None:
    _drop(version, key=key)
    empty(
        "groups",
        "No label study yet",
        "Let two people or more label the same rows and drop their labels here. How far they agree, which labels they "
        "confuse, and the human level, which later charts show as a line, appear here.",
        key=f"{key}-empty",
    )


def _drop(version: DatasetVersion, *, key: str) -> None:
    """Offer to drop a file of labels; once it is here, its study is asked for."""
    counter = f"{key}-sent"
    sent = int(st.session_state.get(counter, 0))
    arrived = uploader(f"{key}-file-{sent}", label="Drop the labels of several annotators", hint=_HINT)
    if not arrived:
        return
    # a new zone each time: the ids of a used one are taken
    st.session_state[counter] = sent + 1
    upload = arrived[0]
    session.workspace().labels.drop(version.project_id, upload.path, file_name=upload.name, dataset_id=version.id)
    st.rerun()


def _ask_for_file(version: DatasetVersion, *, key: str) -> None:
    @st.dialog("Drop labels", icon=":material/upload_file:")
    def ask() -> None:
        st.markdown(":gray[The newest study is the human level of later charts; the others stay.]")
        _drop(version, key=f"{key}-again")

    ask()


def _study(life: Life, version: DatasetVersion, job: Job | None, *, key: str) -> None:
    study = _chosen(life, key=key)
    figures = study.figures
    st.markdown(_sentence(figures))
    st.markdown(_human_words(figures))
    _bar(life, study, version, job, key=key)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _agreement(figures, key=key)
    with right:
        _confusion(figures, key=key)
    _human_table(figures)
    _disputed(figures, key=key)


def _chosen(life: Life, *, key: str) -> LabelStudy:
    by_id = {study.id: study for study in reversed(life.studies)}
    if len(by_id) == 1:
        return life.studies[-1]
    zone = life.project.zone
    chosen = select(
        "Study",
        list(by_id),
        parameter="study",
        default=life.studies[-1].id,
        key=f"{key}-which",
        words=lambda one: f"{by_id[one].file_name}, {formats.time(by_id[one].created_at, zone)}",
        hidden=True,
        width=420,
    )
    return by_id[chosen]


def _bar(life: Life, study: LabelStudy, version: DatasetVersion, job: Job | None, *, key: str) -> None:
    beside = life.dataset(study.dataset_id)
    told = f" beside v{beside.number}" if beside else ""
    when = formats.day(study.created_at, life.project.zone)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"{key}-bar"):
        st.markdown(
            f":gray[{escape(study.file_name)}, dropped{told} on {when} {by(study.created_by)}]", width="content"
        )
        if st.button(
            "Drop other labels",
            icon=":material/upload_file:",
            type="tertiary",
            key=f"{key}-again",
            disabled=job is not None,
        ):
            _ask_for_file(version, key=key)


def _sentence(figures: StudyFigures) -> str:
    """Return how far annotators agree in one sentence, as Markdown."""
    who = formats.sentence(escape(name) for name in figures.annotators)
    named = who if len(figures.annotators) <= 4 else formats.plural(len(figures.annotators), "annotator")
    raw, alpha = figures.agreement.get("raw"), figures.agreement.get(figures.scale)
    items = formats.plural(figures.items, "item")
    same = f"give the same label in **{formats.share(raw.value)}** of pairs over" if raw else "were compared on"
    beyond = (
        f": Krippendorff's alpha **{escape(formats.estimate(alpha))}**, where 0 is chance and 1 is full agreement"
        if alpha
        else ". All labels are the same, so agreement cannot be told from chance"
    )
    return f"{named} {same} {items}{beyond}."


def _human_words(figures: StudyFigures) -> str:
    """Return what people reach, as Markdown; why nobody can tell where that is so."""
    together = [level for level in figures.human if level.annotator is None]
    note = f" :gray[{escape(figures.note)}]" if figures.note else ""
    if not together:
        return note.strip() or ":gray[These labels tell no human level.]"
    right = "the truth in the file" if figures.against == "truth" else "what most of the others say"
    reached = [
        f"**{escape(formats.estimate(level.estimate, unit_of(level.metric)))}** ({METRICS[level.metric].title.lower()})"
        for level in together
    ]
    return f"Human level: against {right}, an annotator reaches {formats.sentence(reached)}.{note}"


def _agreement(figures: StudyFigures, *, key: str) -> None:
    shown, everything = measures(figures), measures(figures, most_pairs=len(figures.pairs))
    if not shown:
        return
    told = "; ".join(f"{one.name} {formats.estimate(one.estimate)}" for one in shown[:5])
    chart(
        agreement_figure(shown, session.theme()),
        key=f"{key}-agreement",
        alt=f"How far annotators agree: {told}",
        rows=pl.DataFrame(
            {
                "Measure": [one.name for one in everything],
                "Agreement": [formats.estimate(one.estimate) for one in everything],
                "Items": [one.estimate.n for one in everything],
            }
        ),
        method=_METHOD,
        height=agreement_height(shown),
    )


def _confusion(figures: StudyFigures, *, key: str) -> None:
    if len(figures.confused) < 2:
        return
    names, met = figures.confused, figures.confusion
    chart(
        confusion_figure(figures, session.theme()),
        key=f"{key}-confusion",
        alt="Which label one annotator gives where another gives which",
        rows=pl.DataFrame(
            [
                {"One says": names[a], "Another says": names[b], "Pairs": met[a][b]}
                for a in range(len(names))
                for b in range(a, len(names))
            ]
        ),
        method=_CONFUSED,
        height=confusion_height(figures),
    )


def _human_table(figures: StudyFigures) -> None:
    metrics = list(dict.fromkeys(level.metric for level in figures.human))
    if not metrics:
        return
    found = {(level.annotator, level.metric): level.estimate for level in figures.human}
    st.markdown("#### Human level", help=term("Human level"))
    listing(
        [
            {
                "Annotator": escape(who) if who else "**Everyone**",
                **{METRICS[m].title: escape(formats.estimate(found.get((who, m)), unit_of(m))) for m in metrics},
            }
            for who in dict.fromkeys(level.annotator for level in figures.human)
        ],
        alt="What each annotator reaches",
    )


def _disputed(figures: StudyFigures, *, key: str) -> None:
    if not figures.disputed:
        return
    st.markdown("#### Where they disagree")
    table(
        pl.DataFrame(
            [
                {"Item": one.item, "Same": formats.share(one.agreement, 0), "Who says what": _who_says_what(one)}
                for one in figures.disputed
            ]
        ),
        key=f"{key}-disputed",
        alt="Items that annotators label differently, the most disputed first",
        columns={"Who says what": st.column_config.TextColumn("Who says what", width=480)},
        most_rows=6,
    )


def _who_says_what(disputed: Disputed) -> str:
    """Return an item's labels with who gave them: ``yes: Ada, Cyd; no: Bob``."""
    given = disputed.labels
    by_label = {label: [who for who, said in given.items() if said == label] for label in given.values()}
    return "; ".join(f"{label}: {', '.join(who)}" for label, who in by_label.items())
