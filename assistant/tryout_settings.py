"""The settings of the second Kratt, that editors try drafts on: its own folder, ports and sandbox, nothing real."""

from pydantic import SecretStr

from assistant.settings import Settings

PROCESSES = ("sandbox", "actions", "engine")
FOLDER = "tryout"


def has_try_outs(settings: Settings) -> bool:
    """Whether drafts can be tried here: production has no sandbox, and a draft never reaches a real register."""
    return bool(settings.console_editors) and not settings.is_production


def settings_of_try_outs(settings: Settings) -> Settings:
    """As `settings`, but for all that leads out of this machine, or to citizens: that is as in a fresh checkout."""
    return settings.model_copy(update=_changes(settings))


def environment_of_try_outs(settings: Settings) -> dict[str, str]:
    """The same as variables, for processes that would read the operator's own otherwise."""
    changes = _changes(settings).items()
    return {f"KRATT_{name.upper()}": "" if isinstance(value, SecretStr) else str(value) for name, value in changes}


def _changes(settings: Settings) -> dict[str, object]:
    # Addresses, databases, files and secrets are all empty by default: the sandbox's, in the state folder, generated.
    empty = {
        name: field.default for name, field in Settings.model_fields.items() if field.default in {"", SecretStr("")}
    }
    state = settings.state / FOLDER
    ports = {f"{name}_port": getattr(settings, f"{FOLDER}_{name}_port") for name in PROCESSES}
    return {**empty, "state": state, "content": state / "content", "models": state / "models", **ports}
