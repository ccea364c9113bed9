"""Deployment status: what is serving, is it healthy, who let it in?"""

from collections.abc import Mapping
from typing import Any, cast

import streamlit as st

from core.data.contract.contract import Rule
from core.data.contract.rules import sentence
from core.data.finding import Severity
from core.deployment.calling import curl_call, httpx_call, infer_url, triton_call
from core.deployment.deployment import Deployment
from core.deployment.endpoint import EndpointHealth, EndpointState
from core.deployment.held import BrokenRule, Held
from core.deployment.model_version import ApprovalState, ModelVersion
from core.deployment.traffic import MOST_DAYS, Traffic
from core.errors import FullcircleError
from core.lifecycle.life import Life
from core.lifecycle.release import ReleaseStep, newest_waiting, release_step
from core.scoping.project import Project, TaskKind
from core.workspace.endpoint import Tried
from dashboard import formats, session
from dashboard.charts.deployment import HEIGHT, RolloutMark, traffic_by_day
from dashboard.components.chart import chart
from dashboard.components.chip import link
from dashboard.components.empty import empty, problem
from dashboard.components.figures import Figure, figures
from dashboard.components.glossary import term
from dashboard.components.header import Primary, page_header
from dashboard.components.people import who
from dashboard.components.table import listing
from dashboard.formats import escape
from dashboard.vocabulary import ROLLOUTS, state_of

_TRIED = "deployment-tried"


def render() -> None:
    """Show the view."""
    project = session.project()
    life = session.life(project)
    deployment, champion = life.deployment, life.champion
    if deployment is None or champion is None:
        _nothing_yet(life)
        return
    workspace = session.workspace()
    health = workspace.deployment.health(project.id)
    commits = str(workspace.deployment.commits(project.id))
    traffic = session.load("traffic", project, lambda: workspace.deployment.traffic(project.id), commits)
    waits = _waits(life)
    primary = Primary(label=f"Release {waits.title}", icon="lock_open", key="deployment-release") if waits else None
    sentence = _sentence(life, deployment, champion, health, traffic)
    if page_header("Deployment status", sentence, project=project, primary=primary) and waits:
        session.go("release", id=waits.id)
    _watch(project.id, str(health.state))
    if traffic.held and traffic.held.broken:
        _contract_broken(life, traffic.held)
    _key_figures(health, traffic)
    _by_day(life, traffic)
    _in_service(life, deployment, traffic)
    _rollouts(life, deployment)
    _calling(project, health)


def _nothing_yet(life: Life) -> None:
    if life.versions:
        version = newest_waiting(life)
        sentence, action = (
            f"Nothing serves yet. **{escape(version.title)}** is registered. Next: **release it**.",
            "Go to its release",
        )
    else:
        sentence, action = "Nothing serves yet. Next: **register a run**.", "Go to the runs"
    page_header("Deployment status", sentence, project=life.project)
    if empty(
        "rocket_launch",
        "Nothing in service yet",
        "What answers at this project's endpoint appears here: who let it in, how fast it is, and how to call it.",
        action=action,
    ):
        session.go("release" if life.versions else "runs")


def _waits(life: Life) -> ModelVersion | None:
    version = newest_waiting(life)
    acts = {ReleaseStep.APPROVE, ReleaseStep.PROMOTE, ReleaseStep.JUDGE, ReleaseStep.DEPLOY}
    return version if release_step(life, version) in acts else None


# ---- head


def _sentence(
    life: Life, deployment: Deployment, champion: ModelVersion, health: EndpointHealth, traffic: Traffic
) -> str:
    approval = next((a for a in life.approvals if a.id == deployment.approval_id), None)
    let_in = ""
    if approval is not None:
        own = approval.state is ApprovalState.SELF_APPROVED
        let_in = f"; approved by {who(approval.by)}{' (self-approved)' if own else ''}"
    since = formats.day(_serving_since(life, champion), life.project.zone)
    name = f"**{escape(champion.title)}**"
    if health.state is EndpointState.DOWN:
        return f"{name} should serve since {since}, but its endpoint is **down**. {escape(health.sentence)}"
    speed = f", p95 {formats.metric(traffic.p95_ms, 'ms')}" if traffic.p95_ms is not None else ""
    word = "serving" if health.state is EndpointState.READY else state_of(health.state).word
    state = f"{name} **{word}** since {since}" if word == "serving" else f"{name} is **{word}**"
    call = "" if traffic.rows else " Nobody has called it yet. Next: **try it**, or replay later data."
    return f"{state}{speed}, {formats.plural(health.errors, 'error')}{let_in}.{call}"


def _serving_since(life: Life, champion: ModelVersion) -> Any:
    since = life.deployments[-1].on
    for deployment in reversed(life.deployments):
        if deployment.champion_id != champion.id:
            break
        since = deployment.on
    return since


@st.fragment(run_every=2)
def _watch(project_id: str, shown_state: str) -> None:
    """Show the endpoint's state as it is now, and the whole page anew when it changes."""
    health = session.workspace().deployment.health(project_id)
    if str(health.state) != shown_state:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="deployment-watch"):
        st.markdown(f"Endpoint {state_of(health.state).badge}", width="content")
        if health.sentence and health.state is not EndpointState.DOWN:
            st.markdown(f":gray[{escape(health.sentence)}]", width="content")
        if health.state is not EndpointState.DOWN:
            words = f"{formats.plural(health.requests, 'request')} since the scorer started, tries included"
            refused = f", {formats.count(health.refused)} refused" if health.refused else ""
            st.markdown(f":gray[{words}{refused}]", width="stretch", help=escape(health.last_error) or None)


def _contract_broken(life: Life, held: Held) -> None:
    """Say in one line that rows broke the contract lately; they were answered all the same."""
    worst, others = held.rules[0], len(held.rules) - 1
    also = f" ({formats.plural(worst.rows, 'row')}), and {formats.plural(others, 'other rule')}" if others else ""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="deployment-contract"):
        st.markdown(
            f":material/handshake: **{formats.count(held.broken)} of {formats.plural(held.rows, 'row')}** in the week "
            f"to {formats.day(held.until)} broke the contract: agreed is that {_agreed(life, worst)}{also}.",
            width="content",
            help="They were answered like any other; rows before a contract was accepted do not count. The prediction "
            "log tells which rows broke which rule.",
        )
        link("Look at the contract", "contract", icon="handshake")


def _agreed(life: Life, broken: BrokenRule) -> str:
    """Return a rule in words, as the version said it that the rows were held to."""
    version = next((version for version in life.contracts if version.number == broken.number), None)
    rules: tuple[Rule, ...] = version.contract.rules if version else ()
    said = [sentence(rule) for rule in rules if rule.key == broken.key and rule.severity is Severity.ERROR]
    return escape((" and ".join(said) or broken.key).replace("`", ""))


def _earlier(life: Life) -> ModelVersion | None:
    champion = life.champion
    earlier = [d for d in life.deployments if champion and d.champion_id != champion.id]
    return life.version(earlier[-1].champion_id) if earlier else None


@st.dialog("Roll back")
def _roll_back(project_id: str, target: ModelVersion, champion: ModelVersion) -> None:
    st.markdown(
        f"**{escape(target.title)}** answers again; {escape(champion.title)} listens on as a shadow. The counter-act "
        "is **Promote**."
    )
    reason = st.text_area("Why", key="deployment-reason", height=90)
    with st.container(horizontal=True, horizontal_alignment="right"):
        pressed = st.button("Roll back", type="primary", key="deployment-back-go", disabled=not reason.strip())
    if not pressed:
        return
    try:
        session.workspace().deployment.roll_back(project_id, reason)
    except FullcircleError as error:
        problem(str(error))
        return
    st.rerun()


# ---- figures and chart


def _key_figures(health: EndpointHealth, traffic: Traffic) -> None:
    up = health.state is not EndpointState.DOWN
    errors = formats.count(health.errors) if up else formats.NOTHING
    figures(
        [
            Figure(label="Rows logged", value=formats.count(traffic.rows), note=_days_words(traffic)),
            Figure(
                label="Requests",
                value=formats.count(traffic.requests),
                note="that brought them" if traffic.requests else "tries do not count",
            ),
            Figure(
                label="Response time, p95",
                value=formats.metric(traffic.p95_ms, "ms"),
                note="of these requests" if traffic.requests else "nothing to measure",
                help=term("p95"),
            ),
            Figure(label="Errors", value=errors, note="since the scorer started"),
        ]
    )


def _days_words(traffic: Traffic) -> str:
    if traffic.days.is_empty():
        return "nobody has called it yet"
    days = formats.plural(traffic.days.height, "day")
    return f"the last {days}" if traffic.days.height >= MOST_DAYS else f"on {days}"


def _by_day(life: Life, traffic: Traffic) -> None:
    if traffic.days.is_empty():
        st.markdown(":gray[Rows and response times appear here, day by day.]")
        return
    marks = [
        RolloutMark(on=d.on, title=version.title)
        for d in life.deployments
        if (version := life.version(d.champion_id)) is not None
    ]
    chart(
        traffic_by_day(traffic.days, marks, life.project.zone, session.theme()),
        key="deployment-traffic",
        alt="Rows that the endpoint answered each day, with the 95th percentile of each day's response times.",
        rows=traffic.days.rename({"day": "Day", "requests": "Requests", "rows": "Rows", "p95_ms": "p95, ms"}),
        method=(
            "From the prediction log, by the day of each row's event time in the project's time zone; days without "
            "rows are left out, and rows after the project's clock are judged once it gets there. Response time is "
            "measured in the scorer, from the request's arrival to the champion's answer, without the network and the "
            "log; a request counts once, whatever the number of its rows. **p95**: 95 of 100 requests took no longer "
            "(the next higher value that occurred). Nothing was sampled, so there is no interval. Dotted lines are "
            "changes of what serves."
        ),
        height=HEIGHT,
    )


# ---- tables


def _in_service(life: Life, deployment: Deployment, traffic: Traffic) -> None:
    versions = [v for v in map(life.version, (deployment.champion_id, *deployment.shadow_ids)) if v is not None]
    earlier, champion = _earlier(life), life.champion
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown("#### In service", width="stretch")
        if (
            earlier is not None
            and champion is not None
            and st.button(f"Roll back to {earlier.title}", icon=":material/undo:", key="deployment-back")
        ):
            _roll_back(life.project.id, earlier, champion)
    listing([_served(life, version, deployment, traffic) for version in versions], alt="The versions in service")
    with st.container(horizontal=True, gap="medium"):
        for version in versions:
            link(f"Open {version.title}", "model_version", icon="deployed_code", id=version.id)
        criteria = life.criteria_in_force
        if criteria:
            link("Thread", "thread", icon="timeline", criterion=criteria[0].id)


def _served(life: Life, version: ModelVersion, deployment: Deployment, traffic: Traffic) -> dict[str, str]:
    seen = traffic.of(version.id)
    agrees = formats.share(seen.agreement) if version.id != deployment.champion_id else formats.NOTHING
    run = life.run(version.run_id)
    return {
        "Version": f"**{escape(version.title)}**",
        "Role": "champion, answers" if version.id == deployment.champion_id else "shadow, listens",
        "Run": escape(run.name) if run else formats.NOTHING,
        "Rows logged": formats.count(seen.rows),
        "Decides as the champion": agrees,
    }


def _rollouts(life: Life, deployment: Deployment) -> None:
    st.markdown("#### Rollouts")
    zone = life.project.zone
    rows: list[dict[str, str]] = []
    for found in reversed(life.deployments):
        version = life.version(found.champion_id)
        name = escape(version.title) if version else formats.NOTHING
        rows.append(
            {
                "Revision": f"{found.revision}{' (in force)' if found.id == deployment.id else ''}",
                "On": formats.last_day(found.on, zone),
                "What": f"**{name}** {ROLLOUTS.get(found.act, found.act)}",
                "By": who(found.by),
                "Why": escape(found.reason) or formats.NOTHING,
            }
        )
    listing(rows, alt="What was put into service, the newest first")


# ---- calling it


def _calling(project: Project, health: EndpointHealth) -> None:
    workspace = session.workspace()
    body = session.load("example-request", project, lambda: workspace.deployment.example_request(project.id))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown("#### Call it", width="stretch")
        pressed = st.button(
            "Try it",
            icon=":material/send:",
            key="deployment-try",
            disabled=health.state is EndpointState.DOWN,
            help="Sends the row below once, marked as a try: answered like any other, never counted by monitoring.",
        )
    if pressed:
        _try(project, body)
    _answer(project)
    url = infer_url(workspace.settings.scorer_url, project.slug)
    shell, python, triton = st.tabs(["curl", "Python, httpx", "Python, tritonclient"])
    with shell:
        st.code(curl_call(url, body), language="bash", wrap_lines=True)
    with python:
        st.code(httpx_call(url, body), language="python")
    with triton:
        st.code(triton_call(workspace.settings.scorer_url, project.slug, body), language="python")
    st.markdown(
        ':gray[A row of the training data, in the Open Inference Protocol. Add] `"parameters": {"entity_ids": [...], '
        '"event_time": "..."}` :gray[so that labels find their rows; without a time, it is now.]'
    )


def _try(project: Project, body: Mapping[str, Any]) -> None:
    try:
        st.session_state[_TRIED] = (project.id, session.workspace().deployment.try_out(project.id, body))
    except FullcircleError as error:
        st.session_state.pop(_TRIED, None)
        problem(str(error))


def _answer(project: Project) -> None:
    kept = cast("tuple[str, Tried] | None", st.session_state.get(_TRIED))
    if kept is None or kept[0] != project.id:
        return
    tried = kept[1]
    regression = project.task is not None and project.task.kind is TaskKind.REGRESSION
    score = formats.metric(tried.score, "label" if regression else "score")
    said = f"**{score}**" if regression else f"**{escape(tried.predicted)}**, score **{score}**"
    st.markdown(
        f":material/check: Version {tried.version} answers {said} in {formats.metric(tried.milliseconds, 'ms')}, there "
        "and back."
    )
