"""What a person is asked in a real JupyterLab: may this run, what tools want to know, may this go on."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.lab import Chat, Lab, run_chat

APPROVAL = '''
from typing import Literal
from chatwidget import ChatWidget, function_tool
from chatwidget.models.scripted import ScriptedModel, ToolCall

@function_tool(approve=True)
def send_mail(to: str, subject: str, urgency: Literal["low", "normal", "high"] = "normal", copies: int = 1) -> str:
    """Send a mail."""
    return f"sent to {to}: {subject} ({urgency}, {copies})"

def mail(to: str, subject: str = "High water at noon"):
    return ["I will tell them.", ToolCall("send_mail", {"to": to, "subject": subject, "copies": 2})]

chat = ChatWidget(
    model=ScriptedModel(
        mail("harbour@example.org"), "First mail sent.",
        mail("everybody@example.org"), "Then I will not.",
        mail("pilot@example.org"), "Third mail sent.",
        mail("tug@example.org"), "Fourth mail sent.",
        delay=0.005,
    ),
    tools=[send_mail],
    title="Harbour office",
)
chat
'''

ASKS = '''
from dataclasses import dataclass
from datetime import date
from typing import Literal
from pydantic import BaseModel, Field
from chatwidget import ChatWidget, FilePart
from chatwidget.asker import ask
from chatwidget.models.scripted import ScriptedModel, ToolCall

class Trip(BaseModel):
    """Where and when."""
    harbour: str = Field(description="Where it begins", min_length=2)
    day: date
    guests: int = Field(4, ge=1, le=12)
    cabin: Literal["none", "shared", "own"] = "shared"
    lunch: bool = False

def not_empty(name):
    if not name.strip():
        raise ValueError("A name, please.")

async def book() -> str:
    """Book a boat trip."""
    name = await ask("Under which name shall I book?", validate=not_empty)
    boat = await ask("Which boat?", choices=["Albatross", "Kittiwake", "Puffin"])
    trip = await ask("When, and from where?", type=Trip)
    file = await ask("The list of guests, please.", type=FilePart)
    if not await ask(f"Book {boat} for {name}, {trip.guests} guests from {trip.harbour}?", type=bool):
        return "not booked"
    return f"booked {boat} for {name} on {trip.day:%d %B}, {file.name}"

chat = ChatWidget(
    model=ScriptedModel(["Let me see.", ToolCall("book", {})], "Your boat is booked.", delay=0.005),
    tools=[book],
    title="Boats",
)
chat
'''

BUDGET = '''
from chatwidget import ChatWidget
from chatwidget.models.scripted import ScriptedModel, ToolCall
from chatwidget.usage import Budget

def look_up(topic: str) -> str:
    """Look something up."""
    return f"{topic}: " + "tides and times, " * 20

chat = ChatWidget(
    model=ScriptedModel(
        ToolCall("look_up", {"topic": "moon"}), "It is the moon.", ToolCall("look_up", {"topic": "sun"}), delay=0.005
    ),
    tools=[look_up],
    budget=Budget(tokens=50),
)
chat
'''


def question(chat: Chat, kind: str) -> Locator:
    """Return the open question of this kind."""
    return chat.root.locator(f".cw-ask[data-kind={kind}]")


def press(where: Locator, name: str) -> None:
    """Click a button."""
    where.get_by_role("button", name=name, exact=True).click()


def test_a_call_that_needs_approval_is_allowed_changed_denied_and_allowed_for_good(lab: Lab, page: Page) -> None:
    _, chat = run_chat(lab, page, "approval", APPROVAL)
    ask, card = question(chat, "approval"), chat.root.locator(".cw-tool").last
    chat.send("Tell the harbour")
    expect(ask).to_contain_text("Allow send_mail to run?")
    expect(ask).to_contain_text("High water at noon")
    press(ask, "Edit")
    ask.get_by_label("Copies").fill("3")
    ask.get_by_label("Subject").fill("High water at one")
    press(ask, "Allow with changes")
    expect(chat.last).to_contain_text("First mail sent.")
    expect(card).to_contain_text("sent to harbour@example.org: High water at one (normal, 3)")
    expect(card).to_contain_text("arguments changed")

    chat.send("Tell everybody")
    press(ask, "Deny")
    ask.get_by_placeholder("Reason").fill("Not everybody.")
    page.keyboard.press("Enter")
    expect(chat.last).to_contain_text("Then I will not.")
    expect(card).to_contain_text("Denied by you: Not everybody.")

    chat.send("Tell the pilot")
    press(ask, "Always allow")
    press(ask, "In this session")
    expect(chat.last).to_contain_text("Third mail sent.")
    chat.send("Tell the tug")
    expect(chat.last).to_contain_text("Fourth mail sent.")
    expect(card).to_contain_text("sent to tug@example.org")
    expect(card).to_contain_text("Allowed without asking")


def test_a_tool_asks_for_a_text_a_choice_a_form_a_file_and_a_yes(lab: Lab, page: Page, tmp_path: Path) -> None:
    _, chat = run_chat(lab, page, "asks", ASKS)
    chat.send("Book me a boat")
    text = question(chat, "text")
    expect(text).to_contain_text("Under which name shall I book?")
    expect(text.get_by_role("textbox")).to_be_focused()
    page.keyboard.press("Enter")
    expect(text.get_by_role("alert")).to_have_text("A name, please.")
    expect(text.get_by_role("textbox")).to_be_focused()
    page.keyboard.type("Ada")
    page.keyboard.press("Enter")

    question(chat, "choice").get_by_role("radio", name="Kittiwake").click()

    form = question(chat, "form")
    form.get_by_label("Harbour").fill("Kiel")
    press(form, "Answer")
    expect(form).to_contain_text("A value is needed here.")
    form.get_by_label("Day").fill("2026-06-21")
    form.get_by_label("Lunch").check()
    press(form, "Answer")

    guests = tmp_path / "guests.csv"
    guests.write_text("name\nAda\n")
    question(chat, "file").locator("input[type=file]").set_input_files(guests)
    press(question(chat, "file"), "Send the file")

    confirm = question(chat, "confirm")
    expect(confirm).to_contain_text("Book Kittiwake for Ada, 4 guests from Kiel?")
    press(confirm, "Yes")
    expect(chat.last).to_contain_text("Your boat is booked.")
    card = chat.root.locator(".cw-tool")
    expect(card).to_contain_text("booked Kittiwake for Ada on 21 June, guests.csv")
    expect(card).to_contain_text("Which boat? → Kittiwake")
    expect(chat.root.locator(".cw-ask")).to_have_count(0)


def test_a_budget_that_is_used_up_asks_whether_to_go_on(lab: Lab, page: Page) -> None:
    _, chat = run_chat(lab, page, "budget", BUDGET)
    chat.send("Why are there tides?")
    ask = question(chat, "approval")
    expect(ask).to_contain_text("tokens. Continue?")
    press(ask, "Continue")
    expect(chat.last).to_contain_text("It is the moon.")
    expect(ask).to_have_count(0)
    chat.send("And the sun?")
    press(ask, "Stop here")
    expect(chat.root).to_contain_text("It was not continued.")
    expect(chat.root.locator(".cw-usage")).to_contain_text("tokens")
