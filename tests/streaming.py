"""What the tests of streaming tools share."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from pydantic import BaseModel, Field

from chatwidget.streaming_tools import streaming_function_tool


class Article(BaseModel):
    title: str = Field(min_length=1)
    text: str = "none"


class Desk:
    """A streaming tool `write` and what was given to it, printed as it comes."""

    def __init__(self, **options: Any) -> None:
        self.seen: list[Any] = []
        self.cancelled = False

        @streaming_function_tool(**options)
        async def write(articles: AsyncIterator[Article]) -> str:
            """Write an article."""
            try:
                async for article in articles:
                    self.seen.append(article)
                    print(article.title)
            except asyncio.CancelledError:
                self.cancelled = True
                raise
            return f"{article.title}: {len(article.text)}"

        self.tool = write
