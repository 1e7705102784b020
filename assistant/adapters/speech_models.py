"""Speech models on disk, and official ones from alphacephei.com (`kratt speech pull`)."""

import hashlib
import re
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import httpx
from pydantic import BaseModel, TypeAdapter, ValidationError

from assistant.core.errors import SpeechToTextFailed
from assistant.core.languages import Language

OFFICIAL_SITE = "https://alphacephei.com/vosk/models"
MODEL_LIST = "model-list.json"
LIST_CODES = {Language.EN: "en-us", Language.ET: "et", Language.RU: "ru"}
BUNDLED = frozenset({Language.EN})
TIMEOUT = httpx.Timeout(30.0, connect=10.0)
MODEL_NAME = r"vosk-model-small-[A-Za-z0-9._-]+"
LIST_BYTES = 1_000_000  # the real list has about 50 kB
DOWNLOAD_BYTES = 200_000_000  # small models have 30-90 MB
UNPACKED_BYTES = 600_000_000
UNPACKED_FILES = 200  # they have about 20
COPY_BYTES = 1 << 16
ENCRYPTED = 1  # flag of a member of a zip file

# The two layouts that Vosk 0.3.45 loads (model.cc), each with a whole graph or with one made at run time.
LAYOUTS = tuple(
    (*files, *(f"{graph_folder}{file}" for file in graph))
    for files, graph_folder in (
        (("am/final.mdl", "conf/mfcc.conf", "conf/model.conf"), "graph/"),
        (("final.mdl", "mfcc.conf"), ""),
    )
    for graph in (("HCLr.fst", "Gr.fst", "disambig_tid.int"), ("HCLG.fst",))
)
END_OF_NETWORK = b"</Nnet3>"
ENDPOINT_SETTING = b"--endpoint.silence-phones="

Progress = Callable[[int, int], None]


class OfficialModel(BaseModel, frozen=True):
    """A model in the official site's list; `md5` guards against damage, the site's TLS against forgery."""

    name: str
    lang: str
    type: str
    obsolete: bool  # "true" or "false" in the list
    version: str = ""
    size: int = 0
    md5: str = ""


def models_in(folder: Path) -> Mapping[Language, Path]:
    """The speech models in a folder, which holds one folder per language, named by its code."""
    return {language: folder / language.value for language in Language if (folder / language.value).is_dir()}


def missing_files(folder: Path) -> tuple[str, ...]:
    """What a folder lacks to be a speech model; nothing if it is one.

    Vosk aborts the whole process for some damaged models, an empty `model.conf` among them, so this is asked first.
    """
    lacking = [tuple(file for file in layout if not _is_filled(folder / file)) for layout in LAYOUTS]
    missing = min(lacking, key=len)
    settings = folder / "conf" / "model.conf"
    if not missing and settings.exists() and ENDPOINT_SETTING not in settings.read_bytes():
        return (f"{ENDPOINT_SETTING.decode()}... in conf/model.conf",)
    return missing


def damaged_part(folder: Path) -> str:
    """What is damaged in a model that lacks no file and cannot be loaded; of a graph's files Vosk tells which."""
    for network in ("am/final.mdl", "final.mdl"):
        if (file := folder / network).is_file() and END_OF_NETWORK not in file.read_bytes():
            return network
    return "its graph"


def pull(
    language: Language,
    folder: Path,
    *,
    replace_bundled: bool = False,
    site: str = OFFICIAL_SITE,
    progress: Progress = lambda done, total: None,
) -> OfficialModel:
    """Fetch the newest official small model of a language into `folder/<language>`.

    Until it is there, whole and checked, nothing changes. `progress` is told the bytes done and the bytes in all.

    Raises:
        SpeechToTextFailed: there is no such model, the site cannot be reached, or what it sent is damaged or unsafe.
    """
    target = folder / language.value
    if language in BUNDLED and target.exists() and not replace_bundled:
        raise SpeechToTextFailed(f"{target} comes with Kratt and stays, unless you ask to replace it")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=f".{language}-") as aside:
            return _pull_aside(language, Path(aside), target, site, progress)
    except (httpx.HTTPError, OSError) as error:
        reason = str(error) or type(error).__name__
        raise SpeechToTextFailed(f"cannot fetch a speech model from {site} into {folder}: {reason}") from None


def newest_small_model(models: Iterable[OfficialModel], language: Language) -> OfficialModel:
    """The newest small model of a language.

    Raises:
        SpeechToTextFailed: there is none, or the list says impossible things about it.
    """
    code = LIST_CODES[language]
    fitting = [model for model in models if (model.lang, model.type, model.obsolete) == (code, "small", False)]
    if not fitting:
        raise SpeechToTextFailed(f"there is no official small speech model for {language}")
    newest = max(fitting, key=_version)
    if newest.size > DOWNLOAD_BYTES or not re.fullmatch(MODEL_NAME, newest.name):
        raise SpeechToTextFailed(f"the official speech model for {language} has an impossible size or name")
    return newest


def unpack(archive: Path, folder: Path) -> None:
    """Unpack a zip file of plain files and folders.

    Raises:
        SpeechToTextFailed: it is damaged, reaches outside the folder, holds links, or is too large for a speech model.
    """
    try:
        with zipfile.ZipFile(archive) as file:
            members = file.infolist()
            if len(members) > UNPACKED_FILES or sum(member.file_size for member in members) > UNPACKED_BYTES:
                raise SpeechToTextFailed("the archive is far larger than a speech model")
            if not all(_is_safe(member) for member in members):
                raise SpeechToTextFailed("the archive holds something other than files and folders of its own")
            file.extractall(folder, members)  # reads of each member no more than the size summed above
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError):
        raise SpeechToTextFailed("the archive is damaged") from None


def _pull_aside(language: Language, aside: Path, target: Path, site: str, progress: Progress) -> OfficialModel:
    with httpx.Client(timeout=TIMEOUT) as client:
        model = newest_small_model(_fetch_list(client, site), language)
        _download(client, f"{site}/{model.name}.zip", aside / "model.zip", model, progress)
    unpack(aside / "model.zip", aside / "unpacked")
    _install(_model_folder(aside / "unpacked", model), target, aside / "replaced")
    return model


def _fetch_list(client: httpx.Client, site: str) -> list[OfficialModel]:
    address = f"{site}/{MODEL_LIST}"
    with client.stream("GET", address) as response:
        _check_status(response)
        body = bytearray()
        for chunk in response.iter_bytes(COPY_BYTES):
            body += chunk
            if len(body) > LIST_BYTES:
                raise SpeechToTextFailed(f"{address} is far too long for a list of models")
    try:
        return TypeAdapter(list[OfficialModel]).validate_json(bytes(body))
    except ValidationError:
        raise SpeechToTextFailed(f"{address} is no list of models") from None


def _download(client: httpx.Client, address: str, archive: Path, model: OfficialModel, progress: Progress) -> None:
    digest = hashlib.md5(usedforsecurity=False)
    done = 0
    with client.stream("GET", address) as response, archive.open("wb") as file:
        _check_status(response)
        for chunk in response.iter_bytes(COPY_BYTES):
            done += len(chunk)
            if done > model.size:
                break
            file.write(chunk)
            digest.update(chunk)
            progress(done, model.size)
    if done != model.size or digest.hexdigest() != model.md5:
        raise SpeechToTextFailed(f"{address} did not arrive as the list of models promises: wrong size or checksum")


def _check_status(response: httpx.Response) -> None:
    # Redirects are not followed: the address is the official one or none.
    if response.status_code != httpx.codes.OK:
        raise SpeechToTextFailed(f"{response.url} answered {response.status_code}")


def _version(model: OfficialModel) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", model.version))


def _is_safe(member: zipfile.ZipInfo) -> bool:
    kind = stat.S_IFMT(member.external_attr >> 16)
    path = Path(member.filename)
    is_common = member.compress_type in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} and not member.flag_bits & ENCRYPTED
    is_plain = kind in {0, stat.S_IFREG, stat.S_IFDIR} and is_common
    is_inside = not path.is_absolute() and ".." not in path.parts and not re.search(r"[\\:]", member.filename)
    return is_plain and is_inside


def _model_folder(unpacked: Path, model: OfficialModel) -> Path:
    inner = unpacked / model.name
    folder = inner if inner.is_dir() else unpacked
    if missing := missing_files(folder):
        raise SpeechToTextFailed(f"{model.name} is no speech model: it lacks {', '.join(missing)}")
    return folder


def _install(fresh: Path, target: Path, replaced: Path) -> None:
    # Renames within one file system; what was there comes back if the second one fails.
    had_model = target.exists()
    if had_model:
        target.rename(replaced)
    try:
        fresh.rename(target)
    except OSError:
        if had_model:
            replaced.rename(target)
        raise


def _is_filled(file: Path) -> bool:
    return file.is_file() and file.stat().st_size > 0
