"""Send one message about an alert: once, unless a worker dies between sending and saying so."""

import time

from core.errors import Unavailable
from core.job import Job
from core.jobs.kind import JobKind
from core.jobs.messaging import REFUSALS, deliver
from core.monitoring.routing import Delivery, DeliveryState
from core.workspace.workspace import Workspace

_PAUSES = (2.0, 8.0)  # seconds before the second and the third try


def send(workspace: Workspace, job: Job) -> None:
    """Send what is still to be sent; what was muted meanwhile stays here. A failure is told on the alert's page too."""
    delivery = workspace.routing.delivery(job.arguments["delivery_id"])
    if delivery.state is not DeliveryState.WAITING:
        return
    told = workspace.routing.told(delivery)
    project = workspace.projects.get(delivery.project_id)
    if told and told.alert.muted(project.now(job.created_at)):
        workspace.routing.settle(delivery.id, DeliveryState.MUTED)
        return
    try:
        _patiently(workspace, job, delivery)
    except REFUSALS as error:
        workspace.routing.settle(delivery.id, DeliveryState.FAILED, str(error))
        raise
    workspace.routing.settle(delivery.id, DeliveryState.SENT)


def _patiently(workspace: Workspace, job: Job, delivery: Delivery) -> None:
    for number, pause in enumerate(_PAUSES, start=1):
        workspace.jobs.progress(job.id, number / 4, "sending")
        try:
            return deliver(workspace, delivery)
        except Unavailable:
            time.sleep(pause)
    return deliver(workspace, delivery)


SEND_ALERT = JobKind(name="send_alert", title="Send an alert", steps=(send,))
