"""Requests held to the contract: a row that breaks it is answered all the same, and marked."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from core.data.contract.by_row import FEW, Columns
from core.deployment.input_contract import Mark
from core.deployment.serving import ServingPlan


class Marker:
    """Holds an endpoint's requests to the contract of its plan; to none where the plan has none."""

    def __init__(self, plan: ServingPlan) -> None:
        self._contract = plan.contract
        self._rules = plan.contract.row_rules(plan.champion.features) if plan.contract else None

    async def mark(self, columns: Columns, rows: int) -> Mark | None:
        """Return what the contract says of the rows: at once where they are few, else in a thread.

        ``None`` where there is no contract, or it cannot be judged: whatever it is, it must not cost the answer.
        """
        if self._contract is None or self._rules is None:
            return None
        try:
            few = rows <= FEW
            judge = self._rules.broken
            broken = judge(columns, rows) if few else await asyncio.to_thread(judge, columns, rows)
        except Exception:  # noqa: BLE001 the row then counts as one that was held to no contract
            return None
        return Mark(number=self._contract.number, broken=broken)


def parameters_of(mark: Mark | None) -> dict[str, Any]:
    """Return what the answer says of a mark: parameters are numbers and texts, so rules and rows are JSON in a text."""
    if mark is None:
        return {}
    said: dict[str, Any] = {"contract_version": mark.number, "contract_broken_rows": mark.rows}
    if mark.broken:
        said["contract_broken_rules"] = json.dumps(mark.broken, ensure_ascii=False, separators=(",", ":"))
    return said


def record_of(mark: Mark | None) -> Mapping[str, Any]:
    """Return what the log holds of a mark: the contract's version, and the rows that break a rule where some do."""
    if mark is None:
        return {}
    return {"contract": {"version": mark.number, **({"broken": mark.broken} if mark.broken else {})}}
