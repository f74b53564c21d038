"""The names of gptchat over this library.

    from chatwidget.compat.gptchat import app

    @app.handle_send_message
    def message_handler(messages):
        app.update_message({"content": "Hello!"})

    app.run_app()

In a notebook `run_app` shows the chat; it is a `ChatWidget`, `app.chat`. What each name is in this library's own
spelling, and what is different on purpose, is in `docs/compat.md`.
"""

from __future__ import annotations

from chatwidget.compat.gptchat.chat_app import ChatApp

__all__ = ["app"]

app = ChatApp()
"""The one chat of the program."""
