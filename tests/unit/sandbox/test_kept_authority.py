import stat
from pathlib import Path

import pytest

from assistant.core.errors import SettingsError
from assistant.sandbox.kept_authority import keep_phone_authority
from assistant.settings import Settings

pytestmark = pytest.mark.unit


def test_authority_when_kept_then_is_the_same_next_time_and_where_the_action_server_looks(tmp_path: Path) -> None:
    settings = Settings(state=tmp_path)
    first, again = (keep_phone_authority(settings.phone_authorities_file.parent) for _ in range(2))
    assert first.certificate == again.certificate
    assert settings.phone_authorities_file.exists()
    assert stat.S_IMODE((settings.phone_authorities_file.parent / "phones.key").stat().st_mode) == 0o600


def test_authority_when_its_folder_is_none_then_the_setting_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="KRATT_STATE"):
        keep_phone_authority(tmp_path / "file" / "folder")
