"""Run: what did this run measure?"""

import polars as pl
import streamlit as st

from core.errors import NotFound
from core.lifecycle.life import Life
from core.modelling.holdout import by_block
from core.modelling.ranking import estimate_for, registrable
from core.modelling.recipes import RECIPES
from core.modelling.recipes.uploaded import UPLOADED
from core.modelling.run import LoggedOrigin, Run, RunState
from core.scoping.criterion import Criterion, Stage, Verdict, judge
from core.scoping.project import Project, TaskKind
from dashboard import formats, session
from dashboard.charts.agreement import agreed, figure, shown, strip_row, title
from dashboard.charts.criteria import criteria_strip
from dashboard.charts.criteria import height as strip_height
from dashboard.charts.run_detail import days_of_holdout
from dashboard.components import working
from dashboard.components.chart import chart
from dashboard.components.chip import chip, link
from dashboard.components.empty import empty, problem
from dashboard.components.explanation import leans_on
from dashboard.components.figures import Figure, figures
from dashboard.components.glossary import term
from dashboard.components.header import Primary, page_header
from dashboard.components.run_metrics import run_metrics
from dashboard.components.run_orders import ask_to_register, go_to_registered
from dashboard.components.run_scores import run_scores
from dashboard.components.run_words import DRAWN, judged_words, run_title, trained_between
from dashboard.components.segments import segments
from dashboard.components.table import listing
from dashboard.components.tried_settings import tried_settings
from dashboard.formats import escape
from dashboard.vocabulary import state_of


def render() -> None:
    """Show the view."""
    project = session.project()
    life = session.life(project)
    run = life.run(session.record_id())
    if run is None:
        raise NotFound.record("run", session.record_id())
    go_to_registered(project)
    job = working.at_work(project, "register", "train")
    primary = _primary(life, run, busy=job is not None)
    sentence = _sentence(life, run)
    if page_header(run_title(life, run), sentence, project=project, primary=primary, chips=(state_of(run.state),)):
        ask_to_register(life, run)
    _links(life, run)
    if job is not None:
        working.progress(job.id)
    if run.state is RunState.FAILED:
        problem(run.error)
    if run.state is not RunState.FINISHED:
        if run.state is not RunState.FAILED:
            empty("science", "Nothing measured yet", "What the run measures on its hold-out appears here.")
        return
    _where_from(life, run)
    _key_figures(life, run)
    _criteria(life, run)
    _closer(project, life, run)


def _primary(life: Life, run: Run, *, busy: bool) -> Primary | None:
    if any(version.run_id == run.id for version in life.versions) or not registrable(run):
        return None
    return Primary(label="Register", icon="deployed_code", key="run-register", disabled=busy)


def _offline(life: Life) -> tuple[Criterion, ...]:
    return life.criteria_at(Stage.OFFLINE)


def _sentence(life: Life, run: Run) -> str:
    if run.state is not RunState.FINISHED:
        return f"This run is **{state_of(run.state).word}**."
    measured = [(c, e) for c in _offline(life) if (e := estimate_for(run, c)) is not None]
    if not measured:
        return "No criterion of the hold-out was measured. Next: **agree on one**, then train again."
    verdicts = [judge(c, e).verdict for c, e in measured]
    order = (Verdict.NOT_MET, Verdict.UNDECIDED, Verdict.MET, Verdict.NOT_APPLICABLE)
    place = min(range(len(measured)), key=lambda i: order.index(verdicts[i]))
    criterion, estimate = measured[place]
    first = (
        f"{title(criterion)} **{figure(criterion, estimate)}**, agreed {agreed(criterion)}: "
        f"**{shown(criterion, verdicts[place]).word}**."
    )
    met = verdicts.count(Verdict.MET)
    counted = formats.plural(len(measured), "criterion", "criteria")
    return f"{first} {met} of {counted} met on the hold-out. {_next(life, run)}"


def _next(life: Life, run: Run) -> str:
    version = next((v for v in life.versions if v.run_id == run.id), None)
    if version is not None:
        return f"Registered as **{escape(version.title)}**."
    if not RECIPES[run.recipe].registrable:
        return RECIPES[run.recipe].unregistered
    return "Not registered."


def _links(life: Life, run: Run) -> None:
    with st.container(horizontal=True, gap="medium", vertical_alignment="center", key="run-links"):
        dataset = life.dataset(run.dataset_id)
        if dataset is not None:
            chip(state_of(dataset.state), "dataset", label=f"{dataset.name} v{dataset.number}", id=dataset.id)
        for version in (v for v in life.versions if v.run_id == run.id):
            chip(state_of(version.state), "model_version", label=version.title, id=version.id)
        case = life.case(run.case_id)
        if case is not None:
            chip(state_of(case.state), "cases", label=f"Case {case.number}", id=case.id)
        criteria = [c for c in _offline(life) if estimate_for(run, c) is not None]
        for criterion in criteria[:4]:
            verdict = judge(criterion, estimate_for(run, criterion)).verdict
            help_text = f"{title(criterion)}: {figure(criterion, estimate_for(run, criterion))}"
            chip(shown(criterion, verdict), "criterion", label=criterion.key, help=help_text, id=criterion.id)
        if criteria:
            link("Thread", "thread", icon="timeline", criterion=criteria[0].id)
            link("Errors", "errors", icon="troubleshoot", run=run.id)


def _key_figures(life: Life, run: Run) -> None:
    trained, judged = trained_between(life, run)
    on = Figure(label="Judged on", value=formats.plural(run.holdout_rows, "row"), note=judged, help=term("Hold-out"))
    shown_figures = [
        Figure(label="Trained on", value=formats.plural(run.train_rows, "row"), note=trained),
        on,
        Figure(label="Took", value=formats.duration(run.seconds), note=RECIPES[run.recipe].title),
    ]
    if run.recipe == UPLOADED.name:
        shown_figures = [on]
    cut = run.parameters.get("cut")
    if cut is not None:
        agreed_at = any(c.parameters.get("cut") == cut for c in life.criteria_in_force)
        note = "as the criteria were agreed" if agreed_at else "a model says yes above it"
        shown_figures.append(Figure(label="Cut", value=f"{cut:g}", note=note, help=term("Cut")))
    figures(shown_figures)
    if used := judged_words(life, run):
        st.markdown(f":small[:gray[{used}]]")


def _where_from(life: Life, run: Run) -> None:
    if run.origin:
        _origin(life, run, run.origin)
    if run.left_out:
        st.warning(escape(run.left_out.sentence), icon=":material/warning:")


def _origin(life: Life, run: Run, origin: LoggedOrigin) -> None:
    """Say where the run came from, and what its hold-out is worth."""
    unlike = f" but {origin.unlike:,}" if origin.unlike else ""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(
            f":gray[Trained by other code. Its file {escape(origin.file)} repeats the logged scores of all{unlike} of "
            f"{formats.plural(run.holdout_rows, 'held-out row')}.]",
            width="content",
        )
        experiment = session.workspace().tracking.get(origin.run_id).experiment_id
        link("Logged run", "logged", icon="insights", experiment=experiment, runs=origin.run_id)
    if run.holdout_from is None and life.project.task is not None and life.project.task.time:
        st.warning(DRAWN, icon=":material/warning:")


def _criteria(life: Life, run: Run) -> None:
    pairs = [(c, estimate_for(run, c)) for c in _offline(life)]
    rows = [strip_row(c, e, judge(c, e).verdict) for c, e in pairs if e is not None]
    if not rows:
        return
    behind = pl.DataFrame(
        {
            "Criterion": [f"{c.key}  {title(c)}" for c, e in pairs if e is not None],
            "Figure": [figure(c, e) for c, e in pairs if e is not None],
            "Agreed": [agreed(c) for c, e in pairs if e is not None],
            "Verdict": [shown(c, judge(c, e).verdict).cell for c, e in pairs if e is not None],
            "Rows": [e.n for _, e in pairs if e is not None],
        }
    )
    block = life.project.task.block if life.project.task else "row"
    chart(
        criteria_strip(rows, session.theme()),
        key="run-criteria",
        alt=f"What {run.name} measured on its hold-out, one line a criterion.",
        rows=behind,
        method=(
            "Measured on the **hold-out**, rows that training never saw. The interval is that of 95 of 100 "
            f"repetitions: {block}s are drawn with replacement, because rows of one {block} resemble one another. "
            "Right of the dotted line a criterion is met; each line has a scale of its own."
        ),
        height=strip_height(rows),
    )
    missing = [c for c, e in pairs if e is None]
    if missing:
        names = formats.sentence(f"{c.key} ({title(c)})" for c in missing)
        st.markdown(f":gray[{escape(names)}: measured at registration, or not at all on these rows.]")


# ---- closer


def _closer(project: Project, life: Life, run: Run) -> None:
    kind = project.task.kind if project.task else TaskKind.BINARY
    words = {"inputs": "What it leans on", "scores": "How its scores hold", "days": "Day by day"}
    words |= {"metrics": "All metrics", "parameters": "Parameters"}
    without = set[str]() if run.holdout_from else {"days"}
    without |= {"inputs"} if run.recipe == UPLOADED.name else set[str]()  # no model, so nothing says what it leans on
    offered = {name: text for name, text in words.items() if name not in without}
    current = segments("Show", offered, parameter="show", default=next(iter(offered)), key="run-show")
    match current:
        case "inputs":
            leans_on(project, run)
        case "scores":
            run_scores(project, run, kind)
        case "days":
            _days(project, run, kind)
        case "metrics":
            run_metrics(project, run, kind)
        case _:
            _parameters(life, run)


def _days(project: Project, run: Run, kind: TaskKind) -> None:
    days = session.load("run-days", project, lambda: by_block(session.workspace().modelling.holdout(run), kind), run.id)
    names = {
        TaskKind.BINARY: ("share that happened", "mean probability"),
        TaskKind.MULTICLASS: ("share that was right", "mean probability of the class named"),
        TaskKind.REGRESSION: ("mean of what happened", "mean prediction"),
    }[kind]
    chart(
        days_of_holdout(days, session.theme(), names=names),
        key="run-days",
        alt=f"The {formats.plural(days.height, 'day')} of the hold-out: {names[0]} and {names[1]}.",
        rows=days.rename(
            {"block": "Day", "rows": "Rows", "happened": names[0].capitalize(), "predicted": names[1].capitalize()}
        ),
        method=(
            f"Each point is the mean over a day's rows of the hold-out; {formats.plural(days.height, 'day')}, which "
            "are what intervals resample. Days lie in the project's time zone."
        ),
        legend=True,
    )


def _parameters(life: Life, run: Run) -> None:
    recipe = RECIPES[run.recipe]
    st.markdown(f"**{recipe.title}.** {recipe.summary}")
    rows = [{"Parameter": escape(name), "Value": f"{value:g}"} for name, value in run.parameters.items()]
    trained, judged = trained_between(life, run)
    rows += [
        {"Parameter": "trained on", "Value": trained},
        {"Parameter": "held out", "Value": judged},
        {"Parameter": "purpose", "Value": escape(run.purpose)},
        {"Parameter": "ordered on", "Value": formats.last_day(run.created_on, life.project.zone)},
        {"Parameter": "model file (SHA-256)", "Value": f"`{run.model}`" if run.model else formats.NOTHING},
    ]
    listing(rows, alt="The run's parameters")
    if run.search is not None and run.search.trials:
        tried_settings(run.search)
