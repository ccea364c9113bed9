"""What a model version waits for on its way into service."""

from enum import StrEnum

from core.deployment.model_version import GateState, ModelVersion
from core.lifecycle.life import Life


class ReleaseStep(StrEnum):
    """The next act on a version: nothing where it serves by its newest approval."""

    JUDGE = "judge"
    TRAIN = "train"
    APPROVE = "approve"
    DEPLOY = "deploy"
    PROMOTE = "promote"
    NOTHING = "nothing"


def release_step(life: Life, version: ModelVersion) -> ReleaseStep:
    """Return what a version waits for: a gate that holds today, an approval by that gate, a place in service."""
    gate, approval = life.gate(version.id), life.approval(version.id)
    state = life.gate_state(gate) if gate else GateState.VOID
    if state is GateState.VOID:
        return ReleaseStep.JUDGE
    if state is GateState.CLOSED:
        return ReleaseStep.TRAIN
    if gate is None or approval is None or not life.approved(version.id) or approval.gate_id != gate.id:
        return ReleaseStep.APPROVE
    if life.deployment is None:
        return ReleaseStep.DEPLOY
    if life.deployment.champion_id != version.id:
        return ReleaseStep.PROMOTE
    # approved anew since it went into service: deployed again, it is watched by the criteria of that approval
    return ReleaseStep.NOTHING if life.deployment.approval_id == approval.id else ReleaseStep.DEPLOY


def newest_waiting(life: Life) -> ModelVersion:
    """Return the newest version that waits for a person, else the champion, else the newest.

    Versions that only listen in, or have served before, do not wait. There must be one version at least.
    """
    served = {d.champion_id for d in life.deployments} | {s for d in life.deployments for s in d.shadow_ids}
    newest_first = tuple(reversed(life.versions))
    waiting = [v for v in newest_first if v.id not in served and release_step(life, v) is not ReleaseStep.NOTHING]
    return next(iter(waiting), life.champion or newest_first[0])
