r"""Scratchpads: text with labelled lines, as models write it, read into typed values.

    pad = Scratchpad("Thought: {thought}\nScore: {score:int}\nAnswer: {answer:multiline}")
    pad.parse("Thought: easy\nScore: 9")["score"]      # 9

Each line of a text is looked at once, from left to right; nothing is ever tried again, so that no text takes long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from string import Formatter
from typing import Any, Generic, NamedTuple, TypeVar

from chatwidget._scratchpad_values import READERS, typed
from chatwidget.errors import AppError, FormatError

T = TypeVar("T")


class _Field(NamedTuple):
    """A field of a line, and the fixed text behind it."""

    name: str
    kind: str
    after: str


class _Line(NamedTuple):
    label: str
    fields: tuple[_Field, ...]

    @property
    def long(self) -> bool:
        """Whether lines that follow belong to it."""
        return self.fields[-1].kind in ("json", "multiline")


@dataclass(frozen=True, eq=False)
class Parsed(Mapping[str, Any], Generic[T]):
    """What a `Scratchpad` found: a mapping of the fields that are there and fit.

    `missing` names the fields whose line is not there; `problems` tells by field what is wrong with its text; `raw`
    has the texts by field; `unparsed` is all that belongs to no field, a second line of one field included.
    """

    fields: Mapping[str, Any]
    missing: tuple[str, ...]
    problems: Mapping[str, str]
    raw: Mapping[str, str]
    unparsed: str
    type: Any = field(default=None, repr=False)

    @property
    def value(self) -> T:
        """The fields as the scratchpad's type, which says what may be missing; without one, all of them as a dict.

        Raises FormatError, which says what is missing or wrong in words that a model can correct itself by.
        """
        made: Any = dict(self.fields)
        faults = [f"{name}: {problem}" for name, problem in self.problems.items()]
        if self.type is None:
            faults += [f"{name}: it is missing" for name in self.missing]
        elif not faults:
            made, faults = typed(self.type, self.fields)
        if faults:
            raise FormatError("The text does not fit. " + " ".join(f"{fault.rstrip('.')}." for fault in faults))
        return made  # type: ignore[no-any-return]

    def __getitem__(self, name: str) -> Any:
        return self.fields[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.fields)

    def __len__(self) -> int:
        return len(self.fields)


class Scratchpad(Generic[T]):
    """Read text of labelled lines; `Scratchpad[Review](spec)` gives objects of a type.

    `spec` has one line for each line to be found: a label, then `{name}` or `{name:type}`, in any number if there is
    text between them (`Action: {tool}[{input}]`). Types: `str` (the rest of the line, the default), `word`, `int`,
    `float`, `bool` (yes or no, on or off, true or false, 1 or 0), `json` and `multiline`; the last two go on until the
    next label and stand at the end of their line. `type` is a pydantic model, dataclass or TypedDict.

    Labels are found at the beginning of lines, in any order and case, also in Markdown (`**Score:** 4`, `- Score: 4`)
    and with a full-width colon. Raises AppError for a spec that cannot be read.
    """

    def __init__(self, spec: str, type: Any = None) -> None:
        self.spec = spec
        self._type = type
        self._lines = [_read_line(line.strip()) for line in spec.split("\n") if line.strip()]
        self._names = [field.name for line in self._lines for field in line.fields]
        if not self._names:
            raise AppError("A scratchpad needs a line such as 'Answer: {answer}'.")
        labels = [line.label.lower() for line in self._lines]
        for names in (self._names, labels):
            if twice := [name for name in names if names.count(name) > 1]:
                raise AppError(f"The scratchpad has {twice[0]!r} twice. Name each field and each label once.")
        longest_first = sorted(self._lines, key=lambda line: -len(line.label))
        self._shapes = [(line, _pattern(line.label)) for line in longest_first]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its fields, in the order of the spec."""
        return tuple(self._names)

    def parse(self, text: str) -> Parsed[T]:
        """Return what of the fields is in a text; never raises."""
        raw, unparsed = self._split(text)
        fields: dict[str, Any] = {}
        problems: dict[str, str] = {}
        for line in self._lines:
            for name, kind, _ in line.fields:
                if name in raw:
                    try:
                        fields[name] = READERS[kind](raw[name])
                    except ValueError as error:
                        problems[name] = str(error)
        missing = tuple(name for name in self._names if name not in raw)
        return Parsed(fields, missing, problems, raw, unparsed, self._type or _argument_of(self))

    def read(self, text: str) -> T:
        """Return the `value` of what is in a text; raises FormatError (a ValueError) as that does."""
        return self.parse(text).value

    def _split(self, text: str) -> tuple[dict[str, str], str]:
        """Return the text of each field, and what belongs to none."""
        raw: dict[str, str] = {}
        unparsed: list[str] = []
        more: list[str] | None = None  # where lines without a label go
        long: dict[str, list[str]] = {}
        for line in text.split("\n"):
            labelled = self._labelled(line)
            if labelled is None:
                (unparsed if more is None else more).append(line)
                continue
            more = None
            shape, rest = labelled
            found = None if shape.fields[0].name in raw else _match(shape, rest)
            if found is None:
                unparsed.append(line)
                continue
            raw |= found
            if shape.long:
                last = shape.fields[-1].name
                more = long[last] = [raw[last]]
        raw |= {name: "\n".join(lines).strip() for name, lines in long.items()}
        return raw, "\n".join(unparsed).strip()

    def _labelled(self, line: str) -> tuple[_Line, str] | None:
        """Return the line of the spec whose label a line has, and what stands behind the label."""
        line = line.strip()
        for shape, pattern in self._shapes:
            if line[: len(shape.label)].lower() == shape.label.lower():
                return shape, line[len(shape.label) :]
            if found := pattern.match(line):
                mark, closed = found["mark"], found["inner"] or found["outer"]
                rest = line[found.end() :]
                return shape, rest if closed or not mark else rest.removesuffix(mark)
        return None


def _argument_of(pad: Scratchpad[Any]) -> Any:
    """Return the type in `Scratchpad[Review](spec)`, which Python notes after the object was made."""
    given = getattr(getattr(pad, "__orig_class__", None), "__args__", (Any,))[0]
    return None if given is Any or isinstance(given, TypeVar) else given


def _pattern(label: str) -> re.Pattern[str]:
    """Match a label as Markdown has it; whoever writes none has lines of any beginning, which need no Markdown."""
    if not label:
        return re.compile("")
    name, colon = (label[:-1].rstrip(), "[:\uff1a]") if label[-1] in ":\uff1a" else (label, "")
    closing = "(?P<{}>(?P=mark))?"
    return re.compile(
        r"(?:(?:[-*+\u2022]|#{1,6})[ \t]+)?(?P<mark>[*_]{1,3}|)"
        + re.escape(name)
        + closing.format("inner")
        + colon
        + closing.format("outer"),
        re.IGNORECASE,
    )


def _match(shape: _Line, rest: str) -> dict[str, str] | None:
    """Return the fields of a line behind its label; None when a fixed text is not there."""
    found: dict[str, str] = {}
    for name, _, after in shape.fields:
        last = name == shape.fields[-1].name
        if not after:
            found[name] = rest.strip()
            break
        end = len(rest) - len(after) if last and rest.endswith(after) else -1 if last else rest.find(after)
        if end < 0:
            return None
        found[name], rest = rest[:end].strip(), rest[end + len(after) :]
    return found


def _read_line(line: str) -> _Line:
    try:
        pieces = list(Formatter().parse(line))
    except ValueError as error:
        raise AppError(f"The scratchpad's line {line!r:.80} cannot be read: {error}.") from None
    label = pieces[0][0].strip()
    fields = [(name, kind or "str", conversion) for _, name, kind, conversion in pieces if name is not None]
    texts = [literal for literal, _, _, _ in pieces[1:]] + [""]
    if not label or not fields:
        raise AppError(f"The scratchpad's line {line!r:.80} needs a label and a field, as in 'Answer: {{answer}}'.")
    made = []
    for (name, kind, conversion), after in zip(fields, texts, strict=False):
        if kind not in READERS:
            near = get_close_matches(kind, READERS, 1)
            cure = f"Did you mean {near[0]!r}?" if near else f"Use one of {', '.join(READERS)}."
            raise AppError(f"The scratchpad's field {name!r} has the unknown type {kind!r:.80}. {cure}")
        if not name.isidentifier() or conversion:
            raise AppError(f"The scratchpad's field in {line!r:.80} needs a name of letters, digits and `_`.")
        made.append(_Field(name, kind, after.strip()))
    for one, following in zip(made, [*made[1:], None], strict=True):
        if following is not None and not one.after:
            raise AppError(f"The scratchpad's fields {one.name!r} and {following.name!r} need text between them.")
        if one.kind in ("json", "multiline") and (following is not None or one.after):
            raise AppError(f"The scratchpad's field {one.name!r} is {one.kind} and must end its line.")
    return _Line(label, tuple(made))
