"""What apps show in a real JupyterLab: questions with choices and forms, apps inside apps, retries, typed replies."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.lab import Chat, Lab, run_chat

QUESTIONS = '''
from pydantic import BaseModel, Field
from chatwidget import Assistant, ChatWidget, GetUserInput, app

class Trip(BaseModel):
    """Where and when."""
    harbour: str = Field(description="Where it begins")
    guests: int = Field(4, ge=1, le=12)
    lunch: bool = False

def even(trip):
    if trip.guests % 2:
        raise ValueError("Two berths to a cabin: the guests must be an even number.")

def known(text):
    if not text.strip().isalpha():
        raise ValueError("A name has letters only.")

@app
async def booking():
    while True:
        boat = yield GetUserInput("Which boat?", choices={"Albatross (12 m)": 12, "Kittiwake (8 m)": 8})
        trip = yield GetUserInput("When, and from where?", schema=Trip, validate=even, record=False)
        name = yield GetUserInput("Under which name?", validate=known)
        yield Assistant(f"Booked {boat} m for {name}: {trip.guests} guests from {trip.harbour}.")

chat = ChatWidget(booking, model="echo", title="Boats")
chat
'''

NESTED = '''
from chatwidget import Assistant, ChatWidget, Generate, GetUserInput, System, User, app
from chatwidget.models.scripted import Delay, ScriptedModel

@app
async def weather(place: str):
    yield User(f"What is the weather in {place}?")
    yield Generate()

@app
async def tides(place: str):
    """Look into two things."""
    yield Assistant(f"I look up the tides of {place}.")
    yield weather(place)
    yield User("And the tides?")
    yield Generate()

@app
async def broken():
    yield Assistant("I open the map.")
    raise LookupError("There is no map of this coast.")

@app
async def guide():
    while True:
        text = yield GetUserInput()
        yield User(text)
        if "map" in text:
            try:
                yield broken()
            except LookupError:
                yield Assistant("There is no map, sorry.")
            continue
        yield tides("Husum")
        yield Generate()

chat = ChatWidget(
    guide,
    model=ScriptedModel(
        "Sunny, with a light breeze from the west.",
        ["High water ", Delay(1.5), "is at noon and at midnight."],
        "Go out at noon: the sun shines and the water is high.",
    ),
    title="Coast guide",
)
chat
'''

GATHER = """
import asyncio
from chatwidget import Assistant, ChatWidget, GetUserInput, User, app, gather

@app
async def ask_expert(field: str, words: list[str]):
    for word in words:
        await asyncio.sleep(0.1)
        yield Assistant(f"{field}: {word}")

@app
async def panel():
    while True:
        yield User((yield GetUserInput()))
        yield gather(ask_expert("Geology", ["sand", "clay", "rock"]), ask_expert("Botany", ["reed", "heather", "pine"]))
        yield Assistant("Both have spoken.")

chat = ChatWidget(panel, model="echo")
chat
"""

RETRIES = """
from chatwidget import ChatWidget
from chatwidget.models.base import RetryDelta
from chatwidget.models.scripted import Delay, ScriptedModel

busy = "The endpoint is busy (429)."
chat = ChatWidget(
    model=ScriptedModel(
        [RetryDelta(busy, 2.0, 1, 3), Delay(2.0), RetryDelta(busy, 1.0, 2, 3), Delay(1.0), "Here I am."],
        [RetryDelta(busy, 60.0, 1, 3), Delay(60.0), "Too late."],
        "Third time.",
    ),
)
chat
"""

TYPED = """
from pydantic import BaseModel, Field
from chatwidget import ChatWidget, Generate, GetUserInput, User, app
from chatwidget.models.scripted import Delay, ScriptedModel

class Route(BaseModel):
    start: str
    days: int = Field(le=12)
    notes: str = ""

@app
async def router():
    while True:
        yield User((yield GetUserInput()))
        yield Generate(output_type=Route)

chat = ChatWidget(
    router,
    model=ScriptedModel(
        '{"start": "Kiel", "days": 40}',
        ['{"start": "Kiel", "da', Delay(1.5), 'ys": 4, "notes": "By the canal, ', Delay(1.5), 'with the tide."}'],
    ),
)
chat
"""


def block(chat: Chat, app: str) -> Locator:
    """Return the block of an app inside the app."""
    return chat.root.locator(f'.cw-scope[aria-label="{app}"]')


def is_open(where: Locator, *, yes: bool = True) -> None:
    """Expect a block to be open, or folded."""
    expect(where.locator("> button")).to_have_attribute("aria-expanded", "true" if yes else "false")


def test_choices_and_a_form_take_the_composers_place_and_what_is_no_answer_is_explained(lab: Lab, page: Page) -> None:
    _, chat = run_chat(lab, page, "app-questions", QUESTIONS)
    card, composer = chat.root.locator(".cw-ask"), chat.root.locator(".cw-composer")
    expect(card.get_by_role("radio")).to_have_count(2)
    expect(composer).to_have_count(0)
    card.get_by_role("radio", name="Kittiwake").click()
    expect(chat.root.locator(".cw-user").last).to_contain_text("Kittiwake (8 m)")

    expect(card).to_contain_text("When, and from where?")
    card.get_by_label("Harbour").fill("Husum")
    card.get_by_label("Guests").fill("3")
    card.get_by_role("button", name="Answer").click()
    expect(card.get_by_role("alert")).to_contain_text("the guests must be an even number")
    expect(card.get_by_label("Harbour")).to_have_value("Husum")
    card.get_by_label("Guests").fill("4")
    card.get_by_role("button", name="Answer").click()

    expect(composer).to_have_count(1)
    chat.send("R2D2")
    expect(chat.root.locator(".cw-composer-area").get_by_role("alert")).to_have_text("A name has letters only.")
    chat.send("Ada")
    expect(chat.root).to_contain_text("Booked 8 m for Ada: 4 guests from Husum.")
    expect(card.get_by_role("radio")).to_have_count(2)
    expect(chat.root.get_by_role("alert")).to_have_count(0)


def test_an_app_inside_the_app_is_open_while_it_runs_and_then_a_line(lab: Lab, page: Page) -> None:
    _, chat = run_chat(lab, page, "app-nested", NESTED)
    chat.send("When shall I go out?")
    tides = block(chat, "tides")
    weather = tides.get_by_label("weather")
    expect(tides).to_contain_text("High water")
    is_open(tides)
    expect(tides.locator("> button .cw-spinner")).to_be_visible()
    expect(weather).to_have_count(1)
    is_open(weather, yes=False)
    expect(weather).to_contain_text("Sunny, with a light breeze")
    expect(chat.last).to_contain_text("Go out at noon")
    is_open(tides, yes=False)
    expect(tides).to_have_text(re.compile("tides.*is at noon and at midnight.*Done"))
    tides.locator("> button").click()
    weather.locator("> button").click()
    expect(weather).to_contain_text("What is the weather in Husum?")


def test_an_app_inside_the_app_that_failed_says_why(lab: Lab, page: Page) -> None:
    notebook, chat = run_chat(lab, page, "app-failed", NESTED)
    chat.send("Show me a map")
    expect(chat.last).to_contain_text("There is no map, sorry.")
    broken = block(chat, "broken")
    is_open(broken)
    expect(broken.locator("> button")).to_contain_text("Failed")
    expect(broken.locator(".cw-scope-error")).to_contain_text("There is no map of this coast.")
    notebook.prompt(0).click()  # out of the chat, which keeps its keys to itself
    notebook.save()
    page.reload()
    expect(block(notebook.chat(), "broken")).to_contain_text("There is no map of this coast.", timeout=60_000)


def test_apps_that_run_at_the_same_time_are_kept_apart(lab: Lab, page: Page) -> None:
    _, chat = run_chat(lab, page, "app-gather", GATHER)
    chat.send("What grows here?")
    expect(chat.last).to_contain_text("Both have spoken.")
    blocks = block(chat, "ask_expert")
    expect(blocks).to_have_count(2)
    for nth, words in enumerate((["sand", "clay", "rock"], ["reed", "heather", "pine"])):
        expect(blocks.nth(nth)).to_contain_text(words[-1])
        blocks.nth(nth).locator("> button").click()
        expect(blocks.nth(nth).locator(".cw-assistant")).to_have_text([re.compile(word) for word in words])


def test_a_retry_is_counted_down_until_the_reply_comes_and_stop_ends_it(lab: Lab, page: Page) -> None:
    _, chat = run_chat(lab, page, "app-retries", RETRIES)
    line = chat.root.locator(".cw-retry")
    chat.send("Hello?")
    expect(line).to_contain_text("The endpoint is busy (429).")
    expect(line).to_contain_text(re.compile(r"Trying again in \d s · 1 of 3"))
    expect(line).to_contain_text("2 of 3")
    expect(chat.last).to_contain_text("Here I am.")
    expect(line).to_have_count(0)

    chat.send("And now?")
    expect(line).to_contain_text("Trying again in 5")
    chat.root.get_by_role("button", name="Stop").click()
    expect(line).to_have_count(0)
    expect(chat.last).to_have_attribute("data-status", "stopped")
    chat.send("Still there?")
    expect(chat.last).to_contain_text("Third time.")


def test_a_typed_reply_grows_as_a_card_and_a_rejected_one_says_what_is_wrong(lab: Lab, page: Page) -> None:
    _, chat = run_chat(lab, page, "app-typed", TYPED)
    chat.send("From Kiel")
    badge = chat.root.get_by_role("button", name="Rejected: not a valid Route")
    expect(badge).to_be_visible()
    card = chat.last.locator(".cw-output")
    expect(card).to_contain_text("Kiel")
    expect(chat.last).to_have_attribute("data-status", "arriving")
    expect(card).to_contain_text("By the canal,")
    expect(chat.last).to_have_attribute("data-status", "arriving")
    expect(card).to_contain_text("By the canal, with the tide.")
    badge.click()
    expect(chat.root.locator(".cw-badge-text")).to_contain_text(re.compile("days", re.IGNORECASE))
