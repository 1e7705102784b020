"""requirements/set_up.sh in a tree of its own, with interpreters and an installer that only pretend."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.settings import PROJECT

pytestmark = pytest.mark.integration

TOOLS = ("sh", "basename", "cat", "chmod", "cmp", "dirname", "grep", "mkdir", "rm")

# Answers the version check as {version} would, and otherwise with its own path; `-m pip install` brings the installer.
PYTHON = """#!/bin/sh
case "$*" in
*"v >= (3, 11)"*) [ {version} -ge 11 ] ;;
*"v == (3, 10)"*) [ {version} -eq 10 ] ;;
*"-m venv"*) mkdir -p .tools/bin && cat "$0" >.tools/bin/python && chmod +x .tools/bin/python ;;
*"pip install"*) [ {network} -eq 0 ] && cat uv.stub >.tools/bin/uv && chmod +x .tools/bin/uv ;;
*) echo "$0" ;;
esac
"""
SHIM = "#!/bin/sh\necho 'pyenv: python3.10: command not found' >&2\nexit 127\n"
UV = """#!/bin/sh
echo "$@" >>uv.calls
case "$*" in
venv*) for last; do :; done; mkdir -p "$last/bin" "$last/site"
    printf '#!/bin/sh\\necho "%s/site"\\n' "$last" >"$last/bin/python"; chmod +x "$last/bin/python" ;;
"pip sync"*) ! [ -e offline ] ;;
*) exit 1 ;;
esac
"""


@dataclass(frozen=True)
class Machine:
    """A project tree, a PATH and a pyenv folder."""

    root: Path

    @property
    def project(self) -> Path:
        return self.root / "a project"

    def add(self, path: str, content: str) -> None:
        program = self.root / path
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(content)
        program.chmod(0o755)

    def add_python(self, path: str, version: int, *, has_network: bool = True) -> None:
        self.add(path, PYTHON.format(version=version, network=int(not has_network)))

    def set_up(self, what: str, **environment: str) -> subprocess.CompletedProcess[str]:
        places = {"PATH": str(self.root / "bin"), "PYENV_ROOT": str(self.root / "pyenv"), "HOME": str(self.root)}
        script = str(self.project / "requirements" / "set_up.sh")
        return subprocess.run(
            ["/bin/sh", script, what],
            cwd=self.root,
            env=places | environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def calls(self) -> list[str]:
        """What the installer was asked since the last time."""
        log = self.project / "uv.calls"
        calls = log.read_text().splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return [call for call in calls if not call.startswith("python find")]


@pytest.fixture
def bare(tmp_path: Path) -> Machine:
    """A machine without Python."""
    machine = Machine(tmp_path)
    (tmp_path / "bin").mkdir()
    for tool in TOOLS:
        (tmp_path / "bin" / tool).symlink_to(shutil.which(tool) or os.devnull)
    (machine.project / "requirements").mkdir(parents=True)
    shutil.copy(PROJECT / "requirements" / "set_up.sh", machine.project / "requirements")
    for name in ("app", "dev", "engine", "build", "uv"):
        (machine.project / "requirements" / f"{name}.txt").write_text(f"{name}==1\n")
    (machine.project / "uv.stub").write_text(UV)
    return machine


@pytest.fixture
def machine(bare: Machine) -> Machine:
    """One with both Pythons."""
    bare.add_python("bin/python3", 11)
    bare.add_python("bin/python3.10", 10)
    return bare


def synced(calls: list[str]) -> list[str]:
    return [call.split()[-1] for call in calls if call.startswith("pip sync")]


def test_set_up_when_nothing_is_there_then_both_environments_are_made(machine):
    done = machine.set_up("run")
    assert done.returncode == 0, done.stderr
    calls = machine.calls()
    assert synced(calls) == ["requirements/app.txt", "requirements/engine.txt"]
    assert all("--require-hashes" in call for call in calls if call.startswith("pip sync"))
    assert (machine.project / ".venv" / "site" / "kratt.pth").read_text() == f"{machine.project}\n"
    assert (machine.project / ".venv-engine" / "site" / "kratt.pth").exists()
    assert os.access(machine.project / ".venv" / "bin" / "kratt", os.X_OK)


def test_set_up_when_all_is_there_then_nothing_is_done_or_said(machine):
    machine.set_up("run")
    machine.calls()
    done = machine.set_up("run")
    assert (done.returncode, done.stdout, done.stderr, machine.calls()) == (0, "", "", [])


def test_set_up_when_a_requirement_changes_then_only_its_environment_is_made_again(machine):
    machine.set_up("run")
    machine.calls()
    (machine.project / "requirements" / "engine.txt").write_text("engine==2\n")
    machine.set_up("run")
    assert synced(machine.calls()) == ["requirements/engine.txt"]


def test_set_up_when_made_for_tests_then_running_needs_nothing_more(machine):
    machine.set_up("run")
    machine.calls()
    assert machine.set_up("dev").returncode == 0
    assert synced(machine.calls()) == ["requirements/dev.txt"]
    machine.set_up("run")
    machine.set_up("dev")
    assert machine.calls() == []


def test_set_up_when_the_project_was_moved_then_it_is_made_again(machine):
    machine.set_up("run")
    machine.calls()
    moved = Machine(machine.root / "elsewhere")
    moved.root.mkdir()
    machine.project.rename(moved.project)
    (moved.root / "bin").symlink_to(machine.root / "bin")
    assert moved.set_up("run").returncode == 0
    assert len(synced(moved.calls())) == 2


def test_set_up_when_an_interpreter_is_gone_then_its_environment_is_made_again(machine):
    machine.set_up("run")
    machine.calls()
    (machine.project / ".venv-engine" / "bin" / "python").unlink()
    machine.set_up("run")
    assert synced(machine.calls()) == ["requirements/engine.txt"]


def test_set_up_when_the_network_fails_half_way_then_it_says_so_and_tries_again_next_time(bare):
    bare.add_python("bin/python3", 11)
    bare.add_python("bin/python3.10", 10)
    assert bare.set_up("tools").returncode == 0
    bare.add_python("bin/python3", 11, has_network=False)
    offline = bare.project / "offline"
    offline.touch()
    failed = bare.set_up("run")
    assert failed.returncode == 1
    assert "Without a network nothing can be installed" in failed.stderr
    offline.unlink()
    assert bare.set_up("run").returncode == 0


def test_set_up_when_uv_cannot_be_fetched_then_it_says_so(bare):
    bare.add_python("bin/python3", 11, has_network=False)
    failed = bare.set_up("run")
    assert failed.returncode == 1
    assert "uv was not installed" in failed.stderr


def test_set_up_when_there_is_no_python_then_it_is_named_with_how_to_get_it(bare):
    bare.add_python("bin/python3", 9)
    failed = bare.set_up("run")
    assert failed.returncode == 1
    assert "Python 3.11 or newer was not found" in failed.stderr
    assert "apt install python3.11" in failed.stderr


def test_set_up_when_python_310_is_only_a_shim_then_it_is_named_with_how_to_get_it(bare):
    bare.add_python("bin/python3", 11)
    bare.add("bin/python3.10", SHIM)
    failed = bare.set_up("run")
    assert failed.returncode == 1
    assert "Python 3.10 was not found" in failed.stderr
    for way in ("uv python install 3.10", "pyenv install 3.10", "apt install python3.10"):
        assert way in failed.stderr
    assert "command not found" not in failed.stderr


def test_set_up_when_python_310_is_only_in_pyenv_then_it_is_found(bare):
    bare.add_python("bin/python3", 11)
    bare.add("bin/python3.10", SHIM)
    bare.add_python("pyenv/versions/3.10.13/bin/python", 10)
    assert bare.set_up("run").returncode == 0
    engine = next(call for call in bare.calls() if call.startswith("venv") and call.endswith(".venv-engine"))
    assert f"--python {bare.root}/pyenv/versions/3.10.13/bin/python" in engine


@pytest.mark.parametrize(
    ("variable", "complaint"),
    [("PYTHON", "is not Python 3.11 or newer"), ("ENGINE_PYTHON", "is not Python 3.10")],
)
def test_set_up_when_the_python_named_is_none_then_no_other_is_taken(machine, variable, complaint):
    failed = machine.set_up("run", **{variable: "/no/such/python"})
    assert failed.returncode == 1
    assert f"{variable}=/no/such/python {complaint}" in failed.stderr


@pytest.mark.parametrize("name", ["app", "dev", "engine", "build", "uv"])
def test_requirements_when_read_then_every_release_has_hashes_and_no_address_is_named(name):
    lines = (PROJECT / "requirements" / f"{name}.txt").read_text().splitlines()
    releases = [number for number, line in enumerate(lines) if line[:1].isalnum()]
    assert releases
    assert all("==" in lines[number] and "--hash=sha256:" in lines[number + 1] for number in releases)
    assert not [line for line in lines if "://" in line or " /" in line]


def test_requirements_when_read_then_the_tools_for_tests_come_on_top_of_the_same_releases():
    app, dev = (
        {line for line in (PROJECT / "requirements" / f"{name}.txt").read_text().splitlines() if line[:1].isalnum()}
        for name in ("app", "dev")
    )
    assert app <= dev
