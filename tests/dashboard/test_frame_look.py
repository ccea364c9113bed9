"""The words and the look hold together: one palette, readable, every state named."""

import importlib
import pkgutil
import re
import tomllib
from enum import StrEnum
from pathlib import Path

import pytest
from streamlit.material_icon_names import ALL_MATERIAL_ICONS

import core
from core.lifecycle.case_story import Happening
from core.lifecycle.release import ReleaseStep
from core.lifecycle.standing import Phase
from core.lifecycle.thread import StepKind
from core.modelling.comparison import Word
from core.modelling.tracking.artifact import OwnerKind
from core.modelling.tracking.columns import Of
from core.modelling.tracking.experiment import Lifecycle, View
from core.modelling.tracking.logged_model import ModelStatus
from core.modelling.tracking.registry import Stage as RegistryStage
from core.modelling.tracking.search.condition import Entity, Operator
from core.modelling.tracking.search.tokens import Token
from core.modelling.tracking.search.vocabulary import Reads
from core.monitoring.hurting.waterfall import Moved
from core.monitoring.routing import Channel
from core.monitoring.window import AlertKind, CloseReason
from core.people.actor import Permission
from core.people.actor import Role as PersonRole
from core.scoping.changes import Change
from core.scoping.criterion import Role as CriterionRole
from core.scoping.criterion import Stage, Verdict
from core.scoping.project import TaskKind
from dashboard.charts.theme import PALETTES, Theme
from dashboard.navigation import VIEWS
from dashboard.vocabulary import GLOSSARY, PHASES, STATES, State, state_of

NO_STATES = {
    *(Permission, PersonRole, Stage, CriterionRole, TaskKind, Phase, StepKind, Happening, Change, ReleaseStep),
    *(AlertKind, Channel, CloseReason, Moved, Of),
    *(OwnerKind, Lifecycle, View, ModelStatus, RegistryStage, Entity, Operator, Token, Reads),  # MLflow's own words
}
CONFIG = tomllib.loads((Path(core.__file__).parents[1] / "dashboard/.streamlit/config.toml").read_text())["theme"]
THEMES: list[Theme] = ["light", "dark"]


def _enums_of_core() -> set[type[StrEnum]]:
    for module in pkgutil.walk_packages(core.__path__, "core."):
        if not module.name.startswith(("core.storage.migrations", "core.jobs", "core.scorer")):
            importlib.import_module(module.name)
    found = {kind for kind in StrEnum.__subclasses__() if kind.__module__.startswith("core.")}
    return {kind for kind in found if not kind.__module__.startswith(("core.storage.migrations", "core.jobs"))}


def test_every_state_of_core_has_a_word_an_icon_and_a_colour() -> None:
    unnamed = {kind for kind in _enums_of_core() - NO_STATES if kind not in STATES}
    assert not unnamed, "give these states words in dashboard/vocabulary.py"
    missing = [f"{kind.__name__}.{member}" for kind in STATES for member in kind if member.value not in STATES[kind]]
    assert not missing


def test_equal_codes_of_two_kinds_keep_their_own_words() -> None:
    assert state_of(Verdict.NOT_APPLICABLE).word == "not measured"
    assert state_of(Word.NO_DIFFERENCE).colour == "gray"


def test_every_icon_exists() -> None:
    icons = {state.icon for states in STATES.values() for state in states.values()}
    icons |= {icon for _, icon in PHASES.values()} | {view.icon for view in VIEWS}
    assert icons <= set(ALL_MATERIAL_ICONS)


def test_the_words_that_nobody_wants_are_not_there() -> None:
    shown = " ".join(state.word for states in STATES.values() for state in states.values()) + " ".join(
        GLOSSARY.values()
    )
    unwanted = r"\b(successfully|anomaly|incident|significant|accuracy|pass|fail)\b"
    assert not re.search(unwanted, shown, re.IGNORECASE)


def test_a_term_of_the_glossary_is_one_sentence() -> None:
    assert len(GLOSSARY) >= 30
    assert not [term for term, text in GLOSSARY.items() if not text.endswith(".") or ". " in text]


def test_a_state_is_shown_with_icon_and_word() -> None:
    state = State("met", "check_circle", "green")
    assert state.badge == ":green-badge[:material/check_circle: met]"
    assert state.saying("met again").cell == "✓ met again"


@pytest.mark.parametrize("theme", THEMES)
def test_figures_use_the_colours_of_the_pages(theme: Theme) -> None:
    page, figure = CONFIG[theme], PALETTES[theme]
    assert {c: page[f"{c}Color"] for c in ("green", "blue", "orange", "red", "gray")} == {
        "green": figure.green,
        "blue": figure.blue,
        "orange": figure.orange,
        "red": figure.red,
        "gray": figure.gray,
    }
    assert (page["textColor"], page["backgroundColor"]) == (figure.ink, figure.paper)
    assert list(figure.series) == page["chartCategoricalColors"][: len(figure.series)]
    assert len(page["chartCategoricalColors"]) >= 10


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_every_text_is_readable_on_its_ground(theme: Theme) -> None:
    page = CONFIG[theme]
    ground, side = page["backgroundColor"], page["sidebar"]["backgroundColor"]
    pairs = {"text": (page["textColor"], ground), "link": (page["linkColor"], ground)}
    pairs |= {"text on the side": (page["textColor"], side), "button": ("#FFFFFF", page["primaryColor"])}
    for colour in ("green", "blue", "orange", "red", "gray"):
        text = page[f"{colour}TextColor"]
        pairs |= {colour: (text, ground), f"{colour} badge": (text, page[f"{colour}BackgroundColor"])}
        pairs |= {f"{colour} on the side": (text, side)}
    poor = {name: round(_contrast(*pair), 2) for name, pair in pairs.items() if _contrast(*pair) < 4.5}
    assert not poor


def test_nothing_is_fetched_from_elsewhere() -> None:
    folder = Path(core.__file__).parents[1] / "dashboard"
    sources = [*folder.rglob("*.py"), folder / ".streamlit/config.toml"]
    elsewhere = re.compile(r"https?://(?!127\.0\.0\.1|localhost|www\.w3\.org)[a-z]")
    assert not [
        f"{file.name}: {line}" for file in sources for line in file.read_text().splitlines() if elsewhere.search(line)
    ]
    for face in CONFIG["fontFaces"]:
        assert (folder / face["url"].removeprefix("app/")).is_file()
