"""The message that asks for the rest of a reply that broke off."""

from __future__ import annotations

from chatwidget.messages import Message, TextPart

GO_ON = (
    "Your last message was cut off. Go on exactly where it stopped, in the same words and format; do not repeat "
    "what you have said, and say nothing about the interruption."
)


def ask_to_go_on() -> Message:
    """Make the message: a model is sent it as the person's, the person does not see it."""
    return Message(role="user", parts=(TextPart(GO_ON),), hidden=True)


def is_go_on(message: Message) -> bool:
    """Whether a message is one of these."""
    return message.role == "user" and message.hidden and message.text == GO_ON
