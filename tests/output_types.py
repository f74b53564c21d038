"""Types that replies shall be, for the tests of structured output."""

from __future__ import annotations

import dataclasses
import datetime
import enum
from typing import Generic, Literal, NamedTuple, NotRequired, TypeVar

from pydantic import BaseModel, Field, field_validator
from typing_extensions import TypedDict

T = TypeVar("T")


class Color(enum.Enum):
    RED = "red"
    REDDISH = "reddish"


class Part(BaseModel):
    name: str
    bars: int = 3


class Song(BaseModel):
    """A piece of music."""

    title: str = Field(description="What it is called.", min_length=1)
    year: int | None = None
    color: Color = Color.RED
    parts: list[Part] = []
    lead: Part | None = None
    when: datetime.date = datetime.date(2020, 1, 1)


class Node(BaseModel):
    text: str
    children: list[Node] = []


class Page(BaseModel, Generic[T]):
    items: list[T]


@dataclasses.dataclass
class Point:
    """A place."""

    x: float
    label: str = "here"


class Movie(TypedDict):
    """A film."""

    name: str
    stars: NotRequired[int]


class Pair(NamedTuple):
    """Two things."""

    left: str
    right: int = 1


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int


class Dog(BaseModel):
    kind: Literal["dog"]
    tricks: list[str]


class Picky(BaseModel):
    """A model whose validators do what they should and what they should not."""

    text: str

    @field_validator("text")
    @classmethod
    def check(cls, text: str) -> str:
        errors: dict[str, BaseException] = {
            "value": ValueError("no such value"),
            "assert": AssertionError("not asserted"),
            "key": KeyError("gone"),
            "exit": SystemExit(3),
            "stop": KeyboardInterrupt(),
        }
        if text in errors:
            raise errors[text]
        return text
