"""Files of a conversation as a page downloads them: a name, a media type, and the bytes in base64, piece by piece."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chatwidget.bundles import FILE
from chatwidget.errors import RequestError
from chatwidget.messages import DisplayPart, FilePart
from chatwidget.shown_objects import ShownObjects
from chatwidget.transcript import Transcript

# Bytes that one answer carries: a Jupyter server cuts messages above 10 MiB. A multiple of 3, so that the pieces of
# base64 put together are the base64 of the whole.
PIECE = 6_000_000


def file_of_message(transcript: Transcript, message_id: str, index: int, offset: int = 0) -> dict[str, Any]:
    """Return the file that is part number `index` of a message; raises RequestError when there is none."""
    if message_id not in transcript:
        raise RequestError("That message is not in this conversation any more.")
    parts = transcript.get(message_id).parts
    if index >= len(parts) or not isinstance(part := parts[index], FilePart):
        raise RequestError("There is no file at this place.")
    return file_of_part(part, offset)


def file_of_part(part: FilePart, offset: int = 0) -> dict[str, Any]:
    """Return a file from byte `offset` on, a multiple of 3: its `name`, `media_type`, `size` and a piece of its `data`.

    `next` is the offset of the next piece, None behind the last one. Raises RequestError for an offset that is none,
    and for a file that only the provider has.
    """
    if part.data is None:
        raise RequestError(f"The file {part.name!r:.80} is kept by the model's provider, not here.")
    data = "".join(part.data.split())
    size = len(data) * 3 // 4 - data[-2:].count("=")
    if offset % 3 or offset > size:
        raise RequestError(f"The file {part.name!r:.80} has no piece at {offset:,}.")
    end = offset + PIECE
    return {
        "name": part.name,
        "media_type": part.media_type,
        "size": size,
        "data": data[offset // 3 * 4 : end // 3 * 4],
        "next": end if end < size else None,
    }


def file_of_call(
    transcript: Transcript, shown: ShownObjects, tool_call_id: str, index: int, offset: int = 0
) -> dict[str, Any]:
    """Return the file that a tool displayed as number `index`; raises RequestError when it is not there any more."""
    call = transcript.calls.get(tool_call_id)
    made = call if call is None or call.result is None else call.result
    displays: Sequence[DisplayPart] = () if made is None else made.displays
    head = displays[index].bundle.get(FILE) if index < len(displays) else None
    if not isinstance(head, Mapping):
        raise RequestError("There is no file at this place.")
    part = shown.get(str(head.get("id")))
    if not isinstance(part, FilePart):
        raise RequestError(f"The file {str(head.get('name'))!r:.80} is not kept any more. Run the tool again.")
    return file_of_part(part, offset)
