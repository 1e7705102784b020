"""What hears a draft's requests before it is published."""

from assistant.adapters.spoken_sample import HearSample
from assistant.bootstrap.words import model_folder, towns, word_book
from assistant.settings import Settings
from assistant.speech_model.draft_model import DraftModel


def sample_hearing(settings: Settings) -> HearSample:
    """By the recognisers that citizens talk to, the English one with the words of the draft."""
    kept = settings.state / "spoken"
    draft_model = DraftModel(model_folder(settings), kept / "draft_model", tuple(towns()))
    return HearSample(settings.models / "speech", kept / "heard", word_book(settings).unheard, draft_model)
