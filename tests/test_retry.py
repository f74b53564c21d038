"""When an endpoint is asked again."""

from __future__ import annotations

import email.utils
import time

import pytest

from chatwidget.models._retry import delay_before, retry_after


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0.25"}, 0.25),
        ({"retry-after": "7", "retry-after-ms": "250"}, 0.25),
        ({"retry-after": "7", "retry-after-ms": "soon"}, 7.0),
        ({"retry-after": "-3"}, 0.0),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "tomorrow"}, None),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0.0),
    ],
)
def test_the_wait_a_server_asks_for_is_read_in_all_its_forms(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds


def test_a_date_to_come_is_the_time_until_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 1_000_000.0)
    assert retry_after({"retry-after": email.utils.formatdate(1_000_090, usegmt=True)}) == 90.0


def test_a_wait_that_was_asked_for_is_kept_to_the_second_and_one_of_hours_is_not_begun() -> None:
    assert delay_before(2, 7.0) == 7.0
    assert delay_before(3, 120.0) == 120.0
    assert delay_before(2, 120.1) is None


@pytest.mark.parametrize(("attempt", "longest"), [(2, 0.5), (3, 1.0), (4, 2.0), (9, 8.0), (40, 8.0)])
def test_else_the_wait_doubles_up_to_eight_seconds_less_up_to_a_quarter(attempt: int, longest: float) -> None:
    delays = [delay_before(attempt, None) for _ in range(50)]
    assert all(delay is not None and 0.75 * longest <= delay <= longest for delay in delays)
    assert len(set(delays)) > 1, "many clients must not come back together"
