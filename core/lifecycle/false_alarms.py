"""How many false alarms chance alone explains, beside how many alerts people closed as false."""

from dataclasses import dataclass

from core.lifecycle.life import Life
from core.monitoring.window import CloseReason
from core.scoping.criterion import Role, Verdict

CHANCE = 0.025
"""How often a 95 % interval lies wholly on the wrong side of a threshold on which the true value stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FalseAlarms:
    """``verdicts`` of gates on the champion's windows, ``alerts`` raised, ``closed`` of them closed as false.

    ``expected`` is the most that chance explains: ``CHANCE`` times ``verdicts``, reached where every true value stands
    on its threshold. Expectations add up whether or not windows overlap; one alert an onset only makes them fewer.
    """

    verdicts: int
    alerts: int
    closed: int

    @property
    def expected(self) -> float:
        """Return the largest expected number of false alarms so far."""
        return CHANCE * self.verdicts


def false_alarms(life: Life) -> FalseAlarms:
    """Count what may have been a false alarm, and what people found to be one."""
    gates = {c.id for c in life.criteria if c.role is Role.GATE}
    judged = [j for w in life.windows for j in w.judgements if j.variant == "champion" and j.criterion_id in gates]
    return FalseAlarms(
        verdicts=sum(j.verdict is not Verdict.NOT_APPLICABLE for j in judged),
        alerts=len(life.alerts),
        closed=sum(alert.closed_reason == CloseReason.FALSE for alert in life.alerts),
    )
