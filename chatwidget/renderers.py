"""JavaScript of the user's own that draws displays of some MIME type: `chat.renderers["my/mime"] = esm`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, MutableMapping
from hashlib import sha256
from os import PathLike
from pathlib import Path

from chatwidget.errors import FormatError

LIMIT = 2_000_000
"""The most characters of one renderer."""

# As RFC 6838 has it.
_NAME = r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}"
_MIME = re.compile(f"{_NAME}/{_NAME}")
_EXPORT = re.compile(r"\bexport\b")


class Renderers(MutableMapping[str, str]):
    """The renderers of one chat, by MIME type; open pages follow at once, any thread may set one.

        chat.renderers["application/x-point+json"] = '''
        export default {
          render({ data, el, theme }) {
            el.textContent = `(${data.x}, ${data.y})`;
            return () => {};          // called before it is drawn anew, or goes
          },
        };'''

    A value is the text of an ES module, or the path of a `.js` file, which is read now; at most 2 MB. It runs in a
    sandbox without network, so it has to bring along all it needs. Raises FormatError for a key that is no MIME type
    and for what is no module, and tells what is wrong.
    """

    def __init__(self, changed: Callable[[], None] = lambda: None) -> None:
        self._texts: dict[str, str] = {}
        self._changed = changed

    def __getitem__(self, mime: str) -> str:
        return self._texts[mime]

    def __setitem__(self, mime: str, esm: str | PathLike[str]) -> None:
        mime = str(mime)
        if _MIME.fullmatch(mime) is None:
            raise FormatError(f"{mime!r:.80} is no MIME type. Write it as in 'application/x-point+json'.")
        self._texts = {**self._texts, mime: _module(mime, esm)}
        self._changed()

    def __delitem__(self, mime: str) -> None:
        if mime not in self._texts:
            raise KeyError(mime)
        self._texts = {name: text for name, text in self._texts.items() if name != mime}
        self._changed()

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def __repr__(self) -> str:
        return f"Renderers({', '.join(self._texts)})"

    def view(self) -> dict[str, str]:
        """Return a digest of each, by which a page sees what has changed."""
        return {mime: sha256(text.encode()).hexdigest()[:16] for mime, text in self._texts.items()}


def _module(mime: str, esm: object) -> str:
    where = f"renderers[{mime!r}]"
    if isinstance(esm, PathLike) or (isinstance(esm, str) and _is_path(esm)):
        text = _read(Path(esm), where)
    elif isinstance(esm, str):
        text = esm
    else:
        raise FormatError(f"{where}: give the text of an ES module or the path of a .js file, not {esm!r:.60}.")
    if len(text) > LIMIT:
        raise FormatError(f"{where}: {len(text) / 1e6:,.1f} MB are too much; {LIMIT // 1_000_000} MB is the most.")
    if not text.strip():
        raise FormatError(f"{where}: the module is empty. It must have an `export default {{ render }}`.")
    if _EXPORT.search(text) is None:
        raise FormatError(f"{where}: the module exports nothing. It must have an `export default {{ render }}`.")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise FormatError(f"{where}: the text has half of a surrogate pair, which no file can hold.") from None
    return text


def _is_path(esm: str) -> bool:
    return "\n" not in esm and esm.rstrip().endswith((".js", ".mjs"))


def _read(path: Path, where: str) -> str:
    try:
        return path.expanduser().read_text(encoding="utf-8")
    except OSError as error:
        raise FormatError(f"{where}: {str(path)!r:.200} cannot be read: {error.strerror or error}.") from None
    except ValueError:  # not UTF-8, or a path with a NUL
        raise FormatError(f"{where}: {str(path)!r:.200} is no text in UTF-8.") from None
