from tests.dashboard.stages import at, stages

__all__ = ["at", "stages"]
