"""One button: check, train, and tell what the new model does otherwise than the live one."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from assistant.content.compare_models import EXPECTED, FOLDS, Aside, CompareModels, kept_comparison
from assistant.content.comparison import Comparison
from assistant.content.cross_validation import CrossValidated
from assistant.content.spoken_requests import Spoken
from assistant.content.trained_examples import live_examples
from assistant.content.training import TrainDialogue
from assistant.core.progress import Report, Stages

TRAINING, SPEAKING = "check and train", "speak requests to the recogniser"
FIRST_SECONDS = {TRAINING: 45.0, SPEAKING: 5.0, FOLDS: 5.0}
"""What each is expected to take before anything is known."""
THOROUGH_SECONDS = {FOLDS: 300.0, SPEAKING: 60.0}


@dataclass(frozen=True)
class TrainAndCompare:
    """Puts a model of the content into the bank, and compares it; what is live stays so.

    `validate` holds the content's examples against each other, `speak` speaks a sample of requests. Neither needs the
    new model: they run beside the training, unless they are `is_thorough` and would only slow it down. What is heard is
    waited for first, because both models are asked about it.
    """

    train: TrainDialogue
    compare: CompareModels
    validate: Callable[[], CrossValidated]
    speak: Callable[[], Spoken]
    is_thorough: bool = False

    def __call__(self, report: Report) -> Comparison:
        """The comparison; `report` is told of each stage, and how long all will take by what the last one took.

        Raises:
            ContentError: the content is wrong; the detail lists every complaint.
            OperationFailed: there is no live model to compare with.
            SettingsError: the engine's environment is missing, or fails; names the log.
        """
        stages = Stages(self._expected(), report)
        with _beside() as beside:
            begun = None if self.is_thorough else self._begin(beside)
            with stages.stage(TRAINING):
                model = self.train.candidate(lambda _: None)
            spoken, folds = begun or self._begin(beside)
            with stages.stage(SPEAKING):
                said = spoken.result()
            return self.compare(model.version, stages, aside=Aside(folds.result, said))

    def _begin(self, beside: ThreadPoolExecutor) -> tuple[Future[Spoken], Future[CrossValidated]]:
        return beside.submit(self._speak), beside.submit(self._validate)

    def _validate(self) -> CrossValidated:
        return self.validate().with_new_first(live_examples(self.train.bank))

    def _speak(self) -> Spoken:
        """What is heard, which the live model has been asked about by then."""
        spoken = self.speak()
        if live := self.train.bank.live:
            self.compare.parse(live.version, spoken.texts)
        return spoken

    def _expected(self) -> dict[str, float]:
        """The seconds of each stage, as they were when the live model was made, if that was as thorough."""
        expected = {**FIRST_SECONDS, **EXPECTED, **(THOROUGH_SECONDS if self.is_thorough else {})}
        live = self.train.bank.live
        last = kept_comparison(self.train.bank, live.version) if live else None
        if last is None:
            return expected
        is_alike = last.folds is not None and last.folds.is_whole == self.is_thorough
        known = {name: last.seconds[name] for name in expected.keys() & last.seconds.keys()}
        return expected | {name: each for name, each in known.items() if is_alike or name not in THOROUGH_SECONDS}


@contextmanager
def _beside() -> Iterator[ThreadPoolExecutor]:
    """A thread for one thing after the other; what has not begun is not waited for if the training fails."""
    beside = ThreadPoolExecutor(1, thread_name_prefix="beside-training")
    try:
        yield beside
    finally:
        beside.shutdown(wait=False, cancel_futures=True)
