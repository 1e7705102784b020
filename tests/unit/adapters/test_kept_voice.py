"""What a voice remembers, in memory and on disk."""

import os
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from assistant.adapters.kept_voice import KeptVoice, SoundCache
from assistant.adapters.sound_folder import SoundFolder
from assistant.core.audio import ORDINARY, Manner, Pcm
from assistant.core.deadline import Deadline
from assistant.core.languages import Language

pytestmark = pytest.mark.unit

TEN = Pcm(bytes(10), 22_050)
FIXED, PRIVATE = "Good morning.", "Your code is one."


@dataclass
class FakeVoice:
    release: str = "1"
    spoken: list[str] = field(default_factory=list)
    is_open: bool = True

    def name(self, language: Language) -> str:
        return f"fake {self.release} {language}"

    async def speak(self, text: str, language: Language, deadline: Deadline, manner: Manner = ORDINARY) -> Pcm:
        self.spoken.append(text)
        wave = np.sin(np.arange(2205) / 10) * 10_000 * manner.volume
        return Pcm(wave.astype("<i2").tobytes(), 22_050)

    async def check(self) -> None: ...

    async def close(self) -> None:
        self.is_open = False


def kept(voice: FakeVoice, folder: Path | None = None, max_bytes: int = 10**6) -> KeptVoice:
    sounds = SoundFolder(folder, max_bytes) if folder else None
    return KeptVoice(dict.fromkeys(Language, voice), sounds, frozenset({(FIXED, Language.EN)}))


async def say(voice: KeptVoice, text: str, manner: Manner = ORDINARY) -> Pcm:
    return await voice.speak(text, Language.EN, Deadline.after(5), manner)


async def test_text_when_said_again_then_is_not_made_again() -> None:
    fake = FakeVoice()
    voice = kept(fake)
    assert await say(voice, PRIVATE) == await say(voice, PRIVATE)
    assert fake.spoken == [PRIVATE]


async def test_text_when_said_in_another_manner_then_is_made_for_it() -> None:
    fake = FakeVoice()
    voice = kept(fake)
    await say(voice, FIXED)
    await say(voice, FIXED, Manner(volume=0.5))
    assert fake.spoken == [FIXED, FIXED]


async def test_rate_when_asked_for_then_the_sound_lasts_as_long() -> None:
    sound = await say(kept(FakeVoice()), FIXED, Manner(rate_hertz=8000))
    assert (sound.rate_hertz, round(sound.seconds, 2)) == (8000, 0.1)
    assert np.abs(np.frombuffer(sound.samples, "<i2")).max() > 8_000


async def test_fixed_sentence_when_kratt_starts_again_then_is_on_disk(tmp_path: Path) -> None:
    first = await say(kept(FakeVoice(), tmp_path / "spoken"), FIXED)
    fake = FakeVoice()
    assert await say(kept(fake, tmp_path / "spoken"), FIXED) == first
    assert fake.spoken == []


async def test_fixed_sentence_when_the_voice_is_a_newer_one_then_is_made_again(tmp_path: Path) -> None:
    await say(kept(FakeVoice(), tmp_path), FIXED)
    fake = FakeVoice(release="2")
    await say(kept(fake, tmp_path), FIXED)
    assert fake.spoken == [FIXED]


async def test_other_sentences_when_said_then_never_come_to_the_disk(tmp_path: Path) -> None:
    await say(kept(FakeVoice(), tmp_path), PRIVATE)
    assert list(tmp_path.iterdir()) == []


async def test_file_when_damaged_then_the_sentence_is_made_again(tmp_path: Path) -> None:
    await say(kept(FakeVoice(), tmp_path), FIXED)
    (file,) = tmp_path.iterdir()
    for damaged in (b"", b"RIFF", file.read_bytes()[:-99]):
        file.write_bytes(damaged)
        fake = FakeVoice()
        assert (await say(kept(fake, tmp_path), FIXED)).seconds == pytest.approx(0.1)
        assert fake.spoken == [FIXED]


async def test_folder_when_it_cannot_be_written_then_the_sentence_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert (await say(kept(FakeVoice(), tmp_path / "file"), FIXED)).samples


async def test_voices_when_closed_then_each_is() -> None:
    fake = FakeVoice()
    await kept(fake).close()
    assert not fake.is_open


def test_folder_when_full_then_forgets_what_was_asked_for_longest_ago(tmp_path: Path) -> None:
    size = len(TEN.to_wav())
    folder = SoundFolder(tmp_path, 3 * size)
    for age, text in enumerate(("a", "b", "c")):
        folder.keep([text], TEN)
        for file in tmp_path.iterdir():
            os.utime(file, (file.stat().st_atime, file.stat().st_mtime - 100 * (3 - age)))
    folder.find(["a"])
    folder.keep(["d"], TEN)
    assert [folder.find([text]) for text in "abcd"] == [TEN, None, TEN, TEN]
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) == 3 * size


def test_folder_when_made_then_is_for_its_owner_only(tmp_path: Path) -> None:
    SoundFolder(tmp_path / "spoken", 1000).keep(["a"], TEN)
    assert (tmp_path / "spoken").stat().st_mode & 0o077 == 0


KEY_A, KEY_B, KEY_C, KEY_D = (("voice", text, 1.0, 1.0) for text in "abcd")


def test_cache_when_full_then_forgets_what_was_asked_for_longest_ago() -> None:
    cache = SoundCache(30)
    for key in (KEY_A, KEY_B, KEY_C):
        cache.keep(key, TEN)
    cache.find(KEY_A)
    cache.keep(KEY_D, TEN)
    assert [cache.find(key) for key in (KEY_A, KEY_B, KEY_C, KEY_D)] == [TEN, None, TEN, TEN]


def test_cache_when_a_text_is_kept_again_then_counts_it_once() -> None:
    cache = SoundCache(20)
    for _ in range(5):
        cache.keep(KEY_A, TEN)
    cache.keep(KEY_B, TEN)
    assert cache.find(KEY_A) is TEN


def test_cache_when_a_sound_is_larger_than_itself_then_keeps_nothing() -> None:
    cache = SoundCache(5)
    cache.keep(KEY_A, TEN)
    assert cache.find(KEY_A) is None
