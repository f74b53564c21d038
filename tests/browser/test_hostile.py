"""Everything a chat shows is hostile, in a real JupyterLab: no script runs, nothing is fetched from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Dialog, FilePayload, Page, expect

from tests.browser.lab import Chat, Lab, run_chat
from tests.browser.test_page import widget_state_saved

ATTACKS = r"""
HIT = "top.hit=(top.hit||0)+1;alert(1)"
FAR = "FAR_AWAY"
IMG = f"<img src=x onerror={HIT}>"
ATTACKS = [
    IMG,
    f"<script>{HIT}</script>",
    f"\"'><svg onload={HIT}><script>{HIT}</script><a href='javascript:{HIT}'>a</a></svg>",
    f"<svg><use href='{FAR}use.svg#a'/><image href='{FAR}i.png'/><animate onbegin={HIT} attributeName=x dur=1s></svg>",
    f"<math><mtext><table><mglyph><style><!--</style><img title='--&gt;{IMG}'></table></mtext></math>",
    f"<noscript><p title='</noscript>{IMG}'></noscript><title><p title='</title>{IMG}'></title>",
    f"<iframe srcdoc='<script>{HIT}</script>'></iframe><iframe src='javascript:{HIT}'></iframe>",
    f"<iframe src='{FAR}frame'></iframe><object data='{FAR}object'></object><embed src='{FAR}embed'>",
    f"<style>@import '{FAR}style.css'; * {{ background: url({FAR}back.png) }}</style>",
    f"<link rel=stylesheet href='{FAR}link.css'><link rel=prefetch href='{FAR}pre'><base href='{FAR}'>",
    f"<meta http-equiv=refresh content='0;url={FAR}refresh'>",
    f"<form action='{FAR}form'><input autofocus onfocus={HIT}></form><details open ontoggle={HIT}>x</details>",
    f"<video poster='{FAR}poster.png' onerror={HIT}><source src=x onerror={HIT}></video>",
    f"<audio src='{FAR}a.mp3' autoplay></audio><picture><source srcset='{FAR}set.png'><img src=x></picture>",
    f"[x](javascript:{HIT}) [y](data:text/html,<script>{HIT}</script>) ![]({FAR}leak.png) <javascript:{HIT}>",
    f"<p style='background:url({FAR}inline.png);position:fixed;inset:0' onmouseover={HIT}>over</p>",
    f"\x1b]8;;javascript:{HIT}\x07link\x1b]8;;\x07 \x1b[31m{IMG}\x1b[0m",
    f"$\\href{{javascript:{HIT}}}{{x}} \\includegraphics{{{FAR}math.png}} \\htmlData{{onclick={HIT}}}{{y}}$",
    f"```mermaid\ngraph TD; A[\"{IMG}\"] --> B\nclick A \"javascript:{HIT}\"\n```",
]
ALL = "\n\n".join(ATTACKS)
"""
CHAT = '''
import pandas
from IPython.display import display
from chatwidget import ChatWidget, Display, function_tool
from chatwidget.asker import ask
from chatwidget.models.base import ReasoningDelta, SourceDelta
from chatwidget.models.scripted import ScriptedModel, ToolCall

@function_tool(display=Display(result="html", title=IMG, headers={"progress": IMG, "complete": ALL}))
def html() -> str:
    """Make a page."""
    return "<p>the page is here</p>" + ALL

@function_tool(display=Display(result="markdown", argument=("text", "html")))
def markdown(text: str) -> str:
    """Write something."""
    print(ALL)
    return ALL

def bundles() -> None:
    """Display all kinds of things."""
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30" onload="{HIT}"><script>{HIT}</script>'
    drawing += f'<foreignObject><img xmlns="http://www.w3.org/1999/xhtml" src="x" onerror="{HIT}"/></foreignObject>'
    drawing += f'<image href="{FAR}svg.png"/><style>@import "{FAR}svg.css";</style><text y="20">a drawing</text></svg>'
    for kind in ("text/html", "text/markdown", "text/latex", "text/plain", "application/javascript", IMG):
        display({kind: HIT if "script" in kind else ALL, "text/plain": IMG}, raw=True)
    display({"image/svg+xml": drawing, "text/plain": IMG}, raw=True)
    display({"application/json": {"__proto__": {"hit": 1}, IMG: ATTACKS}, "text/plain": IMG}, raw=True)

def table() -> pandas.DataFrame:
    """Make a table."""
    return pandas.DataFrame({IMG: ATTACKS, "<b>": [f"javascript:{HIT}"] * len(ATTACKS)})

def fail() -> str:
    """Fail."""
    raise RuntimeError(ALL)

async def choose() -> str:
    """Ask."""
    return await ask(ALL, choices=ATTACKS[:4]) + await ask(IMG, choices=ATTACKS)

chat = ChatWidget(
    model=ScriptedModel(
        [ReasoningDelta(ALL), ALL, ToolCall(IMG, {IMG: ALL, "__proto__": ALL})],
        [ToolCall("html"), ToolCall("markdown", {"text": ALL}), *map(ToolCall, ("bundles", "table", "fail"))],
        ToolCall("choose"),
        [SourceDelta(f"javascript:{HIT}", ALL), SourceDelta(FAR + "source", IMG), ALL, "That was all."],
        name=IMG,
    ),
    tools=[html, markdown, bundles, table, fail, choose],
    title=IMG + ATTACKS[2],
    placeholder=IMG,
    starters=[(IMG, ALL)],
)
chat
'''


class Far(ThreadingHTTPServer):
    """A host that nothing may be sent to: what arrives all the same is written down."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Arrival)
        self.arrived: list[str] = []
        self.address = f"http://127.0.0.1:{self.server_address[1]}/"


class _Arrival(BaseHTTPRequestHandler):
    server: Far

    def do_GET(self) -> None:
        self.server.arrived.append(self.path)
        self.send_error(404)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def far() -> Iterator[Far]:
    with Far() as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


class Watch:
    """All that a page must not do: ask something, open something, or send anything to another host."""

    def __init__(self, page: Page, far: Far) -> None:
        self.page = page
        self.far = far
        self.seen: list[str] = []
        page.on("dialog", self._dialog)
        page.on("popup", lambda popup: self.seen.append(f"opened {popup.url}"))

    def _dialog(self, dialog: Dialog) -> None:
        self.seen.append(f"asked {dialog.message}")
        dialog.dismiss()

    def assert_quiet(self) -> None:
        assert self.page.evaluate("[window.hit, ({}).hit]") == [None, None]
        assert self.seen == []
        assert self.far.arrived == []

    def assert_awake(self) -> None:
        """Show that nothing of this would have been missed."""
        bait = f"<img src=x onerror=top.hit=1;alert(1)><img src={self.far.address}bait onerror=top.bitten=1>"
        self.page.evaluate("bait => document.body.insertAdjacentHTML('beforeend', bait)", bait)
        self.page.wait_for_function("window.hit === 1 && window.bitten === 1")
        assert self.seen == ["asked 1"]
        assert self.far.arrived == ["/bait"]


def unfold(chat: Chat) -> None:
    """Open whatever a person can open in the transcript, and point at it all."""
    closed = chat.root.locator(".cw-messages [aria-expanded=false]:enabled, .cw-messages details:not([open]) > summary")
    for _ in range(3):
        closed.evaluate_all("all => all.forEach((one) => one.click())")
    chat.root.locator(".cw-messages *").evaluate_all(
        "all => all.forEach((one) => one.dispatchEvent(new MouseEvent('mouseover', { bubbles: true })))"
    )


def harmless(chat: Chat) -> None:
    """Assert that what is drawn could do no harm later."""
    bad = chat.root.evaluate(
        """root => [...root.querySelectorAll("*")].filter((one) =>
          ["script", "object", "embed", "base", "meta", "link", "form[action]"].some((name) => one.matches(name))
          || [...one.attributes].some(({ name, value }) => name.startsWith("on")
            || /^(xlink:)?href$|src$|action$/.test(name) && /^\\s*(javascript|data:text)/i.test(value)
            || name === "sandbox" && /allow-scripts.*allow-same|allow-same.*allow-scripts/.test(value))
          || one.matches("iframe:not([sandbox])")).map((one) => one.outerHTML.slice(0, 200))"""
    )
    assert bad == []


def test_nothing_that_a_chat_shows_runs_or_fetches_anything_also_when_it_is_opened_again(
    lab: Lab, page: Page, far: Far
) -> None:
    watch = Watch(page, far)
    notebook, chat = run_chat(lab, page, "hostile", ATTACKS.replace("FAR_AWAY", far.address) + CHAT)
    name = "<img src=x onerror=top.hit=1;alert(1)>.html"
    file = FilePayload(name=name, mimeType="text/html", buffer=b"<script>top.hit=1</script>")
    expect(chat.root.locator(".cw-starter")).to_contain_text("<img")
    chat.root.locator("input[type=file]").set_input_files(file)
    expect(chat.root.locator(".cw-composer")).to_contain_text(name)
    chat.send(f"<script>top.hit=1</script> {name} [x](javascript:top.hit=1)")
    choice = chat.root.locator(".cw-ask[data-kind=choice]")
    choice.get_by_role("radio").nth(2).click()
    choice.get_by_role("combobox").select_option(index=3)
    choice.get_by_role("button", name="Answer").click()
    expect(chat.last).to_contain_text("That was all.")
    unfold(chat)
    frame = chat.root.locator(".cw-tool iframe").first
    frame.scroll_into_view_if_needed()
    expect(frame.content_frame.locator("body")).to_contain_text("the page is here")
    harmless(chat)
    watch.assert_quiet()
    with widget_state_saved(page):
        chat = notebook.reopen_without_kernel(chat, lab.folder / "hostile.ipynb")
        expect(chat.root.locator(".cw-status")).to_contain_text("opened without the kernel")
        expect(chat.last).to_contain_text("That was all.")
        unfold(chat)
        harmless(chat)
        watch.assert_quiet()
    watch.assert_awake()
