"""The kinds of background work."""

from collections.abc import Mapping

from core.jobs.kind import JobKind
from core.jobs.kinds.adopt_file import ADOPT_FILE
from core.jobs.kinds.backtest import BACKTEST
from core.jobs.kinds.bring import BRING
from core.jobs.kinds.build_demo import BUILD_DEMO
from core.jobs.kinds.check_dataset import CHECK_DATASET
from core.jobs.kinds.check_files import CHECK_FILES
from core.jobs.kinds.compare_versions import COMPARE_VERSIONS
from core.jobs.kinds.learn_labels import LEARN_LABELS
from core.jobs.kinds.measure import MEASURE
from core.jobs.kinds.register import REGISTER
from core.jobs.kinds.replay import REPLAY
from core.jobs.kinds.retrain import RETRAIN
from core.jobs.kinds.send_alert import SEND_ALERT
from core.jobs.kinds.study_labels import STUDY_LABELS
from core.jobs.kinds.take_batch import TAKE_BATCH
from core.jobs.kinds.train import TRAIN

JOB_KINDS: Mapping[str, JobKind] = {
    kind.name: kind
    for kind in (
        CHECK_FILES,
        CHECK_DATASET,
        STUDY_LABELS,
        COMPARE_VERSIONS,
        ADOPT_FILE,
        TRAIN,
        BRING,
        REGISTER,
        REPLAY,
        MEASURE,
        LEARN_LABELS,
        TAKE_BATCH,
        BACKTEST,
        RETRAIN,
        SEND_ALERT,
        BUILD_DEMO,
    )
}
