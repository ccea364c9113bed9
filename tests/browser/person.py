"""A person at the browser: opens, presses, drops, reads; waits for what is to come and never for time to pass."""

import re
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import ConsoleMessage, Error, Locator, Page, Request, WebSocket, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

PATIENCE = 60_000
"""Milliseconds for an answer of the page on a busy machine."""
JOB = 240_000
"""Milliseconds for a background job on a busy machine."""
ROW = 34
"""Pixels of a row of a table, its head included."""
_SCROLL = "(scroller, top) => { scroller.scrollTop = top; return scroller.scrollTop; }"
_STILL = """() => {
  const app = document.querySelector('[data-testid=stApp]');
  const still = app && app.dataset.testScriptState === 'notRunning'
    && !document.querySelector('[data-testid=stSkeleton],[data-testid=stAppSkeleton]');
  window.stillFor = still ? (window.stillFor || 0) + 1 : 0;
  return window.stillFor > 3;
}"""
_STREAMLITS_OWN = re.compile(r"/_stcore/(health|host-config)$")
_HERE = re.compile(r"(https?|ws)://127\.0\.0\.1:|data:|blob:")


class Talk:
    """What the page and its server say to one another: whether each question of the page has been answered."""

    def __init__(self, socket: WebSocket) -> None:
        self.socket = socket
        self.open = False
        """A question was asked and no script has begun since, or one has begun and not ended."""
        socket.on("framesent", self._sent)
        socket.on("framereceived", self._received)

    def _sent(self, payload: str | bytes) -> None:
        if isinstance(payload, bytes) and BackMsg.FromString(payload).HasField("rerun_script"):
            self.asked = self.open = True

    def _received(self, payload: str | bytes) -> None:
        said = ForwardMsg.FromString(payload).WhichOneof("type") if isinstance(payload, bytes) else ""
        if said == "new_session":
            self.asked = False
        elif said == "script_finished" and not self.asked:
            self.open = False

    asked = False

    def wait(self) -> None:
        """Wait until the next word of the server, where an answer is due."""
        if self.open and not self.socket.is_closed():
            self.socket.wait_for_event("framereceived", timeout=PATIENCE)


class Person:
    """Somebody at a page of Fullcircle. ``complaints`` and ``outside`` are what the browser said meanwhile."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.complaints: list[str] = []
        self.outside: list[str] = []
        page.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        page.on("console", self._hear)
        page.on("pageerror", self._fail)
        page.on("request", self._ask)
        page.on("websocket", self._talk)

    def _hear(self, message: ConsoleMessage) -> None:
        # after a link to a view, Streamlit looks for its server below that view first, and is told 404
        probe = "404" in message.text and _STREAMLITS_OWN.search(message.location.get("url", ""))
        if message.type == "error" and not probe:
            self.complaints.append(f"{message.text} {message.location.get('url', '')}")

    def _fail(self, error: Error) -> None:
        self.complaints.append(str(error))

    def _ask(self, request: Request) -> None:
        if not _HERE.match(request.url):
            self.outside.append(request.url)

    def _talk(self, socket: WebSocket) -> None:
        self.talk = Talk(socket)

    talk: Talk | None = None

    # Going somewhere

    def open(self, view: str, **parameters: str) -> None:
        """Open a view by its address."""
        self.page.goto(f"{self.address}/{view}?{urlencode(parameters)}")
        self.settled()

    def refresh(self) -> None:
        """Press F5."""
        self.page.reload()
        self.settled()

    def enter(self, title: str, *, heading: str = "") -> None:
        """Choose an entry of the sidebar and wait for its view, under its own title unless ``heading`` is given."""
        self.page.get_by_test_id("stSidebar").get_by_role("link", name=title, exact=True).first.click()
        self.at(heading or title)

    def at(self, title: str, *, patience: int = PATIENCE) -> None:
        """Wait until the view with this title is there."""
        expect(self.page.get_by_role("heading", name=title, level=1, exact=True)).to_be_visible(timeout=patience)
        self.settled()

    def follow(self, name: str | re.Pattern[str]) -> None:
        """Follow a link of the view."""
        self.settled()
        self.view.get_by_role("link", name=name).first.click()
        self.settled()

    # Doing something

    @property
    def view(self) -> Locator:
        """The view beside the sidebar."""
        return self.page.get_by_test_id("stMain")

    @property
    def dialog(self) -> Locator:
        """The dialog that is open."""
        return self.page.get_by_role("dialog")

    def press(self, name: str | re.Pattern[str], *, within: Locator | None = None) -> None:
        """Press a button of the view, or of what is ``within``."""
        self.settled()
        (within or self.view).get_by_role("button", name=name).first.click()

    def drop(self, *files: Path, within: Locator | None = None) -> None:
        """Drop files on the zone, or on the one ``within`` something."""
        zone = (within or self.view).locator("input[type=file]").last
        zone.set_input_files([str(file) for file in files])

    def fill(self, label: str | re.Pattern[str], text: str, *, within: Locator | None = None) -> None:
        """Type into a box and leave it."""
        self.settled()
        box = (within or self.view).get_by_label(label).and_(self.page.locator("input, textarea"))
        box.fill(text)
        box.press("Tab")
        self.settled()

    def choose(self, label: str, option: str, *, within: Locator | None = None) -> None:
        """Choose an option of a list."""
        self.settled()
        box = (within or self.view).get_by_role("combobox", name=re.compile(re.escape(label)))
        box.evaluate("box => box.scrollIntoView({block: 'center'})")  # at the page's edge its list closes as it scrolls
        box.click()
        self.page.get_by_role("option", name=option).first.click()
        self.settled()

    def choose_row(self, number: int, *, within: Locator | None = None) -> None:
        """Choose a row of a table, the first being 0; a table is drawn on a canvas and scrolls by itself."""
        self.settled()
        scroller = (within or self.view).get_by_test_id("stDataFrame").first.locator(".dvn-scroller")
        top = scroller.evaluate(_SCROLL, ROW * max(0, number - 2))
        scroller.click(position={"x": 16, "y": ROW * (number + 1.5) - top})
        self.settled()

    def pick(self, name: str) -> None:
        """Pick one of the choices that lie side by side."""
        self.settled()
        self.view.get_by_role("radio", name=name, exact=True).or_(self.view.get_by_role("tab", name=name)).click()

    # Reading

    @property
    def head(self) -> Locator:
        """The head of the view: title, sentence, primary button."""
        return self.page.locator(".st-key-header")

    def reads(self, text: str | re.Pattern[str], *, within: Locator | None = None, patience: int = PATIENCE) -> None:
        """Wait until the view, or what is ``within``, shows a text."""
        expect((within or self.view).get_by_text(text).first).to_be_visible(timeout=patience)

    def says(self, text: str | re.Pattern[str], *, patience: int = PATIENCE) -> None:
        """Wait until the view shows a text somewhere: in its prose or in a table."""
        prose = self.view.get_by_text(text)
        cell = self.view.locator("canvas td").filter(has_text=text)
        expect(prose.or_(cell).first).to_be_attached(timeout=patience)

    def lists(self, text: str | re.Pattern[str], *, patience: int = PATIENCE) -> None:
        """Wait until a cell of a table holds a text; a table is drawn on a canvas and has its cells inside."""
        expect(self.view.locator("canvas td").filter(has_text=text).first).to_be_attached(timeout=patience)

    def told(self, text: str | re.Pattern[str], *, patience: int = PATIENCE) -> None:
        """Wait until the head of the view tells something."""
        expect(self.head).to_contain_text(text, timeout=patience)

    def settled(self) -> None:
        """Wait until the page has come to rest, and see that nothing broke."""
        self.page.wait_for_function(_STILL, polling=40)
        while self.talk and self.talk.open and not self.talk.socket.is_closed():
            self.talk.wait()
            self.page.wait_for_function(_STILL, polling=40)
        expect(self.page.get_by_test_id("stException")).to_have_count(0)
        expect(self.page.get_by_text(re.compile("Traceback|Something went wrong"))).to_have_count(0)
