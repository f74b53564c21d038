"""What a page may ask for to show what tools displayed, and files."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from chatwidget.errors import RequestError
from chatwidget.page_request import Id, MessageId, PageRequest

MOST_ROWS = 200


class AssetRequest(PageRequest):
    """Read a script that is not part of the widget; the `value` of the answer is its text, gzipped, in base64.

    `mime` is the type that a "renderer" of the user's draws.
    """

    reads: ClassVar[bool] = True

    type: Literal["asset"]
    name: Literal["plotly", "interface", "highlight", "math", "mermaid", "renderer"]
    mime: Annotated[str, Field(min_length=1, max_length=255)] | None = None

    def check(self) -> None:
        """Refuse a renderer of no type, and a type of what is no renderer."""
        if (self.name == "renderer") != (self.mime is not None):
            raise RequestError("The page sent a request that is not valid (mime: goes with a renderer only).")


class FileRequest(PageRequest):
    """Read a file: part number `index` of a message, or display number `index` of a tool call.

    The answer carries a piece of it, from byte `offset` on; see `files.py`.
    """

    reads: ClassVar[bool] = True

    type: Literal["file"]
    message_id: MessageId | None = None
    tool_call_id: MessageId | None = None
    index: int = Field(ge=0)
    offset: int = Field(default=0, ge=0, lt=2**53)

    def check(self) -> None:
        """Refuse what names no place, or two."""
        if (self.message_id is None) == (self.tool_call_id is None):
            raise RequestError("The page sent a request that is not valid (message_id: or tool_call_id, one of them).")


class Sort(BaseModel):
    """The order of a table's rows: by column number `column`."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    column: int = Field(ge=0)
    descending: bool


class RowsRequest(PageRequest):
    """Read rows of a table: `count` from number `start` of those that hold the text `find`, in an order."""

    reads: ClassVar[bool] = True

    type: Literal["rows"]
    table: Id
    start: int = Field(ge=0, lt=2**53)
    count: int = Field(ge=0, le=MOST_ROWS)
    sort: Sort | None = None
    find: Annotated[str, Field(max_length=200)] = ""


DisplayRequest = AssetRequest | FileRequest | RowsRequest
