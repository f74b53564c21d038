"""What a screen may ask of a session, and the check that it asked for just that.

Requests come from outside (a page, another person, a saved notebook), so each is validated before anything is done.
`docs/sync.md` lists them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from chatwidget.errors import RequestError
from chatwidget.messages import clean_text

# A prompt longer than this is refused at the door, with its draft kept: no model here takes as much.
PROMPT_LIMIT = 4_000_000

Id = Annotated[str, Field(min_length=1, max_length=64)]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    kind: Literal["request"] = "request"
    request: Id


class SendRequest(_Request):
    """Send a text as the person."""

    type: Literal["send"]
    text: str
    mode: Literal["queue", "interrupt"] = "queue"


class StopRequest(_Request):
    """Stop the running turn."""

    type: Literal["stop"]


class RetryRequest(_Request):
    """Ask again for the reply `message_id`, or for the one to the user message `message_id`."""

    type: Literal["retry"]
    message_id: Id


class EditRequest(_Request):
    """Send another text in place of the user message `message_id`, as its sibling."""

    type: Literal["edit"]
    message_id: Id
    text: str


class SelectRequest(_Request):
    """Show sibling number `index` of a message, and the branch below it."""

    type: Literal["select"]
    message_id: Id
    index: int = Field(ge=0)


class ClearRequest(_Request):
    """Begin anew; what was said stays as another branch."""

    type: Literal["clear"]


class UnqueueRequest(_Request):
    """Take back a queued message."""

    type: Literal["unqueue"]
    id: Id


class DismissRequest(_Request):
    """The notice was read."""

    type: Literal["dismiss"]


class ToolRequest(_Request):
    """Switch a tool on or off."""

    type: Literal["tool"]
    name: Annotated[str, Field(max_length=64)]
    enabled: bool


class RespondRequest(_Request):
    """Answer an open question; what `value` may be is told by the question."""

    type: Literal["respond"]
    ask: Id
    value: Any


class AssetRequest(_Request):
    """Read a script that is not part of the widget; the `value` of the answer is its text, gzipped, in base64."""

    type: Literal["asset"]
    name: Literal["plotly"]


class HelloRequest(_Request):
    """A screen says which frame it has seen last; -1 for none."""

    type: Literal["hello"]
    seq: int = Field(ge=-1)


Request = (
    SendRequest
    | StopRequest
    | RetryRequest
    | EditRequest
    | SelectRequest
    | ClearRequest
    | UnqueueRequest
    | DismissRequest
    | ToolRequest
    | RespondRequest
    | AssetRequest
    | HelloRequest
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
    if isinstance(request, SendRequest | EditRequest):
        check_prompt(request.text)
    return request


def check_prompt(text: str) -> None:
    """Refuse a text that nobody meant to send: nothing at all, or more than any model takes."""
    if not text.strip():
        raise RequestError("There is nothing to send: the message is empty.")
    if len(text) > PROMPT_LIMIT:
        raise RequestError(
            f"The message has {len(text):,} characters; at most {PROMPT_LIMIT:,} can be sent. Shorten it, or give it "
            "to your app as a variable."
        )


def answer(request: Any, error: str | None = None, **value: Any) -> Mapping[str, Any]:
    """Return the frame that answers a request: done, or refused with a sentence."""
    request_id = request.get("request") if isinstance(request, dict) else getattr(request, "request", None)
    frame: dict[str, Any] = {"kind": "answer", "request": clean_text(str(request_id)[:64]), "ok": error is None}
    if error is not None:
        frame["error"] = error
    return {**frame, **value}
