"""One button: check, train, and tell what the new model does otherwise than the live one."""

from dataclasses import dataclass

from assistant.content.compare_models import EXPECTED, CompareModels, kept_comparison
from assistant.content.comparison import Comparison
from assistant.content.training import TrainDialogue
from assistant.core.progress import Report, Stages

TRAINING = "check and train"
FIRST_SECONDS = 45.0
"""What training is expected to take before anything is known."""


@dataclass(frozen=True)
class TrainAndCompare:
    """Puts a model of the content into the bank, and compares it; what is live stays so."""

    train: TrainDialogue
    compare: CompareModels

    def __call__(self, report: Report) -> Comparison:
        """The comparison; `report` is told of each stage, and how long all will take by what the last one took.

        Raises:
            ContentError: the content is wrong; the detail lists every complaint.
            OperationFailed: there is no live model to compare with.
            SettingsError: the engine's environment is missing, or fails; names the log.
        """
        live = self.train.bank.live
        last = kept_comparison(self.train.bank, live.version) if live else None
        stages = Stages({TRAINING: FIRST_SECONDS, **EXPECTED, **(last.seconds if last else {})}, report)
        with stages.stage(TRAINING):
            model = self.train.candidate(lambda _: None)
        return self.compare(model.version, stages)
