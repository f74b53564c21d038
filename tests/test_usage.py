"""Usage adds up, is priced offline or not at all, and is held against budgets in sentences."""

from __future__ import annotations

import sys
import threading
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatwidget.messages import Message, ReasoningPart, TextPart, ToolCallPart, User
from chatwidget.models.base import ModelRequest
from chatwidget.tokens import count_tokens, estimate
from chatwidget.usage import Budget, Usage, UsageTracker, dollars, measure, price

counts = st.integers(0, 10**9)
usages = st.builds(
    Usage,
    counts,
    counts,
    counts,
    counts,
    counts,
    counts,
    st.integers(0, 1000).map(float),
    st.none() | st.decimals(0, 1000, places=6),
    st.booleans(),
)
ASK = ModelRequest((User("What is 2 + 40?"),))


@pytest.fixture
def without_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pretend that genai-prices is not installed."""
    monkeypatch.setitem(sys.modules, "genai_prices", None)


@pytest.fixture
def with_package() -> None:
    pytest.importorskip("genai_prices")


@given(usages, usages, usages)
def test_usage_adds_up_in_any_order_and_nothing_is_its_zero(a: Usage, b: Usage, c: Usage) -> None:
    assert (a + b) + c == a + (b + c)
    assert a + b == b + a
    assert a + Usage() == a
    assert (a + b).tokens == a.tokens + b.tokens


def test_a_sum_with_an_unknown_price_has_no_price() -> None:
    priced, unpriced = Usage(10, cost=Decimal("0.5")), Usage(10)
    assert (priced + unpriced).cost is None
    assert (priced + priced).cost == Decimal("1.0")
    assert (priced + Usage(seconds=3.0, tool_calls=1)).cost == Decimal("0.5"), "a tool's run has no price"


def test_adding_anything_else_is_a_type_error() -> None:
    with pytest.raises(TypeError):
        Usage() + 1  # type: ignore[operator]


@pytest.mark.parametrize(
    ("usage", "text"),
    [
        (Usage(1200, 34, cost=Decimal("0.0021"), estimated=True), "about 1,234 tokens · $0.0021"),
        (Usage(1), "1 token"),
        (Usage(), "0 tokens"),
        (Usage(5, cost=Decimal(0)), "5 tokens · $0.00"),
        (Usage(5, cost=Decimal("1234.5")), "5 tokens · $1,234.50"),
        (Usage(5, cost=Decimal("0.00000001")), "5 tokens · less than $0.0001"),
    ],
)
def test_usage_reads_as_a_short_line(usage: Usage, text: str) -> None:
    assert str(usage) == text


@pytest.mark.usefixtures("with_package")
def test_a_known_model_is_priced_from_the_packages_own_data() -> None:
    threads = threading.active_count()
    full, cached = Usage(1_000_000, 1_000_000), Usage(1_000_000, 1_000_000, cached_tokens=500_000)
    cost, cheaper = price("gpt-4o", "openai", full), price("gpt-4o", "openai", cached)
    assert cost is not None and cheaper is not None and cost > cheaper > 0
    assert price("gpt-4o", None, full) == price("gpt-4o", "https://api.openai.com/v1", full) == cost
    assert threading.active_count() == threads, "nothing updates prices behind our back"


@pytest.mark.usefixtures("with_package")
@pytest.mark.parametrize(
    ("model", "hint"),
    [
        ("echo", None),
        ("local", None),
        ("scripted", None),
        ("", None),
        ("gpt-99-unheard-of", "openai"),
        ("gpt-4o", "a provider nobody knows"),
        ("gpt-4o", "http://127.0.0.1:8000/v1"),
    ],
)
def test_an_unknown_model_or_endpoint_has_no_price_and_never_the_price_nought(model: str, hint: str | None) -> None:
    assert price(model, hint, Usage(1000, 100)) is None


@pytest.mark.usefixtures("with_package")
def test_a_kind_of_token_without_a_price_makes_the_price_unknown() -> None:
    import genai_prices.types as theirs
    from genai_prices.data_snapshot import DataSnapshot, set_custom_snapshot

    only_input = theirs.ModelPrice(input_mtok=Decimal(2))
    model = theirs.ModelInfo(id="half", match=theirs.ClauseEquals("half"), prices=only_input)
    provider = theirs.Provider(id="here", name="Here", api_pattern="x", models=[model])
    set_custom_snapshot(DataSnapshot([provider], from_auto_update=False))
    try:
        assert price("half", "here", Usage(1_000_000)) == 2
        assert price("half", "here", Usage(1_000_000, 1)) is None
    finally:
        set_custom_snapshot(None)


@pytest.mark.usefixtures("without_package")
def test_without_the_package_no_price_is_known() -> None:
    assert price("gpt-4o", "openai", Usage(1000, 100)) is None


def reply(usage: dict[str, Any] | None, model: str | None = "gpt-4o") -> Message:
    parts = (ReasoningPart("hm"), TextPart("It is 42."), ToolCallPart("1", "add", '{"a": 2}'))
    return Message(role="assistant", parts=parts, model=model, usage=usage)


def test_what_the_endpoint_told_is_taken_as_it_is() -> None:
    told = {"input_tokens": 7, "output_tokens": 5, "cached_tokens": 3, "reasoning_tokens": 2}
    usage = measure(ASK, reply(told, model=None), seconds=1.5)
    assert usage == Usage(7, 5, 3, 2, requests=1, tool_calls=1, seconds=1.5)


@pytest.mark.parametrize("told", [None, {}, {"input_tokens": None}, {"input_tokens": -1, "output_tokens": True}])
def test_what_the_endpoint_did_not_tell_is_counted_and_called_about(told: dict[str, Any] | None) -> None:
    usage = measure(ASK, reply(told))
    assert usage.estimated and str(usage).startswith("about ")
    assert usage.input_tokens == estimate(ASK.messages, (), "gpt-4o")
    assert usage.output_tokens == sum(count_tokens(text, "gpt-4o") for text in ("hm", "It is 42.", "add", '{"a": 2}'))


def test_only_the_count_that_is_missing_is_estimated() -> None:
    usage = measure(ASK, reply({"input_tokens": 7}))
    assert usage.input_tokens == 7 and usage.output_tokens > 0 and usage.estimated


@pytest.mark.usefixtures("with_package")
def test_a_measured_reply_has_its_price() -> None:
    told = {"input_tokens": 1000, "output_tokens": 100}
    assert measure(ASK, reply(told), provider="openai").cost == price("gpt-4o", "openai", Usage(1000, 100))
    assert measure(ASK, reply(told), provider="openai").cost


def test_a_tracker_adds_up_by_model_and_in_total_and_starts_anew() -> None:
    tracker = UsageTracker()
    assert tracker.total == Usage() and "nothing" in repr(tracker)
    for name in ("a", "b", "a"):
        tracker.add(name, Usage(10, 1, requests=1, cost=Decimal("0.25")))
    assert tracker.per_model == {"a": Usage(20, 2, requests=2, cost=Decimal("0.50")), "b": tracker.per_model["b"]}
    assert tracker.total == Usage(30, 3, requests=3, cost=Decimal("0.75"))
    tracker.per_model.clear()
    assert tracker.total.requests == 3, "what was handed out is a copy"
    tracker.reset()
    assert tracker.total == Usage()


def test_a_tracker_shows_a_table() -> None:
    tracker = UsageTracker()
    tracker.add("gpt-4o", Usage(12_000, 34, requests=2, cost=Decimal("0.0303")))
    tracker.add("bad\nname", Usage(5, estimated=True, tool_calls=1))
    assert repr(tracker).splitlines() == [
        "model        requests    input  output  tools     cost",
        "gpt-4o              2   12,000      34      0  $0.0303",
        r"'bad\nname'         0       ~5      ~0      1  unknown",
        "total               2  ~12,005     ~34      1  unknown",
    ]


def test_a_tracker_loses_nothing_when_threads_add_at_once() -> None:
    tracker = UsageTracker()

    def work() -> None:
        for _ in range(500):
            tracker.add("m", Usage(1))

    threads = [threading.Thread(target=work) for _ in range(8)]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert tracker.total.input_tokens == 4000


@pytest.mark.parametrize(
    ("budget", "usage", "sentence"),
    [
        (Budget(tokens=10_000), Usage(12_000, 34), "This turn has used 12,034 of 10,000 tokens."),
        (Budget(tokens=10, per="chat"), Usage(10, estimated=True), "This chat has used about 10 of 10 tokens."),
        (Budget(cost=0.1), Usage(1, cost=Decimal("0.12")), "This turn has cost $0.12 of $0.10."),
        (Budget(cost=Decimal(1)), Usage(1, cost=Decimal(1)), "This turn has cost $1.00 of $1.00."),
        (Budget(calls=2), Usage(tool_calls=2), "This turn has made 2 of 2 tool calls."),
        (Budget(requests=3), Usage(requests=4), "This turn has made 4 of 3 requests to the model."),
        (Budget(seconds=60), Usage(seconds=75.4), "This turn has taken 75 of 60 seconds."),
    ],
)
def test_a_limit_that_is_reached_is_told_in_a_sentence(budget: Budget, usage: Usage, sentence: str) -> None:
    assert budget.exceeded(usage) == sentence


@pytest.mark.parametrize("limit", ["tokens", "cost", "calls", "requests", "seconds"])
def test_below_its_limit_or_without_one_nothing_is_exceeded(limit: str) -> None:
    usage = Usage(4, 5, cost=Decimal(9), tool_calls=9, requests=9, seconds=9.9)
    limits: dict[str, Any] = {limit: 10}
    assert Budget(**limits).exceeded(usage) is None
    assert Budget().exceeded(usage) is None


def test_a_limit_on_an_unknown_cost_says_that_it_cannot_be_watched() -> None:
    budget = Budget(cost=1)
    assert budget.exceeded(Usage(10**9)) is None
    assert budget.unkept(Usage(10)) == "The price of this model is not known, so the limit of $1.00 cannot be watched."
    assert budget.unkept(Usage(10, cost=Decimal(0))) is None
    assert Budget(tokens=1).unkept(Usage(10)) is None


@pytest.mark.parametrize("limit", ["tokens", "cost", "calls", "requests", "seconds"])
@pytest.mark.parametrize("value", [0, -1, True, "10", float("nan"), float("inf")])
def test_a_limit_must_be_a_number_above_nought(limit: str, value: Any) -> None:
    with pytest.raises(ValueError, match=rf"Budget\({limit}=\.\.\.\) takes a .*above 0"):
        Budget(**{limit: value})


@pytest.mark.parametrize(
    ("budget", "usage", "told"),
    [
        (Budget(), Usage(5), None),
        (Budget(cost=1, per="chat"), Usage(5), None),
        (Budget(cost=1, tokens=50, per="chat"), Usage(5), (0.1, "10 % of 50 tokens")),
        (Budget(cost=1, tokens=50, per="chat"), Usage(5, cost=Decimal("0.6")), (0.6, "60 % of $1.00")),
        (Budget(cost=1, per="chat"), Usage(5, cost=Decimal("0.6"), estimated=True), (0.6, "about 60 % of $1.00")),
        (Budget(tokens=100, per="chat"), Usage(29), (0.29, "29 % of 100 tokens")),
        (Budget(tokens=1_000, per="chat"), Usage(999), (0.999, "99 % of 1,000 tokens")),
        (Budget(calls=1), Usage(tool_calls=2), (2.0, "200 % of 1 tool call per turn")),
        (Budget(requests=4), Usage(requests=1, estimated=True), (0.25, "25 % of 4 requests per turn")),
        (Budget(seconds=2.5), Usage(seconds=1.25), (0.5, "50 % of 2.5 seconds per turn")),
    ],
)
def test_how_much_of_the_nearest_limit_is_used(budget: Budget, usage: Usage, told: tuple[float, str] | None) -> None:
    assert budget.fullest(usage) == told


def test_counts_are_whole_and_a_budget_is_per_turn_or_per_chat() -> None:
    with pytest.raises(ValueError, match="a whole number"):
        Budget(tokens=1.5)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="'turn' or per 'chat', not per 'week'"):
        Budget(per="week")  # type: ignore[arg-type]


def test_dollars_of_any_size_are_readable() -> None:
    assert [dollars(amount) for amount in (0, 0.1, 0.0999, 1e-9)] == ["$0.00", "$0.10", "$0.0999", "less than $0.0001"]
