"""The workspace: everything that can be done and read, for one acting person. The composition root."""

from dataclasses import dataclass

from core.people.actor import LOCAL_USER, Actor
from core.settings import Settings
from core.storage.storage import Storage
from core.workspace.act import Desk
from core.workspace.alerts import Alerts
from core.workspace.batches import Batches
from core.workspace.bringing import Bringing
from core.workspace.contracts import Contracts
from core.workspace.counting import Counting
from core.workspace.data import Data
from core.workspace.data_tasks import DataTasks
from core.workspace.deployment import Deployments
from core.workspace.drift import Drift
from core.workspace.errors import Errors
from core.workspace.experiments import Experiments
from core.workspace.hurting import Degradation
from core.workspace.importing import Imports
from core.workspace.iteration import Iteration
from core.workspace.jobs import Jobs
from core.workspace.labels import Labels
from core.workspace.logged_code import LoggedCode
from core.workspace.logged_files import LoggedFiles
from core.workspace.logged_models import LoggedModels
from core.workspace.logged_predictions import LoggedPredictions
from core.workspace.modelling import Modelling
from core.workspace.monitoring import Monitoring
from core.workspace.outcomes import Outcomes
from core.workspace.projects import Projects
from core.workspace.registry import Registry
from core.workspace.replays import Replays
from core.workspace.routing import Routing
from core.workspace.saved_views import SavedViews
from core.workspace.schedule import Schedule
from core.workspace.scoping import Scoping
from core.workspace.staleness import Staleness
from core.workspace.tagging import Tagging
from core.workspace.thread import Thread
from core.workspace.tracking import Tracking
from core.workspace.uploaded_predictions import UploadedPredictions


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """One door a phase, and more: contracts, projects, jobs, and the thread through them all."""

    settings: Settings
    actor: Actor
    projects: Projects
    scoping: Scoping
    data: Data
    labels: Labels
    contracts: Contracts
    modelling: Modelling
    errors: Errors
    tagging: Tagging
    tasks: DataTasks
    experiments: Experiments
    tracking: Tracking
    views: SavedViews
    files: LoggedFiles
    code: LoggedCode
    predictions: LoggedPredictions
    bringing: Bringing
    uploaded: UploadedPredictions
    models: LoggedModels
    registry: Registry
    imports: Imports
    deployment: Deployments
    monitoring: Monitoring
    replays: Replays
    outcomes: Outcomes
    batches: Batches
    counting: Counting
    schedule: Schedule
    alerts: Alerts
    routing: Routing
    drift: Drift
    hurting: Degradation
    staleness: Staleness
    iteration: Iteration
    thread: Thread
    jobs: Jobs
    _storage: Storage

    @classmethod
    def open(cls, settings: Settings, actor: Actor = LOCAL_USER) -> "Workspace":
        """Open the workspace in ``settings.home``, bringing its database up to date first.

        Raises
        ------
        Unavailable
            The database does not answer.
        """
        desk = Desk(settings=settings, storage=Storage.open(settings), actor=actor)
        predictions = LoggedPredictions(desk, LoggedFiles(desk), Data(desk))
        return cls(
            settings=settings,
            actor=actor,
            projects=Projects(desk),
            scoping=Scoping(desk),
            data=Data(desk),
            labels=Labels(desk),
            contracts=Contracts(desk),
            modelling=Modelling(desk),
            errors=Errors(desk, Modelling(desk)),
            tagging=Tagging(desk, Modelling(desk)),
            tasks=DataTasks(desk),
            experiments=Experiments(desk),
            tracking=Tracking(desk),
            views=SavedViews(desk),
            files=LoggedFiles(desk),
            code=LoggedCode(desk),
            predictions=predictions,
            bringing=Bringing(desk, LoggedFiles(desk), predictions, Modelling(desk)),
            uploaded=UploadedPredictions(desk, Data(desk), predictions, Modelling(desk)),
            models=LoggedModels(desk),
            registry=Registry(desk),
            imports=Imports(desk),
            deployment=Deployments(desk),
            monitoring=Monitoring(desk),
            replays=Replays(desk),
            outcomes=Outcomes(desk),
            batches=Batches(desk, Monitoring(desk)),
            counting=Counting(desk, Monitoring(desk)),
            schedule=Schedule(desk, Monitoring(desk), Counting(desk, Monitoring(desk)), Iteration(desk)),
            alerts=Alerts(desk),
            routing=Routing(desk),
            drift=Drift(desk, Monitoring(desk)),
            hurting=Degradation(desk, Monitoring(desk)),
            staleness=Staleness(desk, Monitoring(desk)),
            iteration=Iteration(desk),
            thread=Thread(desk),
            jobs=Jobs(desk),
            _storage=desk.storage,
        )

    def close(self) -> None:
        """Give the database connections back."""
        self._storage.close()
