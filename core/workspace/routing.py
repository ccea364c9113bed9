"""Acts on where alerts are sent: say where, try it, send again; and what became of each message."""

from collections.abc import Iterable
from dataclasses import replace

from core import outgoing
from core.deployment.model_version import ModelVersion
from core.errors import Conflict
from core.ids import new_id
from core.monitoring.message import Told
from core.monitoring.routing import AlertRoutes, Channel, Delivery, DeliveryState, checked_emails, delivery_id
from core.monitoring.window import Alert, Window
from core.people.actor import Permission
from core.scoping.criterion import Criterion
from core.workspace.act import Act, Desk, wall_time

_BY = {Channel.WEBHOOK: "by webhook", Channel.EMAIL: "by e-mail"}


class Routing:
    """Where the alerts of projects go."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self, project_id: str) -> AlertRoutes | None:
        """Return where a project's alerts go; ``None`` where nobody has said so."""
        return next(iter(self._desk.all(AlertRoutes, project_id)), None)

    def lead(self, project_id: str, *, webhook: str = "", emails: Iterable[str] = ()) -> AlertRoutes:
        """Say where a project's alerts go. The ledger keeps how many addresses there are, never what they are.

        Raises
        ------
        InvalidInput
            An address is none.
        """
        address = str(outgoing.parse(webhook)) if webhook.strip() else ""
        receivers = checked_emails(emails)
        with self._desk.act(project_id, Permission.ADMINISTER) as act:
            old = act.records.first(AlertRoutes, project_id=project_id)
            routes = AlertRoutes(
                id=old.id if old else new_id(),
                project_id=project_id,
                webhook=address,
                emails=receivers,
                created_at=old.created_at if old else act.at,
            )
            (act.records.replace if old else act.records.add)(routes)
            act.enter("routes.changed", routes, webhooks=int(bool(address)), emails=len(receivers))
            return routes

    def test(self, project_id: str) -> list[Delivery]:
        """Ask for a test message on every channel.

        Raises
        ------
        Conflict
            Alerts of this project go nowhere yet.
        """
        with self._desk.act(project_id, Permission.ADMINISTER) as act:
            routes = act.records.first(AlertRoutes, project_id=project_id)
            if routes is None or not routes.channels:
                raise Conflict("There is no address to test yet. Give a web address or an e-mail address first.")
            return [_requested(act, None, channel, new_id()) for channel in routes.channels]

    def send_again(self, delivery_id: str) -> Delivery:
        """Ask for a message to be sent that was not.

        Raises
        ------
        Conflict
            It was sent, or waits for its turn.
        """
        with self._desk.act(self.delivery(delivery_id).project_id) as act:
            delivery = act.records.get(Delivery, delivery_id)
            if delivery.state in {DeliveryState.SENT, DeliveryState.WAITING}:
                raise Conflict("This message was sent already, or is about to be.")
            again = replace(delivery, state=DeliveryState.WAITING, error="", finished_at=None)
            act.records.replace(again)
            act.request("send_alert", _title(again), {"delivery_id": again.id})
            return again

    def delivery(self, delivery_id: str) -> Delivery:
        """Return a message.

        Raises
        ------
        NotFound
            There is no such message.
        """
        return self._desk.one(Delivery, delivery_id)

    def told(self, delivery: Delivery) -> Told | None:
        """Return what a message tells; ``None`` for a test."""
        if delivery.alert_id is None:
            return None
        alert = self._desk.one(Alert, delivery.alert_id)
        with self._desk.storage.read() as records:
            return Told(
                alert=alert,
                criterion=records.get(Criterion, alert.criterion_id),
                window=records.first(Window, id=alert.window_id),
                version=records.first(ModelVersion, id=alert.model_version_id),
            )

    def settle(self, delivery_id: str, state: DeliveryState, error: str = "") -> Delivery:
        """Record what became of a message."""
        with self._desk.act(self.delivery(delivery_id).project_id) as act:
            delivery = act.records.get(Delivery, delivery_id)
            settled = replace(delivery, state=state, error=error, finished_at=wall_time())
            act.records.replace(settled)
            if state is DeliveryState.SENT and delivery.alert_id:
                act.enter("alert.sent", act.records.get(Alert, delivery.alert_id), channel=delivery.channel)
            return settled


def announce(act: Act, alert: Alert) -> None:
    """Ask for an alert to be sent on every channel of its project: once an onset, whoever asks again."""
    routes = act.records.first(AlertRoutes, project_id=act.project.id)
    for channel in routes.channels if routes else ():
        chosen = delivery_id(alert.id, channel)
        if act.records.first(Delivery, id=chosen) is None:
            _requested(act, alert.id, channel, chosen)


def _requested(act: Act, alert_id: str | None, channel: Channel, chosen: str) -> Delivery:
    delivery = Delivery(id=chosen, project_id=act.project.id, alert_id=alert_id, channel=channel, created_at=act.at)
    act.records.add(delivery)
    act.request("send_alert", _title(delivery), {"delivery_id": chosen})
    return delivery


def _title(delivery: Delivery) -> str:
    return f"Send {'an alert' if delivery.alert_id else 'a test'} {_BY[delivery.channel]}"
