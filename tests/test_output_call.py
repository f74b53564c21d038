"""Where a reply comes as a tool call, callers see its JSON as text."""

from __future__ import annotations

from chatwidget.models._output_call import OutputCall
from chatwidget.models.base import Finish, ModelDelta, ReasoningDelta, TextDelta, ToolCallDelta


def told(*deltas: ModelDelta) -> list[ModelDelta]:
    output = OutputCall("song")
    return [*output.feed(deltas), *output.rest([])]


BEGIN = ToolCallDelta(0, "c", "song", '{"a":')
END = ToolCallDelta(0, arguments=" 1}")


def test_the_arguments_are_text_piece_by_piece() -> None:
    assert told(ReasoningDelta("Hm"), BEGIN, END) == [ReasoningDelta("Hm"), TextDelta('{"a":'), TextDelta(" 1}")]


def test_words_before_the_call_are_dropped_for_they_are_no_json() -> None:
    assert told(TextDelta("Sure! "), BEGIN, TextDelta("There."), END) == [TextDelta('{"a":'), TextDelta(" 1}")]


def test_words_without_a_call_are_told_in_the_end() -> None:
    assert told(TextDelta("I "), TextDelta("can't.")) == [TextDelta("I can't.")]


def test_json_as_text_is_told_at_once_and_no_second_time() -> None:
    output = OutputCall("song")
    assert list(output.feed([TextDelta("\n"), TextDelta('{"a"')])) == [TextDelta('\n{"a"')]
    assert list(output.feed([TextDelta(": 1}"), BEGIN, END])) == [TextDelta(": 1}")]


def test_other_tools_are_called_as_ever() -> None:
    other = ToolCallDelta(0, "d", "weather", "{}")
    assert told(TextDelta("I look."), other) == [other, TextDelta("I look.")]


def test_a_second_answer_is_left_out() -> None:
    again = [ToolCallDelta(1, "e", "song", "{}"), ToolCallDelta(1, arguments="x")]
    assert told(BEGIN, *again, END) == [TextDelta('{"a":'), TextDelta(" 1}")]


def test_what_comes_last_is_passed_on() -> None:
    assert list(OutputCall("song").rest([BEGIN, Finish()])) == [TextDelta('{"a":'), Finish()]
