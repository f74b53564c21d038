"""Templates: a prompt never goes out with a hole in it, and what is wrong is named with its line."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatwidget import Generate, GetUserInput, Session, System, User, app
from chatwidget.errors import AppError
from chatwidget.models.scripted import ScriptedModel
from chatwidget.templates import Template, template


def test_variables_are_filled_in() -> None:
    assert template("Hello {{ name }}, you are {{ age + 1 }}.", name="Ada", age=35) == "Hello Ada, you are 36."


@given(st.text().filter(lambda text: "\r" not in text))
def test_a_value_is_data_whatever_it_holds(value: str) -> None:
    assert template("<{{ value }}>", value=value) == f"<{value}>"


def test_indentation_and_the_lines_of_blocks_are_cleaned() -> None:
    text = """
        Items:
        {% for item in items %}
            {% if item %}
        - {{ item }}
            {% endif %}
        {% endfor %}
        End.
    """
    assert template(text, items=["a", "", "b"]) == "Items:\n- a\n- b\nEnd."


def test_values_of_any_type_are_at_hand() -> None:
    class Song:
        title = "Blue Moon"

        def years(self) -> list[int]:
            return [1934]

    given_ = {"song": Song(), "data": {"a": [1, None]}, "f": lambda x: x * 2}
    assert template("{{ song.title }} {{ song.years()[0] }} {{ data.a[1] }} {{ f(2) }}", **given_) == (
        "Blue Moon 1934 None 4"
    )


def test_json_in_a_prompt_is_plain_json() -> None:
    assert template("{{ value | tojson }}", value={"a": "<ü>"}) == '{"a": "<ü>"}'


def test_a_variable_may_be_called_text_or_like_a_builtin() -> None:
    assert template("{{ text }} {{ range }}", text=1, range=2) == "1 2"
    assert template("{% for i in range(3) %}{{ i }}{% endfor %}") == "012"


def test_the_variables_a_template_needs_are_known_before_it_is_filled_in() -> None:
    needed = Template("{% for x in xs %}{{ x }}{{ y }}{% endfor %}{{ z | default('-') }}")
    assert needed.variables == {"xs", "y"}
    assert needed.names == {"xs", "y", "z"}
    assert needed.render(xs=[1], y=2) == "12-"


def test_a_variable_that_is_asked_for_may_be_left_out() -> None:
    text = "Hi{% if name is defined %} {{ name }}{% endif %}"
    assert (template(text), template(text, name="Ada")) == ("Hi", "Hi Ada")


@pytest.mark.parametrize(
    ("text", "variables", "said"),
    [
        ("One\n  {{ nmae }}", {"name": 1}, ["'nmae'", "line 2 ({{ nmae }})", "Did you mean 'name'?"]),
        ("{{ a }}", {"a": 1, "bcd": 2}, ["does not use 'bcd'", "Leave it out"]),
        ("{{ title }}{{ a }}", {"title": 1, "a": 2, "titel": 3}, ["does not use 'titel'", "Did you mean 'title'?"]),
        ("x\n\n{{ a.b }}", {"a": {}}, ["line 3 ({{ a.b }})", "no attribute 'b'"]),
        ("x\n{{ 1 / a }}", {"a": 0}, ["line 2", "ZeroDivisionError"]),
        ("{% if %}", {}, ["line 1 ({% if %})"]),
        ("x\n{{ a", {"a": 1}, ["line 2"]),
        ("x\n{{ a | upcase }}", {"a": 1}, ["line 2", "upcase"]),
        ("{% include 'other' %}", {}, ["line 1"]),
    ],
)
def test_what_is_wrong_is_named_with_its_line(text: str, variables: dict[str, Any], said: list[str]) -> None:
    with pytest.raises(AppError) as caught:
        template(text, **variables)
    assert all(words in str(caught.value) for words in said), str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "{{ a.__class__ }}",
        "{{ a._secret }}",
        "{{ a|attr('__class__') }}",
        "{{ '{0.__class__}'.format(a) }}",
        "{{ a.append(1) }}",
        "{{ a['__class__'] }}",
        "{% for i in range(10000000) %}{% endfor %}",
    ],
)
def test_a_template_reaches_nothing_behind_the_values_and_changes_none(text: str) -> None:
    class Secretive(list[int]):
        _secret = "hush"

    value = Secretive()
    with pytest.raises(AppError):
        template(text, **({"a": value} if "a" in Template(text).names else {}))
    assert value == []


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(AppError, match="is a text, not 3"):
        Template(3)  # type: ignore[arg-type]


async def test_a_live_system_message_is_filled_in_anew_for_each_request() -> None:
    state = {"mood": "calm"}

    @app
    async def moody() -> Any:
        yield System(lambda: template("Be {{ mood }}.", **state), label="mood")
        while True:
            yield User((yield GetUserInput()))
            yield Generate()

    model = ScriptedModel("1", "2")
    session = Session(moody, model=model)
    await session.send("Hi")
    state["mood"] = "merry"
    await session.send("Hi")
    assert [request.messages[0].text for request in model.requests] == ["Be calm.", "Be merry."]
    await session.close()


def test_without_jinja2_the_error_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['jinja2'] = None\n"
        "from chatwidget.templates import template\n"
        "try: template('x')\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("AppError")
    assert "chatwidget[templates]" in done.stdout


def test_importing_it_does_not_import_jinja2() -> None:
    code = "import sys, chatwidget.templates, chatwidget.scratchpad; print({'jinja2', 'pydantic'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
