"""What a page may ask while a person writes: to send, and what helps to write."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from chatwidget.page_request import PROMPT_LIMIT, Id, MessageId, PageRequest, check_prompt

# A piece of a file in base64; what it may hold is `uploads.PIECE_LIMIT`.
PIECE_CHARACTERS = 700_000

Name = Annotated[str, Field(min_length=1, max_length=200)]


class SendRequest(PageRequest):
    """Send a text as the person, or run the command that it is; with files that were uploaded, and with variables."""

    type: Literal["send"]
    text: str
    mode: Literal["queue", "steer", "interrupt"] = "queue"
    attachments: list[Id] = Field(default=[], max_length=100)
    variables: list[Name] = Field(default=[], max_length=100)

    def check(self) -> None:
        """Refuse a text that cannot be sent; files and variables may go without one."""
        if len(self.text) > PROMPT_LIMIT or not (self.attachments or self.variables):
            check_prompt(self.text)


class UnqueueRequest(PageRequest):
    """Take back a queued message."""

    type: Literal["unqueue"]
    id: MessageId


class UploadRequest(PageRequest):
    """A piece of a file, in base64; the answer says how many bytes are here."""

    type: Literal["upload"]
    id: Id
    name: str
    media_type: str
    size: int = Field(ge=0)
    offset: int = Field(ge=0)
    data: Annotated[str, Field(max_length=PIECE_CHARACTERS)]


class ForgetRequest(PageRequest):
    """Take away a file that was uploaded, or is arriving."""

    type: Literal["forget"]
    id: Id


class CompleteRequest(PageRequest):
    """Say what may take the place of the word before the cursor, which counts UTF-16 code units."""

    reads: ClassVar[bool] = True

    type: Literal["complete"]
    text: str
    cursor: int = Field(ge=0)


class PeekRequest(PageRequest):
    """Say what would be sent of a variable."""

    reads: ClassVar[bool] = True

    type: Literal["peek"]
    name: Name


ComposerRequest = SendRequest | UnqueueRequest | UploadRequest | ForgetRequest | CompleteRequest | PeekRequest
