"""Health: insurance and family doctors, and what the health information system keeps of prescriptions and letters."""

from collections.abc import Iterator
from datetime import date

from assistant.sandbox.operations import personal_list, personal_record
from assistant.sandbox.personal import read_subject
from assistant.sandbox.population import JAAK, MARI_LIIS, MARY, newborn, school_child
from assistant.sandbox.provider import Answer, answer_json
from assistant.sandbox.records import Day, Record, RegisterDate, Texts, write_record
from assistant.sandbox.registers.control import HEALTH_RECORDS
from assistant.sandbox.registers.granted_consents import PRESCRIPTIONS as CONSENT_TO_PRESCRIPTIONS
from assistant.sandbox.registers.granted_consents import require_consent
from assistant.sandbox.service import Call, Operation, Service
from assistant.sandbox.state import Rows, Table


class Insurance(Record):
    """Whether somebody is insured; of an insurance that ended, `valid_until` is the last day."""

    insured: bool
    basis: str | None = None
    valid_until: RegisterDate | None = None


class FamilyDoctor(Record):
    """The family doctor whose list a person is on; `list_open`: others may join it."""

    doctor: str
    practice: Texts
    address: Texts
    phone: str
    list_open: bool


class Prescription(Record):
    """A prescription that was not bought out yet; one that can be repeated has `refills_left`."""

    number: str
    medicine: Texts
    valid_until: RegisterDate
    refills_left: int | None = None


class Referral(Record):
    """A doctor's letter to a specialist."""

    specialty: Texts
    issued_on: RegisterDate
    valid_until: RegisterDate


class Screening(Record):
    """An invitation to a screening."""

    screening: Texts
    invited_on: RegisterDate
    place: Texts


INSURANCE = Table("health_insurance", Insurance)
FAMILY_DOCTORS = Table("family_doctors", FamilyDoctor)
PRESCRIPTIONS = Table("prescriptions", Prescription, key="number")
REFERRALS = Table("referrals", Referral)
SCREENINGS = Table("screenings", Screening)

_HEALTH = frozenset({HEALTH_RECORDS})


def _show_prescriptions(call: Call) -> Answer:
    """Only to somebody to whom the citizen has consented to show them."""
    subject = read_subject(call)
    require_consent(call, CONSENT_TO_PRESCRIPTIONS)
    return answer_json(
        {"prescriptions": [write_record(each, call.today) for each in call.records.all(PRESCRIPTIONS, subject)]}
    )


SERVICES = {
    "EE/GOV/74000091/insurance/status": Service(
        "Health insurance of a person", (personal_record("/v1/persons/{subject}/insurance", INSURANCE),)
    ),
    "EE/GOV/74000091/doctors/familydoctor": Service(
        "Family doctor of a person", (personal_record("/v1/persons/{subject}/family-doctor", FAMILY_DOCTORS),)
    ),
    "EE/GOV/70009770/prescriptions/active": Service(
        "Prescriptions of a person that are in force",
        (
            Operation(
                "GET",
                "/v1/persons/{subject}/prescriptions",
                _show_prescriptions,
                Prescription,
                "prescriptions",
                query=("consentReference",),
            ),
        ),
        obeys=_HEALTH,
    ),
    "EE/GOV/70009770/referrals/active": Service(
        "Referrals of a person that are in force",
        (personal_list("/v1/persons/{subject}/referrals", REFERRALS, "referrals"),),
        obeys=_HEALTH,
    ),
    "EE/GOV/70009770/screenings/invitations": Service(
        "Screening invitations of a person",
        (personal_list("/v1/persons/{subject}/invitations", SCREENINGS, "invitations"),),
        obeys=_HEALTH,
    ),
}

_CENTRE = Texts(
    en="the Kesklinn Family Doctor Centre", et="Kesklinna Perearstikeskus", ru="центр семейных врачей «Кесклинн»"
)
_CENTRE_ADDRESS = Texts(en="15 Ravi Street, Tallinn", et="Ravi 15, Tallinn", ru="Таллинн, улица Рави, 15")
_TARTU_PRACTICE = Texts(en="the Tähtvere practice", et="Tähtvere perearstipraksis", ru="семейная практика «Тяхтвере»")
_TARTU_ADDRESS = Texts(en="8 Taara Avenue, Tartu", et="Taara puiestee 8, Tartu", ru="Тарту, бульвар Таара, 8")
_RAMIPRIL = Texts(en="Ramipril, five milligrams", et="ramipriil, viis milligrammi", ru="рамиприл, пять миллиграммов")
_IRON = Texts(en="iron tablets", et="rauatabletid", ru="таблетки железа")
_EYE_DROPS = Texts(en="eye drops", et="silmatilgad", ru="глазные капли")
_EYE_DOCTOR = Texts(en="eye doctor", et="silmaarst", ru="глазной врач")
_CERVICAL = Texts(
    en="cervical cancer screening",
    et="emakakaelavähi sõeluuring",
    ru="скрининг рака шейки матки",
)
_HOSPITAL = Texts(
    en="the East Tallinn Central Hospital", et="Ida-Tallinna Keskhaigla", ru="Восточно-Таллиннская центральная больница"
)


def seed(today: date) -> Iterator[Rows]:
    """The first records."""
    yield INSURANCE.of(MARY, Insurance(insured=True, basis="work_contract"))
    yield INSURANCE.of(JAAK, Insurance(insured=False, valid_until=Day(-12)))
    yield INSURANCE.of(MARI_LIIS, Insurance(insured=True, basis="work_contract", valid_until=Day(60)))
    kask = FamilyDoctor(
        doctor="Tiina Kask", practice=_CENTRE, address=_CENTRE_ADDRESS, phone="600 1234", list_open=True
    )
    yield FAMILY_DOCTORS.of(MARY, kask)
    yield FAMILY_DOCTORS.of(
        JAAK,
        FamilyDoctor(
            doctor="Peeter Lepik",
            practice=_TARTU_PRACTICE,
            address=_TARTU_ADDRESS,
            phone="700 1234",
            list_open=False,
        ),
    )
    for child in (school_child(today), newborn(today)):
        yield INSURANCE.of(child, Insurance(insured=True, basis="under_age"))
        yield FAMILY_DOCTORS.of(child, kask)
    yield PRESCRIPTIONS.of(
        MARY,
        Prescription(number="RX1000231", medicine=_RAMIPRIL, valid_until=Day(96), refills_left=2),
        Prescription(number="RX1000232", medicine=_IRON, valid_until=Day(33)),
    )
    yield PRESCRIPTIONS.of(JAAK, Prescription(number="RX1000451", medicine=_EYE_DROPS, valid_until=Day(5)))
    yield REFERRALS.of(MARY, Referral(specialty=_EYE_DOCTOR, issued_on=Day(-20), valid_until=Day(345)))
    yield SCREENINGS.of(MARY, Screening(screening=_CERVICAL, invited_on=Day(-6), place=_HOSPITAL))
