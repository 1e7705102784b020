"""The model bank: every dialogue model that was trained, with what is known of it, and which of them is live.

bank/<version>/dialogue.tar.gz    the model
bank/<version>/model.json         `Model`
dialogue/dialogue.tar.gz          a copy of the live one: what an engine starts with
manifest.json                     which one is live, and which were before
"""

import hashlib
import json
import shutil
import tarfile
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from assistant.core.errors import OperationFailed

MODEL = Path("dialogue") / "dialogue.tar.gz"
MANIFEST = "manifest.json"
BANK = "bank"
FACTS = "model.json"
METADATA = "metadata.json"
"""Where Rasa keeps a model's id within its archive."""
MOST_EARLIER = 50


@dataclass(frozen=True)
class Made:
    """How a model came to be: from which content, by whom, for what; `authors` are those who wrote the content.

    `generation` is 0 if it learned everything anew, else one more than that of the model that it went on from.
    """

    content_sha256: str
    content_commit: str | None = None
    content_is_changed: bool = False
    by: str = ""
    note: str = ""
    authors: tuple[str, ...] = ()
    seconds: float = 0.0
    generation: int = 0


@dataclass(frozen=True)
class Model:
    """A model of the bank; `model_id` is the engine's name for it, `scores` are figures by language, shares 0-1.

    One that `is_pinned` is never deleted for want of space.
    """

    version: str
    made: Made
    trained_at: datetime
    model_sha256: str
    model_id: str
    scores: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    is_pinned: bool = False


@dataclass(frozen=True)
class ModelBank:
    """The bank in a folder of models; the oldest go where it has more than `kept`.

    Models are put in and made live by renaming what is complete: whoever reads meanwhile sees the one or the other.
    """

    folder: Path
    kept: int = 10

    def add(self, archive: Path, made: Made) -> Model:
        """Put a model in; the archive stays where it is."""
        now, second = datetime.now(UTC), timedelta(seconds=1)
        while (self._bank / (version := f"{now:%Y%m%d-%H%M%S}-{made.content_sha256[:8]}")).exists():
            now += second
        model = Model(version, made, now.replace(microsecond=0), sha256_of(archive), model_id_of(archive))
        self._bank.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".new-", dir=self._bank) as fresh:
            complete = Path(fresh) / version
            complete.mkdir()
            shutil.copyfile(archive, complete / MODEL.name)
            (complete / FACTS).write_text(_to_json(model), encoding="utf-8")
            complete.replace(self._bank / version)
        self._trim(keep={version})
        return model

    def models(self) -> tuple[Model, ...]:
        """All models, the latest first."""
        found = (self._read(folder.parent) for folder in self._bank.glob(f"[!.]*/{FACTS}"))
        return tuple(sorted(filter(None, found), key=lambda each: (each.trained_at, each.version), reverse=True))

    def model(self, version: str) -> Model:
        """The model of a version.

        Raises:
            OperationFailed: there is none.
        """
        for each in self.models():
            if each.version == version:
                return each
        raise OperationFailed(f"the bank has no model {version}: `kratt model list` shows what it has")

    def archive(self, version: str) -> Path:
        """Where a model lies."""
        return self._bank / version / MODEL.name

    def made_from(self, content_sha256: str) -> Model | None:
        """The latest whole model of this very content."""
        made = (each for each in self.models() if each.made.content_sha256 == content_sha256)
        return next((each for each in made if sha256_of(self.archive(each.version)) == each.model_sha256), None)

    @property
    def live(self) -> Model | None:
        """The model that engines start with, if it is whole; one from before there was a bank is taken in."""
        facts = self._manifest().get("dialogue")
        if not isinstance(facts, dict) or sha256_of(self.folder / MODEL) != facts.get("model_sha256"):
            return None
        same = [each for each in self.models() if each.model_sha256 == facts["model_sha256"]]
        if same:
            return next((each for each in same if each.version == facts.get("version")), same[0])
        model = self.add(self.folder / MODEL, Made(str(facts.get("content_sha256"))))
        self.make_live(model.version)
        return model

    @property
    def previous(self) -> Model | None:
        """What was live before, if the bank has it yet."""
        known = {each.version: each for each in self.models()}
        return next((known[version] for version in reversed(self._earlier()) if version in known), None)

    def make_live(self, version: str) -> None:
        """Let engines start with this model from now on; those that run are left alone.

        Raises:
            OperationFailed: there is no such model.
        """
        model, before = self.model(version), self._live_version()
        changed = [before] if before and before != version else []
        self._point_at(model, [*self._earlier(), *changed])

    def step_back(self) -> Model:
        """Make live what was live before; stepping back again goes on to the one before that.

        Raises:
            OperationFailed: the bank has none.
        """
        if (model := self.previous) is None:
            raise OperationFailed("there is no earlier model to go back to: `kratt model list` shows what there is")
        earlier = self._earlier()
        self._point_at(model, earlier[: len(earlier) - 1 - earlier[::-1].index(model.version)])
        return model

    def change(self, model: Model) -> None:
        """Keep what is known of a model by now: its scores, whether it is pinned."""
        _replace_text(self._bank / model.version / FACTS, _to_json(model))

    def pin(self, version: str, *, is_pinned: bool) -> None:
        """Keep a model whatever comes, or not any longer.

        Raises:
            OperationFailed: there is no such model.
        """
        self.change(replace(self.model(version), is_pinned=is_pinned))

    @property
    def _bank(self) -> Path:
        return self.folder / BANK

    def _read(self, folder: Path) -> Model | None:
        try:
            return _SHAPE.validate_json((folder / FACTS).read_bytes())
        except (OSError, ValidationError):  # it is being deleted, or is none of ours
            return None

    def _manifest(self) -> dict[str, object]:
        try:
            read = json.loads((self.folder / MANIFEST).read_bytes())
        except (OSError, ValueError):
            return {}
        return read if isinstance(read, dict) else {}

    def _live_version(self) -> str:
        facts = self._manifest().get("dialogue")
        return str(facts.get("version", "")) if isinstance(facts, dict) else ""

    def _earlier(self) -> list[str]:
        earlier = self._manifest().get("earlier")
        return [str(each) for each in earlier] if isinstance(earlier, list) else []

    def _point_at(self, model: Model, earlier: list[str]) -> None:
        target = self.folder / MODEL
        target.parent.mkdir(parents=True, exist_ok=True)
        # A copy beside the target first: a rename is atomic only within one file system.
        fresh = target.with_suffix(".new")
        shutil.copyfile(self.archive(model.version), fresh)
        fresh.replace(target)
        facts = {
            "file": str(MODEL),
            "version": model.version,
            "content_sha256": model.made.content_sha256,
            "model_sha256": model.model_sha256,
            "trained_at": model.trained_at.isoformat(timespec="seconds"),
        }
        manifest = {"dialogue": facts, "earlier": earlier[-MOST_EARLIER:]}
        _replace_text(self.folder / MANIFEST, json.dumps(manifest, indent=2) + "\n")

    def _trim(self, keep: set[str]) -> None:
        """Delete the oldest, but never what is live, was live before, or is pinned."""
        models, previous = self.models(), self.previous
        keep = {*keep, self._live_version(), previous.version if previous else ""}
        keep |= {each.version for each in models if each.is_pinned}
        others = [each.version for each in models if each.version not in keep]
        room = max(0, self.kept - (len(models) - len(others)))
        for version in others[room:]:
            shutil.rmtree(self._bank / version)


def model_id_of(archive: Path) -> str:
    """The engine's name of a model; empty if the archive is none."""
    try:
        with tarfile.open(archive) as model, model.extractfile(METADATA) as file:  # type: ignore[union-attr]  # a file
            return str(json.load(file)["model_id"])
    except (OSError, tarfile.TarError, KeyError, ValueError):
        return ""


def sha256_of(file: Path) -> str:
    """The fingerprint of a file; empty if it is missing."""
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return ""


_SHAPE = TypeAdapter(Model)


def _to_json(model: Model) -> str:
    return json.dumps(_SHAPE.dump_python(model, mode="json"), ensure_ascii=False, indent=2) + "\n"


def _replace_text(file: Path, text: str) -> None:
    fresh = file.with_suffix(".new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(file)
