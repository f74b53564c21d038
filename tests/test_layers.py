"""Imports point downwards: the picture of docs/architecture.md, kept true."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "chatwidget"

# A name stands for a module, or for a package and all in it; the longest name that fits counts.
TABLE = """
0  attachments errors going_on host messages parts openai_format partial_json patches requests serialize threads
0  differences feedback_notes place_notes composer_requests display_requests page_request transcript_requests
0  _docstrings _openai_fields option_names question_options
1  asks asking approval_rules plain calls toolkit tool_context
1  branch_events capture commands events tool_events history listeners models.base printed results tool_list tools
1  tokens _output_schema _partial_value output_type displays _display_router
1  _signature _strict_schema _problems _reply_json _foreign _pyplot_router bundles pictures tables
1  _raw_schema _tool_approval _tool_definition _tool_arguments _tool_call _tool_schema
1  handler_calls openai_delta openai_stream tool_display update update_stream
1  mentions scratchpad templates _scratchpad_values
1  cells exact_json kept renderers shown_objects sounds table_pages table_sources table_view
1  arriving assets failures growing _tool_preview streaming_tools
0  text_files
1  catalogue slash_commands uploads variables
2  models transcript draft usage output_attempts spending
2  growing_history app_options cache memory reply_wish
3  agent_tools answers injection approvals asker choosing preview_runs tool_execution tool_output apps context
3  generate handlers reply
3  request tool_runs
4  message_handler revision updates written written_calls
4  branches chats conversations export files
4  keeper chat_state inputs frames panel run screen turn turn_events turns views
4  composer composing run_ending steering suggestions
5  composer_desk desk_handlers display_desk transcript_desk
5  completions desk mcp session _completion_run
6  comm compat console driving handles server testing widget live_widgets widget_rewriting widget_state widget_writing
6  widget_commands widget_look
7  recipes compat.turbo_chat
"""
ROWS = [(name, int(row.split()[0])) for row in TABLE.strip().splitlines() for name in row.split()[1:]]
LAYER_OF = {f"{PACKAGE}.{name}": layer for name, layer in ROWS} | {PACKAGE: 7}


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in sorted((ROOT / PACKAGE).rglob("*.py"))}


def layer_of(module: str) -> int | None:
    """The layer of the longest name in the table that fits; the package's own name fits itself only."""
    name = module
    while name != PACKAGE:
        if name in LAYER_OF:
            return LAYER_OF[name]
        name = name.rpartition(".")[0]
    return LAYER_OF[PACKAGE] if module == PACKAGE else None


def imports(module: str) -> set[str]:
    """Our modules that `module` imports anywhere in it, also inside functions and for types only."""
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    found = {target for node in ast.walk(tree) for target in imported_by(node, module)}
    return found - {module}


def imported_by(node: ast.AST, module: str) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names if alias.name in MODULES)
    elif isinstance(node, ast.ImportFrom):
        base = absolute(node, module)
        for alias in node.names:
            name = f"{base}.{alias.name}"
            yield from (candidate for candidate in [name if name in MODULES else base] if candidate in MODULES)


def absolute(node: ast.ImportFrom, module: str) -> str:
    if not node.level:
        return node.module or ""
    is_package = MODULES[module].name == "__init__.py"
    above = module.split(".")[: len(module.split(".")) - node.level + is_package]
    return ".".join([*above, *([node.module] if node.module else [])])


@pytest.mark.parametrize("module", MODULES)
def test_every_module_has_a_layer(module: str) -> None:
    assert layer_of(module) is not None, f"name the layer of {module} in {Path(__file__).name}"


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_its_own_layer_or_lower_ones(module: str) -> None:
    mine = layer_of(module)
    assert mine is not None
    upwards = [f"{other} (layer {layer_of(other)})" for other in imports(module) if (layer_of(other) or 0) > mine]
    assert not upwards, f"{module} is layer {mine} and imports {', '.join(sorted(upwards))}"


def test_no_module_imports_itself_by_way_of_others() -> None:
    try:
        TopologicalSorter({module: imports(module) for module in MODULES}).prepare()
    except CycleError as error:
        pytest.fail(f"imports in a circle: {' -> '.join(reversed(error.args[1]))}")


def test_the_table_names_no_module_twice() -> None:
    assert len(ROWS) == len({name for name, _ in ROWS})
