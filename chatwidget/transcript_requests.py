"""What a page may ask about what was said: go back, choose, take away, judge, compare, keep."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from chatwidget.page_request import MessageId, PageRequest, check_prompt

COMMENT_LIMIT = 10_000
"""Characters of what a person says about a message."""


class StopRequest(PageRequest):
    """Stop the running turn."""

    type: Literal["stop"]


class RetryRequest(PageRequest):
    """Ask again for the reply `message_id`, or for the one to the user message `message_id`."""

    type: Literal["retry"]
    message_id: MessageId


class EditRequest(PageRequest):
    """Send another text in place of the user message `message_id`, as its sibling."""

    type: Literal["edit"]
    message_id: MessageId
    text: str

    def check(self) -> None:
        """Refuse a text that cannot be sent."""
        check_prompt(self.text)


class SelectRequest(PageRequest):
    """Show sibling number `index` of a message, and the branch below it."""

    type: Literal["select"]
    message_id: MessageId
    index: int = Field(ge=0)


class ClearRequest(PageRequest):
    """Begin anew; what was said stays as another branch."""

    type: Literal["clear"]


class ContinueRequest(PageRequest):
    """Go on with the reply `message_id`, which broke off."""

    type: Literal["continue"]
    message_id: MessageId


class DeleteRequest(PageRequest):
    """Take a message, and all that follows it, off the active branch."""

    type: Literal["delete"]
    message_id: MessageId


class UndoRequest(PageRequest):
    """Take back the last delete, clear, edit, retry or select."""

    type: Literal["undo"]


class FeedbackRequest(PageRequest):
    """Say what the person thinks of a message; null takes it back."""

    type: Literal["feedback"]
    message_id: MessageId
    value: Literal["up", "down"] | None
    comment: Annotated[str, Field(max_length=COMMENT_LIMIT)] = ""


class DiffRequest(PageRequest):
    """Compare sibling number `other` of a message, the old text, with the message, the new one."""

    reads: ClassVar[bool] = True

    type: Literal["diff"]
    message_id: MessageId
    other: int = Field(ge=0)


class ChatsRequest(PageRequest):
    """List the conversations of this chat, and the other chats of the kernel."""

    reads: ClassVar[bool] = True

    type: Literal["chats"]


class OpenRequest(PageRequest):
    """Show another conversation of this chat."""

    type: Literal["open"]
    id: MessageId


class ExportRequest(PageRequest):
    """Write the conversation as a file, for the page to save."""

    reads: ClassVar[bool] = True

    type: Literal["export"]
    format: Literal["md", "json", "jsonl", "html", "ipynb", "txt"]


TranscriptRequest = (
    StopRequest
    | RetryRequest
    | EditRequest
    | SelectRequest
    | ClearRequest
    | ContinueRequest
    | DeleteRequest
    | UndoRequest
    | FeedbackRequest
    | DiffRequest
    | ChatsRequest
    | OpenRequest
    | ExportRequest
)
