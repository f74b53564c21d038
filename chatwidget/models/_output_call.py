"""A reply that came as the arguments of a tool call, told as the text it stands for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from chatwidget.models.base import ModelDelta, TextDelta, ToolCallDelta


class OutputCall:
    """Turns the first call of the tool `name` into text; calls of other tools stay what they are.

    What the model says besides would spoil the JSON. It waits: it is dropped when the call comes, and told when none
    does. What begins like JSON is the answer itself, from a server that knows no forced calls, and goes out at once.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._held = ""
        self._answers = False  # the text itself is the JSON
        self._index: int | None = None  # of the call that is the reply
        self._dropped: set[int] = set()

    def feed(self, deltas: Iterable[ModelDelta]) -> Iterator[ModelDelta]:
        """Pass deltas on, as text where they are the reply."""
        for delta in deltas:
            if isinstance(delta, ToolCallDelta):
                yield from self._feed_call(delta)
            elif isinstance(delta, TextDelta):
                yield from self._feed_text(delta)
            else:
                yield delta

    def rest(self, deltas: Iterable[ModelDelta]) -> Iterator[ModelDelta]:
        """Pass the last deltas on, then what waited in vain."""
        yield from self.feed(deltas)
        if self._held:
            held, self._held = self._held, ""
            yield TextDelta(held)

    def _feed_call(self, delta: ToolCallDelta) -> Iterator[ModelDelta]:
        if delta.name == self._name:
            if self._index is None and not self._answers:
                self._index, self._held = delta.index, ""
            else:
                self._dropped.add(delta.index)
        if delta.index == self._index:
            if delta.arguments:
                yield TextDelta(delta.arguments)
        elif delta.index not in self._dropped:
            yield delta

    def _feed_text(self, delta: TextDelta) -> Iterator[ModelDelta]:
        if self._index is not None:
            return
        self._held += delta.text
        self._answers = self._answers or self._held.lstrip().startswith(("{", "```"))
        if self._answers:
            held, self._held = self._held, ""
            yield TextDelta(held)
