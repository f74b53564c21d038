"""What a screen may ask of a session, and the check that it asked for just that.

Requests come from outside (a page, another person, a saved notebook), so each is validated before anything is done.
`docs/sync.md` lists them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from chatwidget.composer_requests import ComposerRequest
from chatwidget.display_requests import DisplayRequest
from chatwidget.errors import RequestError
from chatwidget.messages import clean_text
from chatwidget.page_request import PROMPT_LIMIT, Id, PageRequest
from chatwidget.transcript_requests import TranscriptRequest

__all__ = [
    "PROMPT_LIMIT",
    "DismissRequest",
    "HelloRequest",
    "PageRequest",
    "Request",
    "RespondRequest",
    "ToolRequest",
    "answer",
    "parse_request",
]


class DismissRequest(PageRequest):
    """The notice was read."""

    type: Literal["dismiss"]


class ToolRequest(PageRequest):
    """Switch a tool on or off."""

    type: Literal["tool"]
    name: Annotated[str, Field(max_length=64)]
    enabled: bool


class RespondRequest(PageRequest):
    """Answer an open question; what `value` may be is told by the question."""

    type: Literal["respond"]
    ask: Id
    value: Any


class HelloRequest(PageRequest):
    """A screen says which frame it has seen last; -1 for none."""

    type: Literal["hello"]
    seq: int = Field(ge=-1)


Request = (
    TranscriptRequest | ComposerRequest | DisplayRequest | DismissRequest | ToolRequest | RespondRequest | HelloRequest
)


@cache
def _adapter() -> TypeAdapter[Any]:
    return TypeAdapter(Annotated[Request, Field(discriminator="type")])


def parse_request(data: Any) -> Request:
    """Check a request and return it as a value; raises RequestError naming the first field that is wrong."""
    try:
        request: Request = _adapter().validate_python(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(step) for step in first["loc"]) or "request"
        problem = clean_text(f"{where[:80]}: {first['msg'][:200]}")
        raise RequestError(f"The page sent a request that is not valid ({problem}).") from None
    request.check()
    return request


def answer(request: Any, error: str | None = None, **value: Any) -> Mapping[str, Any]:
    """Return the frame that answers a request: done, or refused with a sentence."""
    request_id = request.get("request") if isinstance(request, dict) else getattr(request, "request", None)
    frame: dict[str, Any] = {"kind": "answer", "request": clean_text(str(request_id)[:64]), "ok": error is None}
    if error is not None:
        frame["error"] = clean_text(error)
    return {**frame, **value}
