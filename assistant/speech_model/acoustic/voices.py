"""Synthetic speakers: the voices of espeak-ng, flite and festival, as far as they are installed.

Some voices are kept back for tests and benchmarks, or those would measure what was learned by heart.
"""

import io
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr

from assistant.core.errors import OperationFailed
from assistant.core.languages import Language
from assistant.speech_model.acoustic.features import RATE_HERTZ, Samples

ACCENTS = {
    "en": {"en-us": 5, "en-gb": 4, "en-gb-x-rp": 2, "en-gb-x-gbcwmd": 1, "en-029": 1, "en-gb-scotland": 1},
}
"""Of espeak-ng, by how often; a language that is not here has the one of its name."""
HELD_OUT_ACCENT = "en-gb-x-gbclan"
HELD_OUT_VARIANTS = frozenset({"klatt3", "f5", "m5", "steph3", "Reed"})
HELD_OUT_FLITE = frozenset({"awb", "awb_time", "kal", "kal16"})
_STRANGE = re.compile("whisper|robo|Robot|Demonic|croak|Storm|serious|Half-Life|Tweaky|announcer|aunty|fast|Anxious")
_FESTIVAL = ("cmu_us_slt_arctic_hts",)
_SHARES = {"espeak-ng": 0.55, "flite": 0.35, "text2wave": 0.1}
_SPEAK_SECONDS = 30
_LOUDNESS = (0.2, 0.8)


@dataclass(frozen=True)
class Voices:
    """Speakers of a language; `flite` and `festival` speak English only."""

    accents: Sequence[str]
    weights: Sequence[float]
    variants: Sequence[str]
    flite: Sequence[str] = ()
    festival: Sequence[str] = ()

    def speak(self, text: str, random: np.random.Generator) -> Samples:
        """The text, said by one of them, a little faster or slower, higher or lower.

        Raises:
            OperationFailed: the voice failed.
        """
        there = {"espeak-ng": self.variants, "flite": self.flite, "text2wave": self.festival}
        programs = [name for name, voices in there.items() if voices]
        shares = np.array([_SHARES[name] for name in programs])
        program = str(random.choice(programs, p=shares / shares.sum()))
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "said.wav"
            command = self._command(program, text, file, random)
            _run([*command], text)
            samples, rate = soundfile.read(io.BytesIO(file.read_bytes()), dtype="float32")
        # flite and festival have few voices: others are made by the size of the throat.
        rate *= 1.0 if program == "espeak-ng" else random.uniform(0.88, 1.14)
        samples = soxr.resample(samples, rate, RATE_HERTZ)
        return np.asarray(samples * (32_767 * random.uniform(*_LOUDNESS) / (np.abs(samples).max() + 1e-6)), np.float32)

    def _command(self, program: str, text: str, file: Path, random: np.random.Generator) -> list[str]:
        if program == "espeak-ng":
            voice = f"{random.choice(self.accents, p=self.weights)}+{random.choice(self.variants)}"
            speed, pitch = random.integers(120, 200), random.integers(25, 75)
            return [program, "-v", voice, "-s", str(speed), "-p", str(pitch), "-w", str(file), text]
        if program == "flite":
            stretch = f"duration_stretch={random.uniform(0.85, 1.25):.2f}"
            return [program, "-voice", str(random.choice(self.flite)), "--setf", stretch, "-t", text, str(file)]
        return [program, "-eval", f"(voice_{random.choice(self.festival)})", "-o", str(file)]


def installed_voices(language: Language) -> Voices:
    """Those of the programs on this machine.

    Raises:
        OperationFailed: espeak-ng is not installed.
    """
    if not shutil.which("espeak-ng"):
        raise OperationFailed("espeak-ng is not installed, so there is no synthetic speech")
    listed = _run(["espeak-ng", "--voices=variant"]).splitlines()[1:]
    variants = [line.partition("!v/")[2].strip() for line in listed if "!v/" in line]
    usable = [name for name in variants if name not in HELD_OUT_VARIANTS and not _STRANGE.search(name)]
    accents = ACCENTS.get(language.value, {language.value: 1})
    weights = [weight / sum(accents.values()) for weight in accents.values()]
    if language is not Language.EN:
        return Voices(tuple(accents), weights, usable)
    return Voices(tuple(accents), weights, usable, _flite_voices(), _FESTIVAL if shutil.which("text2wave") else ())


def _flite_voices() -> tuple[str, ...]:
    if not shutil.which("flite"):
        return ()
    _, _, listed = _run(["flite", "-lv"]).partition(":")
    return tuple(name for name in listed.split() if name not in HELD_OUT_FLITE)


def _run(command: Sequence[str], said: str = "") -> str:
    done = subprocess.run(command, input=said.encode(), capture_output=True, timeout=_SPEAK_SECONDS, check=False)
    if done.returncode:
        raise OperationFailed(f"{command[0]}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout.decode(errors="replace")
