"""A growing JSON text is parsed in proportion to its length."""

from __future__ import annotations

from chatwidget.growing import Growing
from chatwidget.partial_json import PartialJSON


def test_arguments_at_any_speed_are_parsed_in_proportion_to_their_length() -> None:
    def parsed(pieces: int, seconds: float) -> int:
        now, total = 0.0, 0
        growing = Growing(lambda: now)
        for number in range(pieces):
            now += seconds
            if growing.feed("x" * 200 if number else '{"text": "'):
                total += len(PartialJSON.text.fget(growing._json))  # type: ignore[attr-defined]
        return total

    for seconds in (0.0, 0.01, 0.1, 10.0):
        once, twice = parsed(1000, seconds), parsed(2000, seconds)
        assert once <= 40 * 200_000
        assert twice <= 2.2 * once
