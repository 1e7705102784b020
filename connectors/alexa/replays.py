"""Requests that were taken already."""

from collections import OrderedDict
from datetime import datetime

MOST_REQUESTS = 100_000
"""Remembered; only Amazon's own signature brings one in."""


class Replays:
    """Remembers a request for as long as its time stamp lets it in."""

    def __init__(self) -> None:
        """Nothing was taken yet."""
        self._until: OrderedDict[str, datetime] = OrderedDict()

    def is_first(self, request_id: str, until: datetime, now: datetime) -> bool:
        """Whether a request is new; it is remembered from now `until` then."""
        while self._until and next(iter(self._until.values())) < now:
            self._until.popitem(last=False)
        before = self._until.get(request_id)
        if before is not None and before >= now:
            return False
        self._until[request_id] = until
        if len(self._until) > MOST_REQUESTS:
            self._until.popitem(last=False)
        return True
