"""Sending a message about an alert: by webhook to the project's address, by e-mail through the operator's server."""

import smtplib
import ssl
from collections.abc import Callable, Mapping

import orjson

from core import outgoing
from core.errors import Conflict, InvalidInput, Unavailable
from core.monitoring.message import body, email
from core.monitoring.routing import AlertRoutes, Channel, Delivery
from core.settings import Settings
from core.workspace.workspace import Workspace

_SMTP_SECONDS = 10.0


def deliver(workspace: Workspace, delivery: Delivery) -> None:
    """Send a message on its channel.

    Raises
    ------
    Conflict
        The channel leads nowhere any more, or the operator has named no mail server.
    InvalidInput
        The address may not be called.
    Unavailable
        The other side does not take it.
    """
    routes = workspace.routing.routes(delivery.project_id)
    if routes is None or delivery.channel not in routes.channels:
        raise Conflict("Alerts of this project no longer go there. Say where they go, then send again.")
    _SENDERS[delivery.channel](workspace, delivery, routes)


def _by_webhook(workspace: Workspace, delivery: Delivery, routes: AlertRoutes) -> None:
    project, told = workspace.projects.get(delivery.project_id), workspace.routing.told(delivery)
    content = orjson.dumps(body(project, delivery, told, link=_link(workspace, delivery, project.slug)))
    outgoing.post(
        routes.webhook,
        content,
        headers={"content-type": "application/json", "user-agent": "Fullcircle", "idempotency-key": delivery.id},
        allowed=workspace.settings.outgoing_allowed.split(),
    )


def _by_email(workspace: Workspace, delivery: Delivery, routes: AlertRoutes) -> None:
    settings, project = workspace.settings, workspace.projects.get(delivery.project_id)
    if not settings.smtp_host:
        raise Conflict("No mail server is named. The operator names one with FULLCIRCLE_SMTP_HOST; then send again.")
    link = _link(workspace, delivery, project.slug)
    message = email(project, delivery, workspace.routing.told(delivery), link=link)
    message["From"], message["To"] = settings.smtp_from, ", ".join(routes.emails)
    server = f"{settings.smtp_host}:{settings.smtp_port}"
    try:
        with _connected(settings) as connection:
            refused = connection.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        raise Unavailable(f"The mail server {server} does not take the message ({_reason(error)}).") from error
    if refused:
        raise Unavailable(
            f"The mail server {server} refuses {', '.join(sorted(refused))}; the others have the message."
        )


def _connected(settings: Settings) -> smtplib.SMTP:
    host, port, context = settings.smtp_host, settings.smtp_port, ssl.create_default_context()
    if settings.smtp_security == "tls":
        connection = smtplib.SMTP_SSL(host, port, timeout=_SMTP_SECONDS, context=context)
    else:
        connection = smtplib.SMTP(host, port, timeout=_SMTP_SECONDS)
    try:
        if settings.smtp_security == "starttls":
            connection.starttls(context=context)
        if settings.smtp_user:
            connection.login(settings.smtp_user, settings.smtp_password.get_secret_value())
    except BaseException:
        connection.close()
        raise
    return connection


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return f"it refuses {', '.join(sorted(error.recipients))}"
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return f"{error.smtp_code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"[:200]
    return str(error)[:200] or type(error).__name__


def _link(workspace: Workspace, delivery: Delivery, slug: str) -> str:
    base = workspace.settings.public_address.rstrip("/") or f"http://localhost:{workspace.settings.web_port}"
    page = f"alert?project={slug}&id={delivery.alert_id}" if delivery.alert_id else f"cases?project={slug}"
    return f"{base}/{page}"


_SENDERS: Mapping[Channel, Callable[[Workspace, Delivery, AlertRoutes], None]] = {
    Channel.WEBHOOK: _by_webhook,
    Channel.EMAIL: _by_email,
}

REFUSALS = (Conflict, InvalidInput, Unavailable)
"""What may keep a message from being sent."""
