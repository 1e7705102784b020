#!/bin/sh
# Makes the environments that Kratt runs in, and does nothing where they are up to date.
#
#   requirements/set_up.sh run    .venv (app.txt) and .venv-engine (engine.txt)
#   requirements/set_up.sh dev    the same, with the tools for tests and checks (dev.txt) in .venv
#   requirements/set_up.sh speech the same, with what builds speech models (speech.txt); dev.txt has it, too
#   requirements/set_up.sh piper  only .venv-piper, for voices by Piper (piper.txt)
#   requirements/set_up.sh tools  only .tools, where uv lives (uv.txt)
#
# PYTHON and ENGINE_PYTHON may name the interpreters; otherwise they are looked for. An environment counts as made when the stamp in
# it equals what it should be made from; the stamp is written last, so whatever is interrupted is made again.
set -eu

cd "$(dirname "$0")/.."
root=$(pwd -P)
export UV_PYTHON_DOWNLOADS=never PIP_DISABLE_PIP_VERSION_CHECK=1
unset VIRTUAL_ENV PYTHONPATH PYTHONHOME
# A network that inspects TLS has its certificate in the system's bundle, where pip looks too.
[ ! -s /etc/ssl/certs/ca-certificates.crt ] || export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-true}"
# A user without a home keeps what is downloaded beside the tools.
[ -w "${HOME:-/nonexistent}" ] || export UV_CACHE_DIR="$root/.tools/cache" PIP_NO_CACHE_DIR=1
uv=.tools/bin/uv

say() { printf 'set-up: %s\n' "$*" >&2; }

fail() {
    printf 'set-up failed: %s\n' "$1" >&2
    shift
    for line in "$@"; do printf '  %s\n' "$line" >&2; done
    exit 1
}

# The interpreter's own path if the candidate answers and its version fits; a pyenv shim may exist and answer "command not found".
real_python() { # candidate, condition on v, the version
    "$1" -c "import sys; v = sys.version_info[:2]; sys.exit(0 if $2 else 1)" 2>/dev/null || return 1
    "$1" -c 'import sys; print(getattr(sys, "_base_executable", sys.executable))'
}

pyenv_pythons() { # version
    pyenv_root=${PYENV_ROOT:-$(pyenv root 2>/dev/null || printf '%s' "${HOME:-/nonexistent}/.pyenv")}
    for candidate in "$pyenv_root"/versions/"$1"*/bin/python; do
        [ ! -x "$candidate" ] || printf '%s\n' "$candidate"
    done
}

python_for_app() {
    for candidate in ${PYTHON:-python3.11 python3.12 python3.13 python3 $(pyenv_pythons 3.11) $(pyenv_pythons 3.12) $(pyenv_pythons 3.13)}; do
        real_python "$candidate" "v >= (3, 11)" && return
    done
    [ -z "${PYTHON:-}" ] || fail "PYTHON=$PYTHON is not Python 3.11 or newer."
    fail "Python 3.11 or newer was not found." \
        "Looked on PATH (python3.11, python3.12, python3.13, python3) and in pyenv's versions." \
        "Install one: 'apt install python3.11 python3.11-venv', 'pyenv install 3.11' or https://www.python.org/downloads/" \
        "or name one: make run PYTHON=/path/to/python3.11"
}

python_for_engine() {
    for candidate in ${ENGINE_PYTHON:-python3.10 $("$uv" python find --no-project 3.10 2>/dev/null || :) $(pyenv_pythons 3.10)}; do
        real_python "$candidate" "v == (3, 10)" && return
    done
    [ -z "${ENGINE_PYTHON:-}" ] || fail "ENGINE_PYTHON=$ENGINE_PYTHON is not Python 3.10."
    fail "Python 3.10 was not found; the dialogue engine (Rasa 3.6) runs on no newer one." \
        "Looked on PATH (python3.10), in 'uv python find 3.10' and in pyenv's versions." \
        "Install it: '.tools/bin/uv python install 3.10', 'pyenv install 3.10', or on Ubuntu 'apt install python3.10' (deadsnakes PPA)" \
        "or name one: make run ENGINE_PYTHON=/path/to/python3.10"
}

explain_failed_download() { # what
    fail "$1: the message above says why." \
        "Without a network nothing can be installed. Behind a proxy set HTTPS_PROXY; for a mirror set PIP_INDEX_URL and UV_DEFAULT_INDEX." \
        "Then start again: what is already there is kept."
}

stamp() { # requirement files: what an environment is made from
    printf '%s\n' "$root"
    cat requirements/set_up.sh "$@"
}

is_made() { # environment, its program, requirement file
    [ -x "$1/bin/$2" ] && stamp "$3" | cmp -s - "$1/made_from_$(basename "$3")"
}

keep_stamp() { # environment, requirement file
    stamp "$2" >"$1/made_from_$(basename "$2")"
}

make_tools() {
    ! is_made .tools uv requirements/uv.txt || return 0
    python=$(python_for_app)
    say "uv, the installer, into .tools"
    rm -rf .tools
    mkdir .tools
    if "$python" -c 'import ensurepip' 2>/dev/null; then
        "$python" -m venv .tools && installer=.tools/bin/python target=
    else # Debian splits venv off; its pip can still fill a folder
        installer=$python target="--target .tools"
    fi
    "$installer" -m pip --version >/dev/null 2>&1 ||
        fail "$python has neither venv nor pip." "Install them: 'apt install python3-venv' or, for one version, 'apt install python3.11-venv'"
    # shellcheck disable=SC2086 # no target is no argument
    "$installer" -m pip install --quiet --require-hashes $target -r requirements/uv.txt || explain_failed_download "uv was not installed"
    keep_stamp .tools requirements/uv.txt
}

make_environment() { # environment, python, requirement file
    say "$1 from $3, with $2"
    "$uv" venv --quiet --clear --no-project --python "$2" "$1"
    {
        "$uv" pip sync --python "$1/bin/python" --require-hashes --build-constraints requirements/build.txt "$3" && : >"$1/synced"
    } 2>&1 | grep -v '^ + ' >&2 || :
    [ -e "$1/synced" ] || explain_failed_download "$1 was not made"
    # The project itself is not built: a line in a .pth file makes it importable, from here and nowhere else.
    "$1/bin/python" -c 'import site; print(site.getsitepackages()[0])' | { read -r folder; printf '%s\n' "$root" >"$folder/kratt.pth"; }
}

make_app_environment() { # requirement file
    is_made .venv kratt requirements/app.txt && is_made .venv python "$1" && return
    make_tools
    python=$(python_for_app)
    make_environment .venv "$python" "$1"
    printf '#!/bin/sh\nexec "%s/.venv/bin/python" -P -m assistant.cli "$@"\n' "$root" >.venv/bin/kratt
    chmod +x .venv/bin/kratt
    keep_stamp .venv "$1"
    keep_stamp .venv requirements/app.txt
}

make_engine_environment() {
    ! is_made .venv-engine python requirements/engine.txt || return 0
    make_tools
    python=$(python_for_engine)
    make_environment .venv-engine "$python" requirements/engine.txt
    keep_stamp .venv-engine requirements/engine.txt
}

case "${1:-}" in
run)
    make_app_environment requirements/app.txt
    make_engine_environment
    ;;
dev)
    make_app_environment requirements/dev.txt
    make_engine_environment
    ;;
speech)
    is_made .venv python requirements/dev.txt || make_app_environment requirements/speech.txt
    make_engine_environment
    ;;
piper)
    is_made .venv-piper python requirements/piper.txt && exit
    make_tools
    make_environment .venv-piper "$(python_for_app)" requirements/piper.txt
    keep_stamp .venv-piper requirements/piper.txt
    ;;
tools) make_tools ;;
*) fail "say what to set up: run, dev, speech, piper or tools." ;;
esac
