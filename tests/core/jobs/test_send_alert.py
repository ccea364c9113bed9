"""An alert is sent once an onset, to a real web server and a real mail server on this machine."""

import socketserver
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson
import pytest

from core.errors import Conflict, InvalidInput, NotPermitted, Unavailable
from core.ids import new_id
from core.job import JobState
from core.jobs.kinds import send_alert
from core.monitoring.routing import Channel, DeliveryState
from core.monitoring.window import Alert
from core.people.actor import Actor, Role
from core.scoping.criterion import Criterion
from core.settings import Settings
from core.statistics.estimate import Estimate, Interval
from core.workspace.routing import announce
from core.workspace.workspace import Workspace
from tests.small_projects import carry_out

CLOCK = datetime(2013, 4, 29, 4, tzinfo=UTC)  # midnight in New York
LOW = Estimate(value=0.144, interval=Interval(lower=0.073, upper=0.218), n=100, n_blocks=14)


class WebServer(ThreadingHTTPServer):
    """Keeps what it was sent and answers with ``status``."""

    def __init__(self) -> None:
        self.status, self.seen = 200, list[tuple[dict[str, str], Any]]()
        super().__init__(("127.0.0.1", 0), _Post)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hook"


class _Post(BaseHTTPRequestHandler):
    server: WebServer

    def do_POST(self) -> None:
        content = orjson.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.seen.append(({name.lower(): value for name, value in self.headers.items()}, content))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


class MailServer(socketserver.ThreadingTCPServer):
    """Speaks as much SMTP (RFC 5321) as taking a message needs; refuses receivers at ``nobody.example``."""

    def __init__(self) -> None:
        self.taken: list[tuple[list[str], bytes]] = []
        super().__init__(("127.0.0.1", 0), _Smtp)


class _Smtp(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.receivers: list[str] = []
        self._say("220 here")
        for line in self.rfile:
            verb, text = line[:4].upper(), line.decode().strip()
            if verb == b"RCPT" and text.endswith("@nobody.example>"):
                self._say("550 no such person")
            elif verb == b"RCPT":
                self.receivers.append(text.partition("<")[2].rstrip(">"))
                self._say("250 ok")
            elif verb == b"DATA":
                self._say("354 go on")
                content = b"".join(iter(self.rfile.readline, b".\r\n"))
                self.server.taken.append((self.receivers, content))
                self._say("250 taken")
            elif verb == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


def serving(server: socketserver.TCPServer) -> Iterator[Any]:
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def web() -> Iterator[WebServer]:
    yield from serving(WebServer())


@pytest.fixture
def mail() -> Iterator[MailServer]:
    yield from serving(MailServer())


@pytest.fixture
def workspace(settings: Settings, mail: MailServer, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setattr(send_alert, "_PAUSES", (0.0, 0.0))
    to_mail = {"smtp_host": "127.0.0.1", "smtp_port": mail.server_address[1], "smtp_security": "none"}
    allowed = {"outgoing_allowed": "127.0.0.1", "public_address": "https://fullcircle.example/"}
    return Workspace.open(settings.model_copy(update=to_mail | allowed))


@pytest.fixture
def project_id(workspace: Workspace) -> str:
    return workspace.projects.begin("Flights", time_zone="America/New_York", clock=CLOCK).id


def raised(workspace: Workspace, project_id: str, **changes: Any) -> Alert:
    draft = Criterion(
        id="", project_id="", key="", metric="recall", parameters={}, direction=">=", threshold=0.3, created_at=CLOCK
    )
    criterion = workspace.scoping.agree(project_id, [draft])[0]
    alert = Alert(
        id=new_id(),
        project_id=project_id,
        criterion_id=criterion.id,
        window_id="w",
        model_version_id="m",
        onset=CLOCK,
        estimate=LOW,
        created_at=CLOCK,
        **changes,
    )
    with workspace.routing._desk.act(project_id) as act:
        act.records.add(alert)
        announce(act, alert)
        announce(act, alert)
    return alert


def do_all(workspace: Workspace) -> None:
    for job in workspace.jobs.running():
        carry_out(workspace, job)


def states(workspace: Workspace, project_id: str) -> dict[Channel, DeliveryState]:
    return {d.channel: d.state for d in workspace.thread.life(project_id).deliveries}


def test_an_alert_is_sent_once_on_each_channel(workspace: Workspace, project_id: str, web: WebServer, mail: MailServer):
    workspace.routing.lead(project_id, webhook=web.url, emails=["ada@example.com", " bob@example.com ", ""])
    alert = raised(workspace, project_id)
    jobs = workspace.jobs.running()
    assert len(jobs) == 2
    for job in jobs * 2:  # as a worker does that died after sending
        for step in send_alert.SEND_ALERT.steps:
            step(workspace, job)
    assert states(workspace, project_id) == dict.fromkeys(Channel, DeliveryState.SENT)
    ((headers, body),) = web.seen
    delivery = next(d for d in workspace.thread.life(project_id).deliveries if d.channel is Channel.WEBHOOK)
    assert headers["idempotency-key"] == body["delivery"] == delivery.id
    assert body["link"] == f"https://fullcircle.example/alert?project=flights&id={alert.id}"
    assert body["text"] == (
        "Flights: K1, recall: 0.144 [0.073, 0.218] in the window to 28 Apr 2013, agreed >= 0.3: not met."
    )
    assert body["alert"]["estimate"] == {"value": 0.144, "lower": 0.073, "upper": 0.218, "rows": 100, "blocks": 14}
    ((receivers, content),) = mail.taken
    message = message_from_bytes(content)
    assert receivers == ["ada@example.com", "bob@example.com"]
    assert message["Subject"] == "Flights: alert on K1"
    assert body["link"] in message.get_payload(decode=True).decode()


def test_what_is_muted_is_not_sent(workspace: Workspace, project_id: str, web: WebServer):
    workspace.routing.lead(project_id, webhook=web.url)
    raised(workspace, project_id, muted_until=CLOCK + timedelta(days=1), mute_reason="A strike.")
    do_all(workspace)
    assert states(workspace, project_id) == {Channel.WEBHOOK: DeliveryState.MUTED}
    assert web.seen == []


def test_a_failure_is_kept_as_a_sentence_and_sent_again(workspace: Workspace, project_id: str, web: WebServer):
    web.status = 503
    workspace.routing.lead(project_id, webhook=web.url)
    raised(workspace, project_id)
    with pytest.raises(Unavailable, match="status 503"):
        do_all(workspace)
    assert len(web.seen) == 3
    (failed,) = workspace.thread.life(project_id).deliveries
    assert failed.state is DeliveryState.FAILED
    assert "127.0.0.1 refuses the message (status 503)" in failed.error
    workspace.jobs.fail(workspace.jobs.running()[0].id, failed.error)
    web.status = 204
    workspace.routing.send_again(failed.id)
    do_all(workspace)
    assert states(workspace, project_id) == {Channel.WEBHOOK: DeliveryState.SENT}
    with pytest.raises(Conflict, match="sent already"):
        workspace.routing.send_again(failed.id)


def test_a_test_names_the_project_and_no_alert(workspace: Workspace, project_id: str, web: WebServer, mail: MailServer):
    workspace.routing.lead(project_id, webhook=web.url, emails=["ada@example.com"])
    workspace.routing.test(project_id)
    do_all(workspace)
    assert (web.seen[0][1]["event"], web.seen[0][1]["alert"]) == ("test", None)
    assert message_from_bytes(mail.taken[0][1])["Subject"] == "Flights: a test"
    assert {job.state for job in workspace.jobs.recent()} == {JobState.FINISHED}


def test_a_private_address_is_not_called_unless_the_operator_allows_it(settings: Settings, web: WebServer):
    workspace = Workspace.open(settings)
    project = workspace.projects.begin("Flights")
    workspace.routing.lead(project.id, webhook=web.url)
    workspace.routing.test(project.id)
    with pytest.raises(InvalidInput, match="private network"):
        do_all(workspace)
    assert web.seen == []


def test_a_receiver_who_is_refused_is_named(workspace: Workspace, project_id: str, mail: MailServer):
    workspace.routing.lead(project_id, emails=["eve@nobody.example"])
    workspace.routing.test(project_id)
    with pytest.raises(Unavailable, match=r"refuses eve@nobody\.example"):
        do_all(workspace)
    assert mail.taken == []


def test_without_a_mail_server_it_is_said_who_names_one(settings: Settings):
    workspace = Workspace.open(settings)
    project = workspace.projects.begin("Flights")
    workspace.routing.lead(project.id, emails=["ada@example.com"])
    workspace.routing.test(project.id)
    with pytest.raises(Conflict, match="FULLCIRCLE_SMTP_HOST"):
        do_all(workspace)


@pytest.mark.parametrize(
    "address", ["ada", "ada@", "a@b\r\nBcc: eve@example.com", "a b@example.com", "<ada@example.com>"]
)
def test_what_is_no_address_is_refused(workspace: Workspace, project_id: str, address: str):
    with pytest.raises(InvalidInput, match="no e-mail address"):
        workspace.routing.lead(project_id, emails=[address])
    assert workspace.routing.routes(project_id) is None


def test_only_an_owner_says_where_alerts_go(workspace: Workspace, project_id: str):
    approver = Workspace.open(workspace.settings, Actor(id="bob", name="Bob", role=Role.APPROVER))
    with pytest.raises(NotPermitted, match="may not administer"):
        approver.routing.lead(project_id, emails=["ada@example.com"])


def test_the_ledger_keeps_how_many_addresses_there_are_and_none_of_them(workspace: Workspace, project_id: str):
    workspace.routing.lead(project_id, webhook="https://example.com/secret", emails=["ada@example.com"])
    event = workspace.thread.ledger(project_id)[-1]
    assert (event.kind, event.body) == ("routes.changed", {"webhooks": 1, "emails": 1})
