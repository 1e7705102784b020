from datetime import UTC, datetime

import pytest

from assistant.content.model_bank import Made, Model
from assistant.operate.models_text import model_text, models_table

pytestmark = pytest.mark.unit

AT = datetime(2026, 11, 26, 9, 12, tzinfo=UTC)
MADE = Made("c" * 64, "a" * 40, content_is_changed=True, by="Mari", note="parking", authors=("Jaan",), seconds=31.4)
NEW = Model("20261126-091200-cccccccc", MADE, AT, "d" * 64, "f00", {"all": {"acted_right": 0.8714}})
OLD = Model("20261125-091200-eeeeeeee", Made("e" * 64), AT, "b" * 64, "", is_pinned=True)


def test_table_when_models_are_listed_then_each_has_its_standing():
    head, new, old = models_table([NEW, OLD], NEW, None).splitlines()
    assert head.split() == ["version", "is", "content", "right", "by", "note"]
    assert new.split() == [NEW.version, "live", "aaaaaaaaaaaa+", "87.1", "%", "Mari", "parking"]
    assert old.split() == [OLD.version, "pinned", "eeeeeeeeeeee", "-", "-"]
    assert " previous " in models_table([OLD], None, OLD)


def test_text_when_a_model_is_shown_then_what_is_not_known_is_left_out():
    shown = model_text(NEW)
    assert "trained:               2026-11-26 09:12:00 UTC, in 31 s" in shown
    assert "all:                   acted_right 0.871" in shown
    assert "by:" not in model_text(OLD)
