"""A front end as the tests play it: it keeps the state of one chat by frames alone, and asks as a page asks."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from chatwidget.messages import new_id
from chatwidget.patches import apply_patch
from chatwidget.widget_state import STATE
from tests.kernel.process import Kernel, Message


class Page:
    """A page that shows one chat; `following` an earlier page it shows the same chat, from its next `load` on."""

    def __init__(self, kernel: Kernel, following: Page | None = None) -> None:
        self.kernel = kernel
        self.comm: str = following.comm if following else ""
        self.control: str = following.control if following else ""
        self.subshell: str | None = None
        self.state: dict[str, Any] = {}
        self.look: dict[str, Any] = {}
        self.seq = -1
        self.frames: list[dict[str, Any]] = []
        self.snapshots: list[dict[str, Any]] = []
        self.answers: list[dict[str, Any]] = []
        self.greetings: list[dict[str, Any]] = []
        kernel.listeners.append(self._hear)

    @property
    def last(self) -> dict[str, Any]:
        """The last message, or an empty one."""
        return dict(self.state["messages"][-1]) if self.state["messages"] else {"role": "", "status": "", "parts": []}

    @property
    def text(self) -> str:
        """The text of the last message."""
        return "".join(part["text"] for part in self.last["parts"] if part["type"] == "text")

    @property
    def cards(self) -> list[dict[str, Any]]:
        """All tool calls."""
        return [part for m in self.state["messages"] for part in m["parts"] if part["type"] == "tool_call"]

    def until(self, seen: Callable[[], bool]) -> None:
        """Wait until the page shows something."""
        self.kernel.until(lambda: bool(self.state) and seen())

    def until_settled(self, status: str = "complete") -> None:
        """Wait until the last reply has this verdict and the app waits again, or has ended."""
        self.until(
            lambda: (
                self.last["role"] == "assistant"
                and self.last["status"] == status
                and self.state["status"] in ("waiting", "idle")
            )
        )

    def post(self, content: Any, *, over: str | None = None) -> None:
        """Send a custom message on the chat's comm, or another one."""
        self.post_data({"method": "custom", "content": content}, over=over)

    def post_data(self, data: Any, *, over: str | None = None) -> None:
        """Send anything on a comm."""
        self.kernel.send("comm_msg", {"comm_id": over or self.comm, "data": data}, self.subshell)

    def load(self) -> None:
        """Open the page anew: ask for all traits, as JupyterLab does, and begin with those."""
        self.state = {}
        self.post_data({"method": "request_state"})
        self.until(lambda: True)

    def greet_apart(self) -> None:
        """Greet on the control comm until the kernel answers from beside its main thread, as the front end does."""
        self._greet()  # JupyterLab makes the subshell only after the first message
        self.subshell = self.kernel.create_subshell()
        for _ in range(6):
            if self._greet()["apart"]:
                return
        raise AssertionError("the kernel never answered from a subshell")

    def _greet(self) -> dict[str, Any]:
        before = len(self.greetings)
        self.post({"kind": "hello"}, over=self.control)
        self.kernel.until(lambda: len(self.greetings) > before)
        return self.greetings[-1]

    def _hear(self, message: Message) -> None:
        content = message["content"]
        if message["msg_type"] == "comm_open" and not self.comm:
            state = content["data"]["state"]
            if state["_model_name"] == "AnyModel":
                self.comm = content["comm_id"]
                self.control = state["control"].removeprefix("IPY_MODEL_")
                self._take_traits(state)
        elif message["msg_type"] == "comm_msg" and content["comm_id"] in (self.comm, self.control):
            data = content["data"]
            if data["method"] == "custom":
                self._hear_custom(data["content"])
            elif data["method"] == "update" and "messages" in data["state"] and not self.state:
                self._take_traits(data["state"])

    def _take_traits(self, state: dict[str, Any]) -> None:
        self.state = deepcopy({key: state[key] for key in STATE})
        self.look = {key: value for key, value in state.items() if key not in STATE}
        self.seq = state["_seq"]

    def _hear_custom(self, content: dict[str, Any]) -> None:
        if content["kind"] == "answer":
            self.answers.append(content)
        elif content["kind"] == "hello":
            self.greetings.append(content)
        elif content["kind"] == "snapshot":
            self.snapshots.append(content)
            self.state, self.seq = deepcopy(content["state"]), content["seq"]
        elif self.state and content["seq"] > self.seq:
            assert content["seq"] == self.seq + 1, f"frame {self.seq + 1} was lost"
            for patch in deepcopy(content["patches"]):
                apply_patch(self.state, patch)
            self.seq = content["seq"]
            self.frames.append(content)
            for (*path, key), length in content.get("lengths", ()):
                holder: Any = self.state
                for step in path:
                    holder = holder[step]
                assert len(holder[key].encode("utf-16-le")) // 2 == length, "a tail was lost"


def open_chat(kernel: Kernel, code: str) -> Page:
    """Run a cell that makes a chat and return a page that shows it."""
    page = Page(kernel)
    kernel.run(code)
    assert page.comm, "the cell opened no chat"
    return page


def ask(page: Page, content: dict[str, Any]) -> str:
    """Send a request as the front end sends it; returns its id."""
    request = {"kind": "request", "request": new_id(), **content}
    page.post(request, over=page.control)
    return str(request["request"])


def answer_to(page: Page, request: str) -> dict[str, Any]:
    """Wait for the answer to a request."""
    page.until(lambda: any(answer["request"] == request for answer in page.answers))
    return next(answer for answer in page.answers if answer["request"] == request)
