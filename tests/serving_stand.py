"""A small real model at an endpoint, for the tests that need something to serve."""

import hashlib
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from core.data.contract.contract import Contract, Rule
from core.deployment.input_contract import InputContract
from core.deployment.serving import ServedVersion, ServingPlan, write_plan
from core.modelling.recipes import RECIPES
from core.modelling.training import TrainedModel, train
from core.scoping.project import Task, TaskKind
from core.settings import Settings

TASK = Task(kind=TaskKind.BINARY, target="late", inputs=("hour", "distance", "origin"), positive="yes")


@cache
def trained(recipe: str = "logistic") -> TrainedModel:
    rng = np.random.default_rng(7)
    hour, distance = rng.uniform(5, 23, 400), rng.uniform(100, 2500, 400)
    origin = rng.choice(["JFK", "EWR", "LGA"], 400)
    late = hour + 3 * (origin == "JFK") + rng.normal(0, 2, 400) > 16
    frame = pl.DataFrame(
        {"hour": hour, "distance": distance, "origin": origin, "late": np.where(late, "yes", "no")},
    )
    return train(frame, TASK, RECIPES[recipe], zone=ZoneInfo("America/New_York"))


def store(settings: Settings, data: bytes) -> tuple[str, str]:
    digest = hashlib.sha256(data).hexdigest()
    settings.artifacts.mkdir(parents=True, exist_ok=True)
    (settings.artifacts / digest).write_bytes(data)
    return digest, f"artifacts/{digest}"


def served(settings: Settings, *, number: int = 1, role: str = "champion", cut: float = 0.5) -> ServedVersion:
    model = trained()
    digest, file = store(settings, model.onnx)
    return ServedVersion(
        version_id=f"v{number}",
        name="late-flights",
        number=number,
        role=role,
        sha256=digest,
        file=file,
        features=model.features,
        classes=model.classes,
        cut=cut,
    )


def agreed(*rules: Rule, number: int = 1) -> InputContract:
    return InputContract(version_id=f"c{number}", number=number, contract=Contract(name="flights", rules=rules))


def plan_of(
    *versions: ServedVersion,
    revision: int = 1,
    endpoint: str = "late-flights",
    contract: InputContract | None = None,
) -> ServingPlan:
    return ServingPlan(
        endpoint=endpoint,
        project_id="p1",
        revision=revision,
        kind=TaskKind.BINARY,
        versions=tuple(versions),
        contract=contract,
    )


def publish(
    settings: Settings, *versions: ServedVersion, revision: int = 1, contract: InputContract | None = None
) -> ServingPlan:
    plan = plan_of(*versions, revision=revision, contract=contract)
    write_plan(settings.serving, plan)
    return plan
