"""The data trackers of five registers, and who looked at whose data; the other registers do not report."""

from collections.abc import Iterator
from datetime import date, time

from assistant.sandbox.data_tracker import Usage, data_tracker
from assistant.sandbox.population import JAAK, MARI_LIIS, MARY
from assistant.sandbox.records import Day
from assistant.sandbox.state import Rows, Table

POPULATION_USAGES = Table("usages_rr", Usage)
HEALTH_USAGES = Table("usages_health", Usage)
TAX_USAGES = Table("usages_tax", Usage)
POLICE_USAGES = Table("usages_police", Usage)
BENEFITS_USAGES = Table("usages_benefits", Usage)

SERVICES = {
    "EE/GOV/70008440/rr/findUsage": data_tracker("Who read the population register", POPULATION_USAGES),
    "EE/GOV/70009770/health/findUsage": data_tracker("Who read the health information system", HEALTH_USAGES),
    "EE/GOV/70000349/tax/findUsage": data_tracker("Who read the tax register", TAX_USAGES),
    "EE/GOV/70008747/police/findUsage": data_tracker("Who read the police's information system", POLICE_USAGES),
    "EE/GOV/70001975/benefits/findUsage": data_tracker("Who read the social protection system", BENEFITS_USAGES),
}


def seed(_today: date) -> Iterator[Rows]:
    """The acts of agencies, of a bank, and one that a relative's matter caused."""
    yield POPULATION_USAGES.of(
        MARY,
        _usage(-41, time(13, 20), "Kliendi andmete kontroll", "12345678", "Põhjala Pank", "pank"),
        _usage(-16, time(10, 5), "Pärimisasja menetlemine", "90000018", "Notarite Koda", "e-notar"),
        _usage(-9, time(8, 31), "Koolikoha määramine", "75014920", "Tallinna Haridusamet", "arno"),
        _usage(-2, time(9, 14), "Perehüvitiste arvestamine", "70001975", "Sotsiaalkindlustusamet", "skais"),
    )
    yield HEALTH_USAGES.of(
        MARY,
        _usage(-30, time(7, 2), "Ravikindlustuse kontroll", "74000091", "Tervisekassa", "kirst"),
        _usage(-12, time(11, 45), "Retsepti väljastamine", "10987654", "Tamme Perearstikeskus", "perearst"),
        _usage(-3, time(12, 10), "Terviseandmete vaatamine vastuvõtul", "90001478", "Tartu Ülikooli Kliinikum", "ehl"),
    )
    yield TAX_USAGES.of(
        MARY,
        _usage(-20, time(6, 0), "Tuludeklaratsiooni eeltäitmine", "70000349", "Maksu- ja Tolliamet", "mais"),
    )
    yield POLICE_USAGES.of(
        MARY, _usage(-25, time(17, 38), "Liiklusjärelevalve", "70008747", "Politsei- ja Piirivalveamet", "apollo")
    )
    yield BENEFITS_USAGES.of(
        MARY, _usage(-5, time(14, 26), "Toetuse õiguse kontroll", "74000085", "Eesti Töötukassa", "emps")
    )
    yield POPULATION_USAGES.of(
        JAAK,
        _usage(-6, time(9, 50), "Elukoha andmete kontroll", "75011991", "Tartu Linnavalitsus", "delta"),
        # A name is optional in the protocol.
        _usage(-33, time(15, 15), "Kliendi andmete kontroll", "11223344", None, "klient"),
    )
    yield TAX_USAGES.of(
        MARI_LIIS,
        _usage(-8, time(5, 30), "Maamaksu arvestamine", "70000349", "Maksu- ja Tolliamet", "makis"),
    )


def _usage(days: int, at: time, action: str, code: str, name: str | None, system: str) -> Usage:
    return Usage(logtime=Day(days, at), action=action, receiver_code=code, receiver_name=name, receiver_system=system)
