"""Names of MCP servers and tools: what every endpoint takes, and nobody else can have."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatwidget.mcp.names import name_of_command, name_of_url, server_name, tool_names

NAMES = st.lists(st.text(st.sampled_from("ab._-/ é") | st.characters(), max_size=70), unique=True, max_size=8)


@given(st.text(), NAMES)
def test_the_names_of_tools_are_legal_and_no_two_are_the_same(server: str, names: list[str]) -> None:
    told = tool_names(server_name(server), names)
    assert all(re.fullmatch("[a-zA-Z0-9_-]{1,64}", name) for name in told.values())
    assert list(told) == names and len(set(told.values())) == len(names)


@given(NAMES)
def test_the_names_do_not_depend_on_the_order_of_the_tools(names: list[str]) -> None:
    assert tool_names("a", names) == tool_names("a", reversed(names))


@given(st.text(), st.text(), NAMES)
def test_servers_of_different_names_have_no_tool_in_common(one: str, other: str, names: list[str]) -> None:
    one, other = server_name(one), server_name(other)
    mine, theirs = tool_names(one, names).values(), tool_names(other, names).values()
    assert one == other or not set(mine) & set(theirs)


def test_names_stay_readable() -> None:
    assert tool_names("files", ["read", "a.b", "a b", "c.d"]) == {
        "read": "files__read",
        "a.b": "files__a_b_2e7336",
        "a b": "files__a_b_c8687a",
        "c.d": "files__c_d",
    }


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("npx -y @scope/server-files@1.2.0 /home", "server-files"),
        ("/usr/bin/python3.12 -u tools/weather.py --key abc", "weather"),
        ("python -m some_server", "some_server"),
        ("uvx mcp-server-git@latest", "mcp-server-git"),
        ("my-server --token abc", "my-server"),
        ("python -c print('abc')", "python"),
        ("env TOKEN=abc my-server", "env"),
    ],
)
def test_a_server_is_named_after_its_program_and_never_after_a_secret(command: str, name: str) -> None:
    assert name_of_command(command.split()) == name


def test_a_server_on_the_web_is_named_after_its_host() -> None:
    assert name_of_url("https://user:abc@mcp.example.org:8000/abc/mcp?key=abc") == "mcp_example_org"
