"""Where a project's alerts go: a web address, e-mail, a test of both, and what became of a message."""

from collections.abc import Sequence

import streamlit as st

from core.errors import FullcircleError
from core.lifecycle.life import Life
from core.monitoring.routing import AlertRoutes, Delivery, DeliveryState
from core.people.actor import Permission
from dashboard import formats, session
from dashboard.components.empty import problem
from dashboard.vocabulary import CHANNELS, state_of


def alert_routes(life: Life) -> None:
    """Offer to say where alerts go, and to try it."""
    with st.popover("Where alerts go", icon=":material/send:", type="tertiary", key="routes"):
        if not session.workspace().actor.may(Permission.ADMINISTER):
            st.markdown("An owner of the project says where its alerts go.")
            return
        _form(life)
        _tests(life)


def _form(life: Life) -> None:
    routes = life.routes
    webhook = st.text_input(
        "Web address",
        value=routes.webhook if routes else "",
        placeholder="https://…",
        key="routes-webhook",
        help="Each alert is sent there once, as JSON with a `text` that chat programs show.",
    )
    emails = st.text_input(
        "E-mail addresses",
        value=", ".join(routes.emails) if routes else "",
        placeholder="name@example.com, …",
        key="routes-emails",
    )
    if not session.workspace().settings.smtp_host:
        st.markdown(":gray[No mail server is named yet: the operator names one with `FULLCIRCLE_SMTP_HOST`.]")
    if not st.button("Save", key="routes-save"):
        return
    try:
        session.workspace().routing.lead(life.project.id, webhook=webhook, emails=emails.split(","))
    except FullcircleError as error:
        problem(str(error))
        return
    st.rerun()


def _tests(life: Life) -> None:
    routes = life.routes
    if routes is None or not routes.channels:
        return
    if st.button("Send a test", icon=":material/outgoing_mail:", type="tertiary", key="routes-test"):
        session.workspace().routing.test(life.project.id)
        st.rerun()
    newest = {delivery.channel: delivery for delivery in life.deliveries_of(None)}
    _waiting([delivery.id for delivery in newest.values() if delivery.channel in routes.channels])


@st.fragment(run_every=2)
def _waiting(delivery_ids: Sequence[str]) -> None:
    for delivery_id in delivery_ids:
        st.markdown(said(session.workspace().routing.delivery(delivery_id), "Test"))


def said(delivery: Delivery, what: str) -> str:
    """Return what became of a message, as Markdown: ``Test by webhook: sent``."""
    text = f"{state_of(delivery.state).badge} {what} {CHANNELS[delivery.channel]}"
    return f"{text}: {formats.escape(delivery.error)}" if delivery.error else text


def leads(routes: AlertRoutes | None) -> str:
    """Return where alerts go, in words."""
    if routes is None or not routes.channels:
        return "Alerts are sent nowhere yet; they wait on you here."
    return f"Alerts are sent {formats.sentence(CHANNELS[channel] for channel in routes.channels)}."


def messages(life: Life, alert_id: str) -> None:
    """Say what became of the messages about an alert; one that could not be sent may be sent again."""
    for delivery in life.deliveries_of(alert_id):
        with st.container(horizontal=True, vertical_alignment="center", key=f"message-{delivery.channel}"):
            st.markdown(said(delivery, "Sending"), width="content")
            if delivery.state in {DeliveryState.FAILED, DeliveryState.MUTED}:
                st.button(
                    "Send again",
                    icon=":material/replay:",
                    type="tertiary",
                    key=f"send-again-{delivery.channel}",
                    on_click=_send_again,
                    args=(delivery.id,),
                )


def _send_again(delivery_id: str) -> None:
    session.workspace().routing.send_again(delivery_id)
