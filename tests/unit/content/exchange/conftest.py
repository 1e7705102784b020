"""A Rasa project of 30 intents, and one in Bürokratt's layout, as their files."""

from collections.abc import Callable, Mapping
from pathlib import Path
from zipfile import ZipFile

import pytest

Files = Mapping[str, str]
HEAD = 'version: "3.1"\n'
TOPICS = tuple(f"topic_{number}" for number in range(29))


def examples(intent: str) -> str:
    return "".join(f"    - {words} {intent.replace('_', ' ')}\n" for words in ("tell me about", "what is", "Where is"))


def rasa_files() -> dict[str, str]:
    half = len(TOPICS) // 2
    blocks = [f"- intent: {each}\n  examples: |\n{examples(each)}" for each in TOPICS]
    answers = [f'  utter_{each}:\n  - text: "This is {each}."\n' for each in TOPICS]
    rules = [f"- rule: {each}\n  steps:\n  - intent: {each}\n  - action: utter_{each}\n" for each in TOPICS]
    return {
        "config.yml": "recipe: default.v1\nlanguage: en\npipeline:\n- name: WhitespaceTokenizer\n",
        "domain.yml": HEAD
        + "intents:\n"
        + "".join(f"- {each}\n" for each in (*TOPICS, "Ask-Office Hours"))
        + "slots:\n  city:\n    type: text\n    mappings:\n    - type: from_entity\n      entity: city\n"
        + "responses:  # first half\n"
        + "".join(answers[:half])
        + '  utter_choice:\n  - text: "Which one?"\n    buttons:\n    - {title: Tax, payload: land tax}\n'
        + "    - {title: Other, payload: /other}\n  - text: For one channel\n    channel: slack\n",
        "domain/second.yml": HEAD + "responses:\n" + "".join(answers[half:]),
        "data/nlu.yml": HEAD + "nlu:\n# the first half\n" + "\n".join(blocks[:half]),
        "data/nlu_more.yml": HEAD
        + "nlu:\n"
        + "".join(blocks[half:])
        + "- intent: Ask-Office Hours\n  examples: |\n    - when are you open in [Tartu](city)\n"
        + "- synonym: ID-kaart\n  examples: |\n    - id card\n    - identity card\n"
        + "- regex: plate\n  examples: |\n    - \\d{3}[A-Z]{3}\n"
        + "- lookup: city\n  examples: |\n    - Tartu\n    - Narva\n",
        "data/rules.yml": HEAD + "rules:\n" + "".join(rules),
        "data/stories.yml": HEAD + "stories:\n- story: long\n  steps:\n  - intent: topic_1\n  - action: action_ask\n",
        "tests/test_stories.yml": HEAD
        + "stories:\n- story: one topic\n  steps:\n  - user: |\n      tell me of topic 1\n    intent: topic_1\n"
        + "  - action: utter_topic_1\n"
        + "- story: a form\n  steps:\n  - user: hi\n    intent: topic_2\n  - action: a_form\n",
        "tests/test_nlu.yml": HEAD + "nlu:\n- intent: topic_3\n  examples: |\n    - the third of them please\n",
        "actions/actions.py": "print('never run')\n",
    }


def burokratt_files() -> dict[str, str]:
    return {
        "data/config.yml": "language: et\npipeline:\n- name: DIETClassifier\n  epochs: 30\n",
        "data/domain.yml": HEAD
        + "session_config:\n  session_expiration_time: 60\n"
        + "intents:\n- common_tere\n- tööaeg\nentities:\n- asutus\n"
        + "responses:\n  utter_common_tere:\n  - text: Tere!\n  utter_tööaeg:\n  - text: 'Avatud 9-17'\n"
        + "forms:\n  aeg_form:\n    required_slots: []\n",
        "data/nlu/common_tere_nlu.yml": 'version: "3.0"\n'
        + "nlu:\n- intent: common_tere\n  examples: |\n    - tere\n    - hei\n",
        "data/nlu/tööaeg_nlu.yml": HEAD + "nlu:\n- intent: tööaeg\n  examples: |\n    - millal olete avatud\n",
        "data/nlu/uus_nlu.yml.tmp": HEAD + "nlu:\n- intent: uus\n  examples: |\n    - midagi uut\n",
        "data/regex/asutus_nlu.yml": HEAD + "nlu:\n- regex: asutus\n  examples: |\n    - amet|ministeerium\n",
        "data/rules.yml": HEAD
        + "rules:\n- rule: tere\n  steps:\n  - intent: common_tere\n  - action: utter_common_tere\n"
        + "- rule: vorm\n  steps:\n  - intent: tööaeg\n  - action: aeg_form\n  - active_loop: aeg_form\n",
        "data/stories.yml": HEAD + "stories: []\n",
        "tests/test_stories.yml": HEAD
        + "stories:\n- story: tervitus\n  steps:\n  - user: tere päevast\n    intent: common_tere\n"
        + "  - action: utter_common_tere\n",
        "results/20240101/intent_report.json": "{}\n",
    }


def lay_out(folder: Path, files: Files) -> Path:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def project(tmp_path) -> Callable[..., Path]:
    """Lays the files of a project out in a folder; other files may be given by their path."""
    return lambda files, others=None: lay_out(tmp_path / "project", {**files, **(others or {})})


@pytest.fixture
def rasa(project) -> Path:
    return project(rasa_files())


@pytest.fixture
def burokratt(project) -> Path:
    return project(burokratt_files())


@pytest.fixture
def zipped(tmp_path) -> Callable[[Path], Path]:
    def pack(folder: Path) -> Path:
        with ZipFile(tmp_path / "project.zip", "w") as packed:
            for path in sorted(each for each in folder.rglob("*") if each.is_file()):
                packed.write(path, f"around/{path.relative_to(folder)}")
        return tmp_path / "project.zip"

    return pack
