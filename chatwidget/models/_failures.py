"""From anything that can go wrong in one try to the error a caller sees, and whether to try again."""

from __future__ import annotations

from chatwidget.errors import EndpointError, ModelError, ModelTimeout, ReplyInterrupted
from chatwidget.models._chunks import ChunkReader, ServerFailed, Unreadable
from chatwidget.models._connection_errors import explain_connection
from chatwidget.models._openai_errors import (
    Endpoint,
    Failure,
    explain_status,
    explain_stream_error,
    foreign_body,
    tried,
)
from chatwidget.models._sse import EventTooLong


class Failed(Exception):
    """A try failed in a way that is explained already."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(str(failure.error))
        self.failure = failure


class Broken(Exception):
    """The connection broke while the answer was read; its cause says how."""


def explain(error: Exception, endpoint: Endpoint, model: str, tries: int) -> Failure:
    """Explain an exception of one try."""
    import openai

    if isinstance(error, Failed):
        return error.failure
    if isinstance(error, ModelError):
        return Failure(error)
    if isinstance(error, ServerFailed):
        return Failure(explain_stream_error(error.body, endpoint=endpoint, model=model))
    if isinstance(error, (Unreadable, EventTooLong)):
        text = f"{endpoint.subject} sent a stream that cannot be read ({error})."
        return Failure(EndpointError(f"{text} Is it an OpenAI API? Check OPENAI_BASE_URL."))
    if isinstance(error, openai.APIStatusError):
        headers = error.response.headers
        return explain_status(error.status_code, headers, error.body, endpoint=endpoint, model=model, tries=tries)
    if isinstance(error, openai.APIConnectionError):
        return Failure(explain_connection(error, endpoint, tries), retry=True)
    if isinstance(error, Broken):
        text = f"The connection to {endpoint.url} broke while the answer was read{tried(tries)}. Try again."
        return Failure(EndpointError(text), retry=True)
    text = f"The request to {endpoint.url} could not be made: {type(error).__name__}: {endpoint.clean(str(error))}."
    return Failure(ModelError(f"{text} Check the model's options."))


def late(endpoint: Endpoint, *, visible: bool, seconds: float) -> ModelTimeout:
    """Explain a limit that was reached."""
    if visible:
        text = f"{endpoint.subject} stopped in the middle of the reply and did not go on in time. Retry, please."
        return ModelTimeout(text)
    text = f"{endpoint.subject} did not begin to answer in time ({seconds:g} seconds)."
    return ModelTimeout(f"{text} Try again, or allow more with first_token_timeout=.")


def unfinished(endpoint: Endpoint, reader: ChunkReader, content_type: str, sample: bytes) -> Failed:
    """Explain a stream that ended without a finish reason."""
    if reader.visible:
        text = f"{endpoint.subject} ended the reply before it was finished. Retry, please."
        return Failed(Failure(ReplyInterrupted(text)))
    if reader.chunks or reader.unreadable:
        text = f"{endpoint.subject} ended the reply before it had begun. Try again."
        return Failed(Failure(EndpointError(text), retry=True))
    error = foreign_body(content_type, sample.decode("utf-8", "replace"), endpoint)
    return Failed(Failure(error, retry=not sample.strip()))


def garbled(endpoint: Endpoint) -> Failed:
    """Explain a reply that began with an unreadable event."""
    return Failed(Failure(EndpointError(f"{endpoint.subject} sent something unreadable. Try again."), retry=True))
