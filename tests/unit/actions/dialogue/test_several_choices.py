import pytest

from assistant.content.service_spec import Offer, Service

pytestmark = pytest.mark.unit

CHILDREN = [{"code": "C1", "name": "Mari"}, {"code": "C2", "name": "Juku"}]
SCHOOLS = [{"code": "S1", "name": "Tondi"}, {"code": "S2", "name": "Nurme"}]


def in_all(text: str) -> dict[str, str]:
    return dict.fromkeys(("en", "et", "ru"), text)


def choice(name: str) -> dict:
    choose = {"calls": [name], "key": f"{name}_code", "label": f"{name}_name"}
    return {"slot": name, "choose": choose, "label": in_all(name), "required": True}


def listing(name: str) -> dict:
    return {
        "id": name,
        "register": in_all(f"the {name} register"),
        "service": f"EE/GOV/75014920/schools/{name}",
        "operation": f"GET /v1/persons/{{subject}}/{name}",
        "items": "items",
        "reads": {f"{name}_code": "code", f"{name}_name": "name"},
    }


QUEUE = {
    "service": "queue",
    "title": in_all("A place at school"),
    "owner": {"institution": in_all("Education Department"), "code": "75014920"},
    "assurance": "high",
    "data_class": "personal",
    "purpose": in_all("To find a place"),
    "calls": [listing("child"), listing("school")],
    "inputs": [choice("child"), choice("school")],
    "writes": [
        {
            "id": "join",
            "register": in_all("the queue"),
            "service": "EE/GOV/75014920/schools/queue",
            "operation": "POST /v1/persons/{subject}/places",
            "status": "GET /v1/persons/{subject}/places/{key}",
            "body": {"child": "child", "school": "school"},
        }
    ],
    "confirm": "read_back",
    "answers": {"read_back": "utter_queue_read_back", "done": "utter_queue_done", "none": "utter_queue_none"},
    "degrade": "utter_register_unavailable",
}


@pytest.fixture
def parent(citizen, services):
    """A citizen who may put a child in the queue of a school."""
    services["queue"] = Service.model_validate(QUEUE)
    citizen.registers.answers |= {"child": {"items": CHILDREN}, "school": {"items": SCHOOLS}}
    return citizen


async def test_correction_when_another_choice_is_named_then_it_is_no_answer_to_the_question(parent) -> None:
    await parent.says("a place at school", "queue")
    assert await parent.says("mari", "inform") == ["ask_school"]
    assert await parent.says("no the second child", "correct") == ["ask_school"]
    assert parent.stack[-1].values == {"child": "C2"}


async def test_correction_when_a_choice_is_named_then_the_other_one_stays(parent) -> None:
    await parent.says("a place at school", "queue")
    await parent.says("mari", "inform")
    await parent.says("tondi", "inform")
    assert (await parent.says("no the second child", "correct"))[0] == "queue_read_back"
    assert parent.stack[-1].values == {"child": "C2", "school": "S1"}


async def test_offer_when_it_waits_already_then_it_is_made_once(citizen, services) -> None:
    vehicle = Offer(offer="vehicle")
    services["notice"] = services["notice"].model_copy(update={"next": (Offer(offer="documents"), vehicle)})
    services["documents"] = services["documents"].model_copy(update={"next": (vehicle,)})
    for words, intent in (("i sold the volvo last friday", "notice"), ("yes", "affirm")):
        responses = await citizen.says(words, intent)
    assert responses == ["notice_done", "offer_documents"]
    assert await citizen.says("yes", "affirm") == ["ask_document_type"]
    assert await citizen.says("passport", "inform", document_type="passport") == ["documents_item", "offer_vehicle"]
    assert await citizen.says("no", "deny") == ["all_right"]
    assert citizen.stack == ()
