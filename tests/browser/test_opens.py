"""The page opens from one command: styled, without a request that leaves the machine, without a policy violation."""

import re

import pytest
from playwright.sync_api import ConsoleMessage, Page, Request, expect

from tests.browser.conftest import Start

pytestmark = pytest.mark.browser


def test_an_empty_workspace_opens_and_stays_on_this_machine(page: Page, fullcircle: Start) -> None:
    complaints: list[str] = []
    outside: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    def asked(request: Request) -> None:
        if not re.match(r"(https?://127\.0\.0\.1:|data:|blob:)", request.url):
            outside.append(request.url)

    page.on("console", heard)
    page.on("request", asked)
    page.goto(fullcircle().address)
    expect(page.get_by_test_id("stSidebar")).to_be_visible(timeout=30_000)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    page.wait_for_load_state("networkidle")
    assert outside == []
    assert complaints == []
    assert "Instrument Sans" in page.evaluate("getComputedStyle(document.body).fontFamily")
