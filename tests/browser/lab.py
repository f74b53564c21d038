"""A real JupyterLab and a real Chromium, started for the tests and ended with them."""

from __future__ import annotations

import json
import os
import re
import secrets
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import nbformat
from playwright.sync_api import Locator, Page, expect

SETTINGS = {
    "@jupyterlab/apputils-extension/notification.jupyterlab-settings": {
        "fetchNews": "false",
        "checkForUpdates": False,
    },
    "@jupyterlab/docmanager-extension/plugin.jupyterlab-settings": {"autosave": False},
}


class Lab:
    """A running Jupyter server with its folder of notebooks."""

    def __init__(self, url: str, token: str, folder: Path) -> None:
        self.url = url
        self.token = token
        self.folder = folder

    def write(self, name: str, cells: Sequence[str]) -> str:
        """Write a notebook of code cells, number 0 being a trivial one, and return its name."""
        sources = ["'ready'", *cells]
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(notebook, self.folder / name)
        return name

    def open(self, page: Page, name: str, *, app: str = "lab") -> Notebook:
        """Open a notebook in JupyterLab, or in Notebook 7 with app="notebooks", and wait for its kernel."""
        tree = f"lab/tree/{name}" if app == "lab" else f"notebooks/{name}"
        reset = "&reset" if app == "lab" else ""
        # Now and then the first notebook of a new server asks which kernel it should have.
        page.add_locator_handler(page.locator(".jp-Dialog .jp-mod-accept"), lambda button: button.click())
        page.goto(f"{self.url}/{tree}?token={self.token}{reset}")
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
        notebook = Notebook(page)
        notebook.wait_for_kernel()
        return notebook


class Notebook:
    """A notebook as a person uses it."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def wait_for_kernel(self) -> None:
        """Wait until the kernel answers: what is run before is lost without a word, so the first cell tries."""
        self.page.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status="idle"]', timeout=60_000)
        prompt = self.cell(0).locator(".jp-InputPrompt")
        for _ in range(20):
            self.cell(0).locator(".cm-content").click()
            self.page.keyboard.press("Control+Enter")
            try:
                expect(prompt).to_have_text(re.compile(r"\[\d+\]:"), timeout=3_000)
            except AssertionError:
                continue
            return
        raise AssertionError("the kernel did not run the first cell")

    def cell(self, index: int) -> Locator:
        """Return a cell by its place."""
        return self.page.locator(".jp-Notebook .jp-CodeCell").nth(index)

    def prompt(self, index: int) -> Locator:
        """Return what stands beside a cell: [ ]:, [*]: or its number."""
        return self.cell(index).locator(".jp-InputPrompt")

    def output(self, index: int) -> Locator:
        """Return what a cell gave."""
        return self.cell(index).locator(".jp-OutputArea-output")

    def save(self) -> None:
        """Save the notebook, so that a reload finds its outputs."""
        self.page.keyboard.press("Control+s")
        expect(self.page.locator(".jp-mod-dirty")).to_have_count(0)

    def interrupt(self) -> None:
        """Interrupt the kernel."""
        self._command("kernelmenu:interrupt")

    def restart_kernel(self) -> None:
        """Restart the kernel, saying yes to the question."""
        self._command("kernelmenu:restart", wait=False)  # the question is answered as `open` has arranged

    def _command(self, name: str, *, wait: bool = True) -> None:
        run = f"window.jupyterapp.commands.execute('{name}')"
        self.page.evaluate(run if wait else f"void {run}")

    def run(self, index: int, *, wait: bool = True) -> None:
        """Run a cell as a person does, click and Shift+Enter, and wait until it has ended unless told not to."""
        self.cell(index).locator(".cm-content").click()
        self.page.keyboard.press("Shift+Enter")
        if wait:
            expect(self.prompt(index)).to_have_text(re.compile(r"\[\d+\]:"), timeout=60_000)

    def chat(self, nth: int = 0) -> Chat:
        """Return a chat on the page, waiting until it is drawn."""
        root = self.page.locator(".jp-OutputArea .cw").nth(nth)
        root.wait_for(state="visible", timeout=20_000)
        return Chat(root)

    def new_chat(self) -> Chat:
        """Run the first cell anew, and return its chat, which nobody has talked to yet."""
        self.run(1)
        chat = self.chat()
        expect(chat.root.locator(".cw-message")).to_have_count(0)
        return chat

    def reopen_without_kernel(self, chat: Chat, path: Path) -> Chat:
        """Save with the widgets' state, end the kernel, load the page anew, and return its chat, only to be read."""
        self.save()
        assert "application/vnd.jupyter.widget-state+json" in path.read_text()
        self._command("kernelmenu:shutdown")
        expect(chat.root.locator(".cw-status")).to_contain_text("has ended")
        self.page.reload()
        return Notebook(self.page).chat()


class Chat:
    """A chat on a page as a person uses it."""

    def __init__(self, root: Locator) -> None:
        self.root = root

    @property
    def composer(self) -> Locator:
        """Where a person writes."""
        return self.root.locator("textarea").last

    def send(self, text: str) -> None:
        """Write and press Enter."""
        self.composer.fill(text)
        self.composer.press("Enter")

    @property
    def last(self) -> Locator:
        """The last message of the assistant."""
        return self.root.locator(".cw-assistant").last


def run_chat(lab: Lab, page: Page, name: str, *cells: str) -> tuple[Notebook, Chat]:
    """Open a notebook of these cells, run the first one, and return it with the chat that this shows."""
    notebook = lab.open(page, lab.write(f"{name}.ipynb", cells))
    notebook.run(1)
    return notebook, notebook.chat()


@contextmanager
def running_lab(folder: Path, environment: dict[str, str] | None = None) -> Iterator[Lab]:
    """Start a Jupyter server on a free loopback port; it ends with the block."""
    token = secrets.token_hex(16)
    settings = folder / ".settings"
    for name, value in SETTINGS.items():
        target = settings / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(value))
    env = {
        **os.environ,
        "JUPYTER_TOKEN": token,
        "JUPYTERLAB_SETTINGS_DIR": str(settings),
        "JUPYTER_CONFIG_DIR": str(folder / ".config"),
        "JUPYTER_RUNTIME_DIR": str(folder / ".runtime"),
        "JUPYTER_PREFER_ENV_PATH": "1",
        "IPYTHONDIR": str(folder / ".ipython"),
        **(environment or {}),
    }
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--ip=127.0.0.1", "--port=0", "--allow-root"]
    command.append("--LabApp.expose_app_in_browser=True")
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen([*command, f"--ServerApp.root_dir={folder}"], env=env, stdout=log, stderr=log)
        try:
            yield Lab(_address(server, folder / ".runtime", token), token, folder)
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()


def _address(server: subprocess.Popen[bytes], runtime: Path, token: str) -> str:
    """Wait, at most a minute, until the server answers, and return its URL."""
    end = time.monotonic() + 60
    while time.monotonic() < end and server.poll() is None:
        for info in runtime.glob("jpserver-*.json") if runtime.exists() else ():
            try:
                url = str(json.loads(info.read_text())["url"]).rstrip("/")
                with urllib.request.urlopen(f"{url}/api/status?token={token}", timeout=5):
                    return url
            except (OSError, ValueError):
                continue
        time.sleep(0.1)
    raise RuntimeError(f"JupyterLab did not start; its log is {runtime.parent / 'server.log'}")
