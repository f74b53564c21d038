"""What all requests of a page have in common."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from chatwidget.errors import RequestError

# A prompt longer than this is refused at the door, with its draft kept: no model here takes as much.
PROMPT_LIMIT = 4_000_000

Id = Annotated[str, Field(min_length=1, max_length=64)]

MessageId = Annotated[str, Field(min_length=1, max_length=500)]
"""The id of a message or a tool call, which others may have made."""


class PageRequest(BaseModel):
    """A request of a page; `request` is the id the page made.

    One that only `reads` is done again when it comes again. Of the others the answer is kept instead.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    reads: ClassVar[bool] = False

    kind: Literal["request"] = "request"
    request: Id

    def check(self) -> None:
        """Refuse, with RequestError, what is of the right types and still cannot be meant."""


def check_prompt(text: str) -> None:
    """Refuse a text that nobody meant to send: nothing at all, or more than any model takes."""
    if not text.strip():
        raise RequestError("There is nothing to send: the message is empty.")
    if len(text) > PROMPT_LIMIT:
        raise RequestError(
            f"The message has {len(text):,} characters; at most {PROMPT_LIMIT:,} can be sent. Shorten it, or give it "
            "to your app as a variable."
        )
