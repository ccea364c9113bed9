"""What 1 GB through the page costs the server in memory, beside Streamlit's own uploader in the same run."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import sync_playwright

from core.service import token
from core.service.upload import uploaded
from core.settings import Settings
from tests.browser.chromium import ARGUMENTS, executable
from tests.fullcircle_process import Web

SIZE, PIECE = 10**9, 8 * 2**20
MOST = 100 * 10**6
KEY = "the key of the benchmark"
PEER = "import streamlit as st\nfile = st.file_uploader('Drop', max_upload_size=2000)\nst.write(file and file.size)\n"


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return 1 GB of CSV in which no block is like another."""
    path = tmp_path_factory.mktemp("large") / "large.csv"
    with path.open("wb") as file:
        file.write(b"id,value\n")
        while file.tell() < SIZE:
            number = file.tell()
            file.write(b"".join(b"%d,%s\n" % (number + i, os.urandom(24).hex().encode()) for i in range(20_000)))
    os.truncate(path, SIZE)
    return path


def memory(process_id: int, figure: str) -> int:
    status = Path(f"/proc/{process_id}/status").read_text()
    found = re.search(rf"^{figure}:\s+(\d+) kB", status, re.MULTILINE)
    assert found
    return 1024 * int(found[1])


def measured(name: str, process_id: int, send: Callable[[], None]) -> int:
    """Send the file, say what it cost, return by how much the highest memory lies above that before."""
    Path(f"/proc/{process_id}/clear_refs").write_text("5")  # the highest memory counts from now
    before, began = memory(process_id, "VmRSS"), time.perf_counter()
    send()
    seconds, peak = time.perf_counter() - began, memory(process_id, "VmHWM")
    after = memory(process_id, "VmRSS")
    megabytes = [f"{figure / 1e6:,.0f} MB" for figure in (before, peak, after, peak - before)]
    print(
        f"\n{name}: before {megabytes[0]}, peak {megabytes[1]}, after {megabytes[2]}: +{megabytes[3]}, {seconds:.1f} s"
    )
    return peak - before


@pytest.fixture
def web(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    monkeypatch.setattr(token, "_KEY", KEY.encode())
    running = Web(tmp_path, KEY)
    yield running
    running.kill()


def test_the_routes_by_themselves(web: Web, large: Path) -> None:
    client = httpx.Client(base_url=web.address, trust_env=False, timeout=300)
    begun: dict[str, str] = {}

    def send() -> None:
        announced = {"name": large.name, "size": SIZE}
        allowed = {"X-Upload-Token": token.page_token()}
        begun.update(client.post("/api/v1/uploads", headers=allowed, json=announced).json())
        with large.open("rb") as file:
            while piece := file.read(PIECE):
                offset = {"Upload-Offset": str(file.tell() - len(piece))}
                headers = {"X-Upload-Token": begun["token"], **offset}
                assert client.patch(begun["address"], headers=headers, content=piece).status_code == 204

    more = measured("Fullcircle, 1 GB over HTTP", web.process.pid, send)
    with large.open("rb") as file:
        digest = sha256()
        while piece := file.read(PIECE):
            digest.update(piece)
    assert uploaded(Settings(home=web.home), begun["id"]).sha256 == digest.hexdigest()
    assert more <= MOST
    client.close()


def test_the_page(web: Web, large: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        page = browser.new_page()
        page.goto(f"{web.address}/check")
        zone = page.locator("input[type=file]").last
        zone.wait_for(state="attached", timeout=60_000)

        def send() -> None:
            zone.set_input_files(str(large))
            page.get_by_text("Reading").first.wait_for(timeout=300_000)

        more = measured("Fullcircle, 1 GB through the page", web.process.pid, send)
        browser.close()
    assert more <= MOST


def test_the_peer(large: Path, tmp_path: Path) -> None:
    script = tmp_path / "peer.py"
    script.write_text(PEER)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.headless=true"]
    options = [f"--server.port={port}", "--server.maxUploadSize=2000", "--browser.gatherUsageStats=false"]
    peer = subprocess.Popen([*command, *options], stdout=subprocess.DEVNULL, cwd=tmp_path)
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
            page = browser.new_page()
            while True:
                try:
                    page.goto(f"http://127.0.0.1:{port}")
                    break
                except Exception:  # noqa: BLE001 - it is not up yet
                    assert peer.poll() is None
                    time.sleep(0.2)
            zone = page.locator("input[type=file]").last
            zone.wait_for(state="attached", timeout=60_000)

            def send() -> None:
                zone.set_input_files(str(large))
                page.get_by_text(str(SIZE)).first.wait_for(timeout=300_000)

            measured("st.file_uploader, 1 GB through its page", peer.pid, send)
            browser.close()
    finally:
        peer.kill()
        peer.wait()
