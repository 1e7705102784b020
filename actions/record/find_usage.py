"""`findUsage` as a provider: what Kratt did with a citizen's data, for the state's data tracker and for Kratt itself.

Source: e-gov/AJ, `dumonitor-openapi.yaml` 2.1.0; the service code must be `findUsage`.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import AfterValidator, BaseModel, Field, ValidationError

from actions.record.access_record import AccessRecord, Usage
from actions.record.provider import Callers, CallRefused, ProviderRoute
from actions.xroad.identifiers import ServiceId
from assistant.content.service_spec import Service
from assistant.content.spec import Terms
from assistant.core.errors import ServiceUnavailable
from assistant.core.languages import Language

SYSTEM = "kratt"
NO_TERMS: Terms = {}
MOST_USAGES = 1000
_LARGEST_OFFSET = 2**31 - 1  # int32 in the description


def _in_utc(moment: datetime) -> datetime:
    # The description's examples have no offset.
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        raise ValueError("out of range") from None


Moment = Annotated[datetime, AfterValidator(_in_utc)]


class UsageQuestion(BaseModel):
    """The query of `findUsage`."""

    userCode: Annotated[str, Field(min_length=1, max_length=256)]  # noqa: N815  # the names of the wire
    periodStart: Moment | None = None  # noqa: N815
    periodEnd: Moment | None = None  # noqa: N815
    offset: Annotated[int, Field(ge=0, le=_LARGEST_OFFSET)] = 0
    limit: Annotated[int, Field(ge=1, le=MOST_USAGES)] = MOST_USAGES


def build_usage_router(
    record: AccessRecord, services: Mapping[str, Service], callers: Callers, purposes: Terms = NO_TERMS
) -> APIRouter:
    """The routes of `findUsage`; `services` say in words what an act was for, `purposes` of what no service did."""
    router = APIRouter(prefix="/findUsage/v2", route_class=ProviderRoute)

    @router.get("/findUsage")
    async def find_usage(request: Request) -> dict[str, object]:
        question = _read_question(request)
        callers.check_own(request, question.userCode)
        usages = await record.of(
            question.userCode,
            question.periodStart,
            question.periodEnd,
            offset=question.offset,
            limit=question.limit,
        )
        return {"totalUsages": usages.total, "usages": [describe(usage, services, purposes) for usage in usages.page]}

    @router.get("/usagePeriod")
    async def tell_period(request: Request) -> dict[str, str]:
        callers.check(request)
        return {"periodStart": await record.start() or datetime.now(UTC).isoformat(timespec="milliseconds")}

    @router.get("/heartbeat")
    async def tell_heartbeat(request: Request) -> dict[str, str]:
        callers.check(request)
        try:
            await record.start()
        except ServiceUnavailable:
            return {"status": "FAIL", "message": "the access record does not answer"}
        return {"status": "OK"}

    return router


def describe(usage: Usage, services: Mapping[str, Service], purposes: Terms = NO_TERMS) -> dict[str, str]:
    """One act in the words of the data tracker; one whose service is no longer ours keeps its name."""
    described = {"logtime": usage.at, "receiverSystem": SYSTEM}
    service = services.get(usage.purpose)
    if service is None:
        words = purposes.get(usage.purpose)
        action = words[Language.ET] if words else usage.purpose
        return {**described, "action": action, "receiverCode": ServiceId.parse(usage.service).member_code}
    return {
        **described,
        "action": service.purpose[Language.ET],
        "receiverCode": service.owner.code,
        "receiverName": service.owner.institution[Language.ET],
    }


def _read_question(request: Request) -> UsageQuestion:
    names = [name for name, _ in request.query_params.multi_items()]
    if len(names) != len(set(names)):
        raise CallRefused(400, "query_malformed", "a parameter came twice")
    try:
        return UsageQuestion.model_validate(dict(request.query_params))
    except ValidationError as error:
        wrong = ", ".join(sorted({str(each["loc"][0]) for each in error.errors()}))
        raise CallRefused(400, "query_malformed", f"not as described: {wrong}") from None
