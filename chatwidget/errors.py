"""All exceptions of this package, in one tree.

::

    ChatWidgetError
    ├── FormatError            data is not what its format says (names the field)
    ├── RequestError           a screen asked for something malformed or impossible
    ├── SessionBusy            a second turn was asked for while one is running
    ├── AppError               the app did something an app cannot do (names app and value)
    │   └── AppExhausted       the app has ended and was asked to go on
    ├── AskError
    │   ├── AskTimeout         nobody answered a question in time
    │   └── NobodyThere        no screen shows the chat, so nobody could be asked
    ├── MemoryUnavailable      messages could not be kept or fetched (says where)
    ├── ToolError
    │   ├── ToolDefinitionError  a function cannot become a tool
    │   ├── ToolArgumentsError   the model's arguments do not fit the tool
    │   └── ToolTimeout          a tool ran longer than its limit
    └── ModelError             the model or its endpoint failed
        ├── ModelUnavailable     no such model, not installed, nothing listens there
        ├── AuthenticationFailed the key is missing or refused
        ├── RateLimited          429: too many requests, or the quota is used up
        ├── ContextTooLong       the conversation does not fit the model
        ├── EndpointError        what answered is not an OpenAI API, or it failed (5xx)
        ├── ModelTimeout         first token, next token or whole turn took too long
        ├── ReplyInterrupted     the stream broke after text had arrived
        ├── OutputError          the reply is not of its `output_type`, after all attempts
        └── BudgetExceeded       a budget is used up, and nobody agreed to go on

Every message is one or two sentences for the person who uses the chat: what failed and what to do.
It never holds a key, a header or a traceback; those go to the log.

    try:
        reply = yield Generate()
    except ModelError as error:
        yield Assistant(f"I could not answer: {error}")
"""

from __future__ import annotations


class ChatWidgetError(Exception):
    """Base of everything this package raises on purpose."""


class FormatError(ChatWidgetError, ValueError):
    """Data does not follow its format; the text names the field."""


class RequestError(ChatWidgetError, ValueError):
    """A screen's request is malformed or cannot be done now."""


class SessionBusy(ChatWidgetError):
    """A turn is running and the caller chose not to queue behind it or to stop it."""


class AppError(ChatWidgetError):
    """An app did what an app cannot do; the text names the app, the value and the cure."""


class AppExhausted(AppError):
    """The app has ended; it cannot be stepped further."""


class AskError(ChatWidgetError):
    """Base of what goes wrong with asking a person."""


class AskTimeout(AskError, TimeoutError):
    """Nobody answered in time."""


class NobodyThere(AskError):
    """No screen shows the chat and no policy answers."""


class MemoryUnavailable(ChatWidgetError):
    """Messages could not be kept or fetched; the text says where and what to do."""


class ToolError(ChatWidgetError):
    """Base of what goes wrong with tools."""


class ToolDefinitionError(ToolError, TypeError):
    """A function cannot become a tool: missing hint, missing description, name taken."""


class ToolArgumentsError(ToolError, ValueError):
    """The arguments of a call do not fit the tool; the text is sent to the model."""


class ToolTimeout(ToolError, TimeoutError):
    """A tool ran longer than its time limit of `seconds`."""

    def __init__(self, message: str, seconds: float = 0.0) -> None:
        super().__init__(message)
        self.seconds = seconds


class ModelError(ChatWidgetError):
    """The model or its endpoint failed; base of the more exact ones."""


class ModelUnavailable(ModelError):
    """The model is not installed, not known, or nothing answers at its address."""


class AuthenticationFailed(ModelError):
    """The endpoint refused the key, or there is none."""


class RateLimited(ModelError):
    """The endpoint refused because of too many requests or a used-up quota.

    ``retry_after`` is the wait the endpoint asked for in seconds, or None.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ContextTooLong(ModelError):
    """The messages do not fit the model's context window."""


class EndpointError(ModelError):
    """The endpoint answered with a failure or with something that is no chat stream."""


class ModelTimeout(ModelError):
    """No first token, no next token, or no end within the limit."""


class ReplyInterrupted(ModelError):
    """The stream ended or failed after part of the reply had arrived; the part is kept."""


class OutputError(ModelError):
    """No reply was of the wanted type; `text` is the last one."""

    def __init__(self, message: str, text: str = "") -> None:
        super().__init__(message)
        self.text = text


class BudgetExceeded(ModelError):
    """A budget of tokens, money, calls, requests or seconds is used up, and nobody agreed to go on."""
