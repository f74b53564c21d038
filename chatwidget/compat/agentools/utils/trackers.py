"""What models have used, and what it cost."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from chatwidget.usage import Usage, UsageTracker, price

if TYPE_CHECKING:
    from openai.types import CompletionUsage
    from openai.types.chat import ChatCompletion


class ChatCompletionUsageTracker(UsageTracker):
    """Adds up what completions have used; in a notebook it shows itself as a table with the costs.

    `ChatGPT(tracker=...)` tells it of every reply, streamed ones too.
    """

    @property
    def usage_per_model(self) -> dict[str, CompletionUsage]:
        """What each model has used, by name."""
        from openai.types import CompletionUsage

        return {
            name: CompletionUsage(
                prompt_tokens=used.input_tokens, completion_tokens=used.output_tokens, total_tokens=used.tokens
            )
            for name, used in self.per_model.items()
        }

    def track_usage(self, completion: ChatCompletion) -> ChatCompletion:
        """Add what a completion has used, where its endpoint told; returns the completion as it is."""
        if completion.usage is not None:
            calls = sum(len(choice.message.tool_calls or ()) for choice in completion.choices)
            used = Usage(
                completion.usage.prompt_tokens, completion.usage.completion_tokens, requests=1, tool_calls=calls
            )
            self.add(completion.model, used + Usage(cost=price(completion.model, None, used)))
        return completion

    @classmethod
    def calculate_cost(cls, model: str, usage: CompletionUsage) -> float:
        """Return the cost in US dollars; NaN, and never 0, for a model whose price is not known."""
        cost = price(model, None, Usage(usage.prompt_tokens, usage.completion_tokens))
        return math.nan if cost is None else float(cost)
