"""The guard of outgoing calls, against a real server on this machine: an address that is not public."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from core import outgoing
from core.errors import InvalidInput, Unavailable

LOCAL = ("127.0.0.0/8",)


class Receiver(ThreadingHTTPServer):
    """Keeps what it was sent; ``status`` and ``answer`` are what it says."""

    def __init__(self) -> None:
        self.status, self.answer, self.location = 200, b"ok", ""
        self.seen: list[tuple[str, dict[str, str], bytes]] = []
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.server_port}/hook?key=1"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["content-length"]))
        self.server.seen.append((self.path, dict(self.headers.items()), content))
        self.send_response(self.server.status)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.send_header("Content-Length", str(len(self.server.answer)))
        self.end_headers()
        self.wfile.write(self.server.answer)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",  # where clouds keep their credentials
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fe80::1%eth0",
        "fc00::1",
        "fec0::1",
        "::ffff:127.0.0.1",
        "2002:7f00:1::",
        "64:ff9b::a00:1",
        "localhost",
    ],
)
def test_what_is_not_of_the_open_internet_is_not_public(address: str):
    assert not outgoing.is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822"])
def test_what_is_of_the_open_internet_is_public(address: str):
    assert outgoing.is_public(address)


@pytest.mark.parametrize(
    "text", ["", "hook", "ftp://example.com", "file:///etc/passwd", "http://", "https://u:p@example.com", "http://[::1"]
)
def test_what_is_no_web_address_is_refused(text: str):
    with pytest.raises(InvalidInput):
        outgoing.parse(text)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"])
def test_this_machine_is_not_called_however_it_is_written(receiver: Receiver, host: str):
    with pytest.raises(InvalidInput, match="private network"):
        outgoing.post(f"http://{host}:{receiver.server_port}/", b"{}", headers={}, allowed=())
    assert receiver.seen == []


@pytest.mark.parametrize("allowed", [LOCAL, ("localhost",)])
def test_what_the_operator_allows_is_called_under_its_name(receiver: Receiver, allowed: tuple[str, ...]):
    json = {"content-type": "application/json"}
    outgoing.post(receiver.url, b'{"a": 1}', headers=json, allowed=(*allowed, "::1/128"))
    ((path, headers, content),) = receiver.seen
    assert (path, content) == ("/hook?key=1", b'{"a": 1}')
    assert {name.lower(): value for name, value in headers.items()}["host"] == f"localhost:{receiver.server_port}"


def test_a_redirect_is_not_followed(receiver: Receiver):
    receiver.status, receiver.location = 307, receiver.url
    with pytest.raises(Unavailable, match="redirect"):
        outgoing.post(receiver.url, b"{}", headers={}, allowed=("localhost",))
    assert len(receiver.seen) == 1


def test_a_refusal_is_told_with_its_status(receiver: Receiver):
    receiver.status = 410
    with pytest.raises(Unavailable, match="status 410"):
        outgoing.post(receiver.url, b"{}", headers={}, allowed=("localhost",))


def test_of_an_endless_answer_only_the_beginning_is_read(receiver: Receiver):
    receiver.answer = b"x" * (50 << 20)
    outgoing.post(receiver.url, b"{}", headers={}, allowed=("localhost",))


def test_nobody_there_is_told_with_the_host():
    with pytest.raises(Unavailable, match="localhost cannot be reached"):
        outgoing.post("http://localhost:9/", b"{}", headers={}, allowed=("localhost",))


def test_a_server_that_keeps_silent_is_left_after_the_deadline(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(outgoing, "SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises(Unavailable):
            outgoing.post(url, b"{}", headers={}, allowed=LOCAL)
