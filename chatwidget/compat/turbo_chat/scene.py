"""One run of a turbo-chat app: what it yields becomes this library's own, what comes of it becomes turbo-chat's."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chatwidget import commands
from chatwidget import messages as core
from chatwidget.apps import App, AppInstance, Steps
from chatwidget.compat.turbo_chat.errors import InvalidValueYieldedError
from chatwidget.compat.turbo_chat.kept import Kept
from chatwidget.compat.turbo_chat.messages import BaseMessageCollection, Message, Messages, Said, from_core, to_core
from chatwidget.compat.turbo_chat.progress import Progress
from chatwidget.compat.turbo_chat.result import Result
from chatwidget.compat.turbo_chat.settings import Settings, chooser
from chatwidget.compat.turbo_chat.signals import ASKED, Generate, GetUserInput
from chatwidget.context import RunContext

_OWN = (core.Message, commands.Generate, commands.GetUserInput, commands.Gather, AppInstance, App)


@dataclass
class Scene:
    """What a run of an app needs; `kept` is None where the app has no memory of turbo-chat's."""

    name: str
    settings: Settings
    context: RunContext
    progress: Progress
    kept: Kept | None = None

    async def play(self, generator: Steps, *, prepares: bool = False) -> Steps:
        """Drive an app's generator; with `prepares` its memory is made ready before."""
        answer: Any = None
        failure: BaseException | None = None
        try:
            if prepares and self.kept is not None:
                await self.kept.ready()
            while True:
                step = generator.asend(answer) if failure is None else generator.athrow(failure)
                answer, failure = None, None
                try:
                    output = _meant(await step)
                except StopAsyncIteration:
                    return
                self.settings.note(self.name, "output", output)
                try:
                    answer = await self.answered(output, (yield await self.command(output, generator)))
                    self.settings.note(self.name, "input", answer)
                except (Exception, asyncio.CancelledError) as error:
                    failure = error
        finally:
            await generator.aclose()

    async def command(self, output: Any, generator: Steps) -> Any:
        """Return what an app yielded in this library's own terms; raises InvalidValueYieldedError."""
        match output:
            case Said():
                return [to_core(message) for message in output.messages]
            case Message():
                return to_core(output)
            case BaseMessageCollection():
                return [to_core(message) for message in await output.get() or ()]
            case GetUserInput():
                self.progress.ask(output)
                question = "" if output.message == ASKED else output.message
                return commands.GetUserInput(question, record=output.record, **output.options)
            case Generate():
                self.progress.act()
                return self._generate(output)
            case Result():
                self.progress.say(Result(output.content, original_role="result"))
                if self.progress.driver is not None:  # whoever runs it is told, and calls again
                    return commands.GetUserInput(record=False)
                return core.Assistant(_in_words(output.content), off_record=True)
            case commands.Return():
                return output
        if isinstance(output, _OWN) or hasattr(output, "ag_frame"):
            self.progress.act()
            return output
        raise InvalidValueYieldedError(
            f"{self.name} yielded {output!r:.80} ({type(output).__name__}){_line(generator)}. An app yields messages, "
            "Generate(), GetUserInput(), Result(...) or another app."
        )

    async def answered(self, output: Any, result: Any) -> Any:
        """Return what a yield gives: a reply, an input, what another app came to; None for anything else."""
        match output:
            case Message() | BaseMessageCollection():
                messages = list(result) if isinstance(result, list) else [result]
                await self._keep(messages)
                said = _said(output, messages)
                self.progress.speak(said)
                for message in said:
                    if message.forward:
                        self.progress.say(Result.from_message(message))
                return None
            case Generate():
                await self._keep([result])
                reply = from_core(result)
                if output.forward:
                    self.progress.say(Result.from_message(reply))
                return reply
            case GetUserInput():
                given, self.progress.answer = self.progress.answer, None
                return result if given is None or isinstance(given, str) or output.options else given
            case Result():
                return None
        inner = getattr(output, "progress", None)
        return inner.last if result is None and isinstance(inner, Progress) else result

    def _generate(self, command: Generate) -> commands.Generate:
        options = {name: value for name, value in command.settings.items() if name != "stream"}
        if choose := chooser(options.pop("select_choice", None)):
            options["choice"] = choose
        return commands.Generate(**{"forward": command.forward, **options})

    async def _keep(self, messages: list[core.Message]) -> None:
        if self.kept is not None:
            await self.kept.note(messages)


def _meant(output: Any) -> Any:
    """Return what a `Result` of another app's run stands for."""
    if not isinstance(output, Result):
        return output
    if output.output is not None:
        return output.output
    return Messages() if output.is_empty else output


def _said(output: Message | BaseMessageCollection, messages: list[core.Message]) -> list[Message]:
    """Return the messages that were yielded, as the objects they are where they are known."""
    if isinstance(output, Said):
        return list(output.messages)
    return [output] if isinstance(output, Message) else [from_core(message) for message in messages]


def _in_words(content: Any) -> str:
    if isinstance(content, Mapping) and "response" in content:
        content = content["response"]
    return content if isinstance(content, str) else json.dumps(content, ensure_ascii=False, default=str)


def _line(generator: Steps) -> str:
    frame = getattr(generator, "ag_frame", None)
    return "" if frame is None else f" in line {frame.f_lineno} of {frame.f_code.co_filename.rpartition('/')[2]}"
