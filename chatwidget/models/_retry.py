"""When to ask an endpoint again, and after how long. The rules are openai-python's, so that nobody is surprised."""

from __future__ import annotations

import email.utils
import math
import random
import time
from collections.abc import Mapping

RETRIED_STATUS = (408, 409, 429)  # and all of 500 and above
FIRST_DELAY = 0.5
LONGEST_DELAY = 8.0
LONGEST_RETRY_AFTER = 120.0


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the wait in seconds the server asked for, or None; reads `retry-after-ms`, then `retry-after`."""
    for name, divisor in (("retry-after-ms", 1000), ("retry-after", 1)):
        try:
            seconds = float(headers.get(name, "")) / divisor
        except ValueError:
            continue
        if math.isfinite(seconds):
            return max(seconds, 0.0)
    try:
        date = email.utils.parsedate_to_datetime(headers.get("retry-after", ""))
        return max(date.timestamp() - time.time(), 0.0)
    except (TypeError, ValueError, OverflowError):
        return None


def delay_before(attempt: int, asked: float | None) -> float | None:
    """Return the wait before try number `attempt` (2 is the first retry); None when it is longer than one waits.

    What the server asked for is kept to; else 0.5 s, doubled each time up to 8 s, less up to a quarter at random, so
    that many clients do not come back together.
    """
    if asked is not None and asked > 0:
        return asked if asked <= LONGEST_RETRY_AFTER else None
    delay = min(FIRST_DELAY * 2.0 ** (attempt - 2), LONGEST_DELAY)
    return delay * (1 - 0.25 * random.random())  # noqa: S311 - no secret depends on it
