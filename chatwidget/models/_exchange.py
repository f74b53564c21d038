"""One try of one request, by either API: what is sent, how the answer is read, what a refusal teaches.

A server may lack what is not of the essence: token counts (`stream_options`), replies held to a schema. Its refusal is
remembered for the model object, and the request is made again without: `can_do_without` names the field.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from chatwidget.errors import ModelUnavailable
from chatwidget.models._chunks import ChunkReader
from chatwidget.models._failures import explain
from chatwidget.models._openai_body import completion_body
from chatwidget.models._openai_errors import Endpoint, Failure
from chatwidget.models._openai_options import Api
from chatwidget.models._output_call import OutputCall
from chatwidget.models._responses import ResponsesReader
from chatwidget.models._responses_body import responses_body
from chatwidget.models._sse import Event
from chatwidget.models.base import ModelDelta, ModelRequest

if TYPE_CHECKING:
    from openai import AsyncOpenAI

_USAGE, _FORMAT = "stream_options", "response_format"


class Exchange:
    """One try. `refused` names the fields this endpoint has refused before."""

    def __init__(self, api: Api, request: ModelRequest, refused: frozenset[str] = frozenset()) -> None:
        self._api = api
        self._request = request
        self._refused = refused
        used_ids = [call.id for message in request.messages for call in message.tool_calls]
        self.reader = ResponsesReader(used_ids) if api == "responses" else ChunkReader(used_ids)
        self._as_call = request.output is not None and _FORMAT in refused
        self._output = OutputCall(request.output.name) if request.output is not None and self._as_call else None

    def open(self, client: AsyncOpenAI, options: Mapping[str, Any], sdk_options: Mapping[str, Any]) -> Any:
        """Make the request; returns the openai package's context manager of the answer."""
        if self._api == "responses":
            body = responses_body(self._request, options, output_as_call=self._as_call)
            model, given = body.pop("model"), body.pop("input")
            respond = client.responses.with_streaming_response.create
            return respond(model=model, input=given, stream=True, extra_body=body, **sdk_options)
        usage = _USAGE not in self._refused
        body = completion_body(self._request, options, usage=usage, output_as_call=self._as_call)
        model, messages = body.pop("model"), body.pop("messages")
        complete = client.chat.completions.with_streaming_response.create
        return complete(model=model, messages=messages, stream=True, extra_body=body, **sdk_options)

    def feed(self, event: Event) -> Iterator[ModelDelta]:
        """Take one event of the answer; yield what it adds to the reply."""
        deltas = self.reader.feed(event)
        return self._output.feed(deltas) if self._output is not None else iter(deltas)

    def rest(self) -> Iterator[ModelDelta]:
        """Yield what was held back, when the answer is over."""
        deltas = self.reader.rest()
        return self._output.rest(deltas) if self._output is not None else iter(deltas)

    def can_do_without(self, error: Exception) -> str | None:
        """Name the field that the endpoint refused and the next try can go without, if that is what happened."""
        status = getattr(error, "status_code", 0)
        said = str(getattr(error, "body", "")).lower()
        if self._api == "chat" and status in (400, 422) and _USAGE not in self._refused and _USAGE in said:
            return _USAGE
        named = any(word in said for word in ("response_format", "json_schema", "text.format"))
        if self._request.output is not None and not self._as_call and status in (400, 404, 422, 501) and named:
            return _FORMAT
        return None

    def explain(self, error: Exception, endpoint: Endpoint, model: str, tries: int) -> Failure:
        """Explain an exception of this try."""
        failure = explain(error, endpoint, model, tries)
        status = getattr(error, "status_code", 0)
        if self._api == "responses" and status in (404, 405) and "model" not in str(getattr(error, "body", "")).lower():
            text = f"There is no Responses API at {endpoint.url} ({status})."
            return Failure(ModelUnavailable(f"{text} Leave api='responses' out, or check OPENAI_BASE_URL."))
        return failure
