"""What a model may write costs an export no more than its length: the interpreter does nothing else meanwhile."""

from __future__ import annotations

import subprocess
import sys

import pytest

from chatwidget.export.markdown import harmless

# Far more than it takes, far less than the square or the cube of the length would.
PATIENCE = 30


@pytest.mark.parametrize("text", ["'~' * 3000 + '`'", "'`' * 3000 + ' `'", "'\\\\' * 200_000", "'`' * 200_000 + ' a'"])
def test_a_line_of_one_sign_is_written_at_once(text: str) -> None:
    code = (
        "from chatwidget.export.formats import FORMATS, write\nfrom chatwidget.messages import Assistant\n"
        f"for name in FORMATS: assert len(write(name, [Assistant({text})])) > 3000"
    )
    subprocess.run([sys.executable, "-c", code], timeout=PATIENCE, check=True)


@pytest.mark.parametrize("signs", range(4))
def test_an_image_behind_any_run_of_backslashes_is_a_link(signs: int) -> None:
    before = "\\" * signs
    assert harmless(f"{before}![a](b)") == before + ("![a](b)" if signs % 2 else "\\![a](b)")
