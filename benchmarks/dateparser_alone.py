"""What the library dateparser makes of texts; benchmarks/values.py runs this file in an environment of its own."""

import json
import sys
from datetime import datetime

import dateparser
from dateparser.search import search_dates


def main() -> None:
    """Read `today` and `texts` (language, text) as JSON, print the days found by each of its functions."""
    asked = json.load(sys.stdin)
    settings = {
        "RELATIVE_BASE": datetime.fromisoformat(asked["today"]),
        "PREFER_DATES_FROM": "future",
        "DATE_ORDER": "DMY",
    }
    parsed, searched = [], []
    for language, text in asked["texts"]:
        day = dateparser.parse(text, languages=[language], settings=settings)
        parsed.append(day.date().isoformat() if day else "")
        days = search_dates(text, languages=[language], settings=settings)
        searched.append(days[-1][1].date().isoformat() if days else "")
    print(json.dumps({"dateparser.parse": parsed, "dateparser.search_dates": searched}))


if __name__ == "__main__":
    main()
