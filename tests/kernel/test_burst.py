"""ZeroMQ drops messages without an error, from about 1,000 in a burst; a chat never comes near that."""

from __future__ import annotations

from chatwidget.frames import INTERVAL
from tests.kernel.page import open_chat
from tests.kernel.process import Kernel

BURST = """
async def burst(messages):
    for number in range(100_000):
        yield f"{number} "

chat = ChatWidget(burst)
chat
"""

RUN = """
begun = time.monotonic()
reply = chat.send("go").result()
seconds = time.monotonic() - begun
"""


def test_a_hundred_thousand_deltas_at_full_speed_arrive_whole_in_few_frames(kernel: Kernel) -> None:
    page = open_chat(kernel, BURST)
    page.until(lambda: page.state["status"] == "waiting")
    page.frames.clear()
    kernel.run(RUN)
    page.until_settled()
    assert page.text == "".join(f"{number} " for number in range(100_000))
    assert page.state == kernel.value("chat.session.screen.state()")
    assert not page.snapshots, "nothing was lost, so nothing had to be asked for again"
    # The first and the last frame of the turn lie on its edges.
    assert len(page.frames) <= kernel.value("seconds") / INTERVAL + 3
    sent = sum(len(patch.get("text", "")) for frame in page.frames for patch in frame["patches"])
    assert sent <= len(page.text), "each character was sent once"
