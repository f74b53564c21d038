"""Make the pictures of the README: one conversation in a real JupyterLab, light and dark.

Run it as `python -m scripts.picture`, where the browser tests run.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from scripts.chromium import find
from tests.browser.lab import running_lab

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs/images"
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}

SWITCH = "theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })"

MODEL = r'''
import pandas as pd
from chatwidget import ChatWidget, function_tool
from chatwidget.models.scripted import ScriptedModel, ToolCall

answer = r"""It rises by **3.4 mm a year**, the least-squares slope of your table,
$\hat\beta = \sum (t_i-\bar t)(h_i-\bar h) \,/ \sum (t_i-\bar t)^2$:

```python
slope, _ = np.polyfit(levels.year, levels.level, 1)
```
"""
mail = {"to": "ada@example.org", "subject": "Sea level", "body": "Dear Ada, it rises by 3.4 mm a year."}
model = ScriptedModel(
    [ToolCall("load_levels", {"station": "Esbjerg", "since": 2020})],
    answer,
    [ToolCall("send_mail", mail)],
    name="a model of yours",
)
model.note = ""
'''

CHAT = '''
chat = ChatWidget(model=model, title="Sea level", max_height="none")

@chat.tool
def load_levels(station: str, since: int) -> pd.DataFrame:
    """Load the yearly levels of a station, in mm."""
    return pd.DataFrame({"year": [2020, 2021, 2022, 2023], "level": [0.2, 3.4, 6.9, 10.3]})

@function_tool(approve=True)
def send_mail(to: str, subject: str, body: str) -> str:
    """Send a mail."""
    return "sent"

chat.add_tool(send_mail)
chat
'''


def main() -> None:
    """Draw it once, and photograph it in each theme."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running_lab(Path(folder), {"PYTHONPATH": str(ROOT)}) as lab,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=find(), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1100, "height": 1500}, reduced_motion="reduce")
        notebook = lab.open(page, lab.write("sea.ipynb", [MODEL, CHAT]))
        notebook.run(1)
        notebook.run(2)
        chat = notebook.chat()
        chat.send("How fast does the sea rise in Esbjerg?")
        expect(chat.root.locator("math").first).to_be_visible()
        expect(chat.last).to_have_attribute("data-status", "complete")
        chat.send("Tell Ada.")
        expect(chat.root.locator(".cw-ask")).to_be_visible()
        for look, theme in THEMES.items():
            page.evaluate(SWITCH, theme)
            expect(page.locator("body")).to_have_attribute("data-jp-theme-name", theme)
            page.evaluate("document.activeElement.blur()")
            chat.root.screenshot(path=FOLDER / f"chat-{look}.png", animations="disabled")
        browser.close()


if __name__ == "__main__":
    os.chdir(ROOT)
    main()
