"""What replies cost: tokens, calls, seconds and money; and the limits on it.

    spent = chat_usage + measure(request, reply)
    Budget(tokens=10_000).exceeded(spent)     # None, or "This turn has used 12,034 of 10,000 tokens."

Token counts are those the endpoint told; where it told none they are counted here, and the figure says "about".
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from math import floor, isfinite
from typing import Any, Literal

from chatwidget.messages import Message, ReasoningPart, TextPart, ToolCallPart
from chatwidget.models.base import ModelRequest
from chatwidget.tokens import TokenCounter

Money = Decimal | float | int


@dataclass(frozen=True, slots=True)
class Usage:
    """What one reply, a turn or a chat has used; `+` adds two of them up.

    `cached_tokens` are part of the input, `reasoning_tokens` of the output. `seconds` is the time that models and
    tools took. `cost` is in US dollars, None where a price is unknown; a sum with an unknown price in it is unknown.
    `estimated`: some of the tokens were counted here and not told by the endpoint.
    """

    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    reasoning_tokens: int = 0
    requests: int = 0
    tool_calls: int = 0
    seconds: float = 0.0
    cost: Decimal | None = None
    estimated: bool = False

    @property
    def tokens(self) -> int:
        """Input and output together."""
        return self.input_tokens + self.output_tokens

    def __add__(self, other: Usage) -> Usage:
        if not isinstance(other, Usage):
            return NotImplemented
        return Usage(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.cached_tokens + other.cached_tokens,
            self.reasoning_tokens + other.reasoning_tokens,
            self.requests + other.requests,
            self.tool_calls + other.tool_calls,
            self.seconds + other.seconds,
            self._cost_with(other),
            self.estimated or other.estimated,
        )

    def _cost_with(self, other: Usage) -> Decimal | None:
        # What used no token and has no price is free, so that Usage() is the zero of the sum.
        known = [each.cost for each in (self, other) if each.tokens or each.cost is not None]
        costs = [cost for cost in known if cost is not None]
        return sum(costs, Decimal(0)) if costs and len(costs) == len(known) else None

    def __str__(self) -> str:
        about = "about " if self.estimated else ""
        tokens = f"{about}{self.tokens:,} token{'' if self.tokens == 1 else 's'}"
        return tokens if self.cost is None else f"{tokens} · {dollars(self.cost)}"


def measure(
    request: ModelRequest,
    reply: Message,
    *,
    provider: str | None = None,
    seconds: float = 0.0,
    counter: TokenCounter | None = None,
) -> Usage:
    """Tell what one request and its reply have used; `reply.usage` and `reply.model` are what the model told.

    Counts the endpoint did not tell are estimated. Only with a `provider`, as in `price`, there is a cost. `seconds`
    is passed on. A `counter` that is used again counts what earlier requests held only once.
    """
    counter = counter or TokenCounter(reply.model)
    told = reply.usage or {}
    known = {name: _count(told, name) for name in ("input_tokens", "output_tokens")}
    sent, written = known["input_tokens"], known["output_tokens"]
    usage = Usage(
        input_tokens=counter.request(request.messages, request.tools) if sent is None else sent,
        output_tokens=_written(reply, counter) if written is None else written,
        cached_tokens=_count(told, "cached_tokens") or 0,
        reasoning_tokens=_count(told, "reasoning_tokens") or 0,
        requests=0 if told.get("cached") is True else 1,
        tool_calls=len(reply.tool_calls),
        seconds=seconds,
        estimated=None in known.values(),
    )
    return replace(usage, cost=price(reply.model, provider, usage)) if reply.model and provider else usage


def _count(told: Mapping[str, Any], name: str) -> int | None:
    value = told.get(name)
    return value if type(value) is int and value >= 0 else None


def _written(reply: Message, counter: TokenCounter) -> int:
    texts = [part.text for part in reply.parts if isinstance(part, TextPart | ReasoningPart)]
    calls = [text for part in reply.parts if isinstance(part, ToolCallPart) for text in (part.name, part.arguments)]
    return sum(counter.text(text) for text in (*texts, *calls))


def price(model_name: str, provider_hint: str | None, usage: Usage) -> Decimal | None:
    """Return what one request cost in US dollars, or None where that is not known; it is never guessed as 0.

    `provider_hint` is a provider's name ("openai") or the endpoint's URL; with None the model's name decides, so give
    it for a model of your own that is called like another. The standard prices are those of the installed version of
    the package `genai-prices` (extra `[tokens]`), which keeps up with the providers; this never goes to the network.
    The first call takes about half a second.
    """
    try:
        import genai_prices
    except ImportError:
        return None
    spent = genai_prices.Usage(
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cache_read_tokens=min(usage.cached_tokens, usage.input_tokens),
    )
    try:
        if provider_hint is not None and "://" in provider_hint:
            found = genai_prices.calc_price(spent, model_name, provider_api_url=provider_hint)
        else:
            found = genai_prices.calc_price(spent, model_name, provider_id=provider_hint)
    except (LookupError, ValueError):
        return None
    used = {"input_mtok": usage.input_tokens, "output_mtok": usage.output_tokens}
    priced = all(getattr(found.model_price, name) is not None for name, tokens in used.items() if tokens)
    return found.total_price if priced else None


def dollars(amount: Money) -> str:
    """Write an amount of US dollars as a person reads it: $12.50, $0.0021."""
    if 0 < amount < 0.0001:
        return "less than $0.0001"
    return f"${amount:,.2f}" if amount >= 0.1 or amount == 0 else f"${amount:.4f}"


class UsageTracker:
    """Add up what models used, in one chat or in several; safe to use from any thread.

    In a notebook it shows itself as a table.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._per_model: dict[str, Usage] = {}

    def add(self, model: str, usage: Usage) -> None:
        """Add what a model of this name has used."""
        with self._lock:
            self._per_model[model] = self._per_model.get(model, Usage()) + usage

    def reset(self) -> None:
        """Begin at nothing again."""
        with self._lock:
            self._per_model.clear()

    @property
    def per_model(self) -> dict[str, Usage]:
        """What each model has used, by name, the first used first; a copy."""
        with self._lock:
            return dict(self._per_model)

    @property
    def total(self) -> Usage:
        """What all models have used together."""
        return sum(self.per_model.values(), Usage())

    def __repr__(self) -> str:
        models = self.per_model
        if not models:
            return "UsageTracker: nothing used yet"
        lines: list[tuple[str, ...]] = [("model", "requests", "input", "output", "tools", "cost")]
        lines += [_row(name, usage) for name, usage in models.items()]
        if len(models) > 1:
            lines.append(_row("total", sum(models.values(), Usage())))
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        return "\n".join(
            "  ".join(
                [name.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True))]
            )
            for name, *cells in lines
        )


def _row(name: str, usage: Usage) -> tuple[str, ...]:
    about = "~" if usage.estimated else ""
    tokens = [f"{about}{count:,}" for count in (usage.input_tokens, usage.output_tokens)]
    cost = "unknown" if usage.cost is None else dollars(usage.cost)
    # A name comes from anywhere: it must not break the table.
    return (name if name.isprintable() else repr(name), f"{usage.requests:,}", *tokens, f"{usage.tool_calls:,}", cost)


@dataclass(frozen=True, slots=True)
class Budget:
    """Limits on what a turn, or a whole chat, may use; None is no limit.

    `tokens` counts input and output, `cost` US dollars, `calls` tool calls, `requests` replies of a model. Raises
    ValueError for a limit that is not above zero.
    """

    tokens: int | None = None
    cost: Money | None = None
    calls: int | None = None
    requests: int | None = None
    seconds: float | None = None
    per: Literal["turn", "chat"] = "turn"

    def __post_init__(self) -> None:
        if self.per not in ("turn", "chat"):
            raise ValueError(f"A budget is per 'turn' or per 'chat', not per {self.per!r:.40}.")
        for name in ("tokens", "cost", "calls", "requests", "seconds"):
            limit = getattr(self, name)
            whole = name in ("tokens", "calls", "requests")
            if limit is not None and not _is_limit(limit, whole):
                kind = "a whole number" if whole else "a number"
                raise ValueError(f"Budget({name}=...) takes {kind} above 0, or None for no limit; not {limit!r:.40}.")

    def exceeded(self, usage: Usage) -> str | None:
        """Return which limit is used up, as a sentence for a person, or None when all have room.

        To be asked before each step: a limit that is reached counts, for the next step would pass it. An unknown
        cost exceeds nothing, see `unkept`.
        """
        about = "about " if usage.estimated else ""
        cost = None if usage.cost is None else dollars(usage.cost)
        for limit, used, sentence in (
            (self.tokens, usage.tokens, f"used {about}{usage.tokens:,} of {self.tokens or 0:,} tokens"),
            (self.cost, usage.cost, f"cost {about}{cost} of {dollars(self.cost or 0)}"),
            (self.calls, usage.tool_calls, f"made {usage.tool_calls:,} of {self.calls or 0:,} tool calls"),
            (self.requests, usage.requests, f"made {usage.requests:,} of {self.requests or 0:,} requests to the model"),
            (self.seconds, usage.seconds, f"taken {usage.seconds:,.0f} of {self.seconds or 0:,g} seconds"),
        ):
            if limit is not None and used is not None and used >= limit:
                return f"This {self.per} has {sentence}."
        return None

    def fullest(self, usage: Usage) -> tuple[float, str] | None:
        """Return which part of the limit that is nearest is used (1: all of it), and in words; None without any.

        A limit on an unknown cost is none, see `unkept`.
        """
        counted = usage.estimated
        limits: tuple[tuple[Money | None, Money | None, bool, str], ...] = (
            (self.tokens, usage.tokens, counted, _several(self.tokens, "token")),
            (self.cost, usage.cost, counted, dollars(self.cost or 0)),
            (self.calls, usage.tool_calls, False, _several(self.calls, "tool call")),
            (self.requests, usage.requests, False, _several(self.requests, "request")),
            (self.seconds, usage.seconds, False, _several(self.seconds, "second")),
        )
        shares = [
            (float(used) / float(limit), about, words)
            for limit, used, about, words in limits
            if limit is not None and used is not None
        ]
        if not shares:
            return None
        share, about, words = max(shares, key=lambda one: one[0])
        text = f"{'about ' if about else ''}{floor(share * 100 + 1e-9):,} % of {words}"
        return share, text if self.per == "chat" else f"{text} per turn"

    def unkept(self, usage: Usage) -> str | None:
        """Return a sentence when the limit on the cost cannot be watched because a price is unknown, else None."""
        if self.cost is None or usage.cost is not None or not usage.tokens:
            return None
        return f"The price of this model is not known, so the limit of {dollars(self.cost)} cannot be watched."


def _several(limit: Money | None, what: str) -> str:
    number = f"{limit or 0:,}" if isinstance(limit, int) else f"{limit or 0:,g}"
    return f"{number} {what}{'' if limit == 1 else 's'}"


def _is_limit(value: Any, whole: bool) -> bool:
    kinds = (int,) if whole else (int, float, Decimal)
    return isinstance(value, kinds) and not isinstance(value, bool) and isfinite(value) and value > 0
