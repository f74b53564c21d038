"""Why nothing came back: the reason a connection failed, dug out of an exception's causes."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

from chatwidget.errors import EndpointError, ModelError, ModelUnavailable
from chatwidget.models._openai_errors import Endpoint, tried


def explain_connection(error: BaseException, endpoint: Endpoint, tries: int) -> ModelError:
    """Explain a request that got no answer."""
    causes = list(_causes(error))
    cure = "Is the network up?" if endpoint.is_openai else "Is the server running? Set OPENAI_BASE_URL to its address."
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return _silent(endpoint, "connection refused", tries, cure)
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return _silent(endpoint, "there is no host of that name", tries, cure)
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        text = f"No secure connection to {endpoint.url}: its certificate or protocol was not accepted{tried(tries)}."
        return EndpointError(f"{text} Is it http:// rather than https://, or is a certificate missing?")
    if any("Timeout" in type(cause).__name__ for cause in causes):
        return _silent(endpoint, "no connection in time", tries, cure)
    if any("ProtocolError" in type(cause).__name__ or isinstance(cause, OSError) for cause in causes):
        text = f"{endpoint.subject} closed the connection without an answer{tried(tries)}."
        return EndpointError(f"{text} Try again; if it stays so, check its log.")
    return _silent(endpoint, "connection failed", tries, cure)


def _silent(endpoint: Endpoint, why: str, tries: int, cure: str) -> ModelUnavailable:
    return ModelUnavailable(f"{endpoint.subject} does not answer ({why}{tried(tries)}). {cure}")


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    queue = [error]
    while queue:
        current = queue.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        inner = current.exceptions if isinstance(current, BaseExceptionGroup) else ()
        queue += [cause for cause in (current.__cause__, current.__context__, *inner) if cause is not None]
