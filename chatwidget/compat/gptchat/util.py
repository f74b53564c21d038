"""`gptchat.util`, as the last releases call `gptchat.utils`."""

from chatwidget.compat.gptchat.utils import concat_stream, iter_stream_choices, parse_incomplete_json

__all__ = ["concat_stream", "iter_stream_choices", "parse_incomplete_json"]
