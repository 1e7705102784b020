"""The threat model names tests that exist, and every test of an attack belongs to a threat."""

import re

import pytest

from assistant.settings import PROJECT

pytestmark = pytest.mark.architecture

MODEL = (PROJECT / "docs" / "threat-model.md").read_text(encoding="utf-8")
THREAT = re.compile(r"^\| ([^|]+) \| ([^|]+) \| `(tests/[\w/.]+)::(\w+)` \|$", re.MULTILINE)
ROW = re.compile(r"^\| (?!threat|---).*\|$", re.MULTILINE)


def test_threats_when_listed_then_each_has_a_test_that_exists():
    threats = THREAT.findall(MODEL)
    assert len(threats) == len(ROW.findall(MODEL.partition("## Threats, and what holds them")[2]))
    missing = [
        f"{path}::{name}"
        for _, _, path, name in threats
        if not (PROJECT / path).exists()
        or not re.search(rf"^(async )?def {name}\(", (PROJECT / path).read_text(), re.M)
    ]
    assert not missing


def test_attacks_when_listed_then_every_file_of_them_holds_a_threat():
    named = {path for _, _, path, _ in THREAT.findall(MODEL)}
    files = {str(path.relative_to(PROJECT)) for path in (PROJECT / "tests" / "attacks").glob("test_*.py")}
    assert files <= named


@pytest.mark.parametrize("path", sorted((PROJECT / "requirements").glob("*.txt")), ids=lambda path: path.name)
def test_requirements_when_read_then_every_one_is_pinned_with_hashes(path):
    entries = re.split(r"\n(?=\S)", path.read_text(encoding="utf-8").strip())
    packages = [entry for entry in entries if not entry.startswith("#")]
    assert packages
    assert all(re.match(r"[\w.\-\[\]]+==\S+", entry) and "--hash=sha256:" in entry for entry in packages)


def test_audit_when_a_package_cannot_be_looked_up_then_fails_and_all_that_runs_is_looked_up():
    """Without --strict an index that has no advisories passes for one that knows of no hole."""
    recipe = re.search(r"^audit:.*\n((?:\t.*\n)+)", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.M)
    assert recipe
    assert "--strict" in recipe[1]
    looked_up = set(re.findall(r"for each in ([\w ]+);", recipe[1])[0].split())
    pinned = {
        path.stem: {line.partition("==")[0] for line in path.read_text().splitlines() if re.match(r"[\w.-]+==", line)}
        for path in (PROJECT / "requirements").glob("*.txt")
    }
    run = set().union(*(pinned[each] for each in ("app", "speech", "piper", "engine")))
    assert run <= set().union(*(pinned[each] for each in looked_up))
