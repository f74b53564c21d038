"""One kernel of each ipykernel version for the whole run; each test makes its own chat in it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kernel.process import Kernel

ROOT = Path(__file__).parents[2]
OLD = Path(os.environ.get("CHATWIDGET_OLD_KERNEL") or ROOT / ".venv" / "ipykernel-7.3")


@pytest.fixture(scope="session", params=["7.4", "7.3"])
def process(request: pytest.FixtureRequest) -> Iterator[Kernel]:
    """A kernel of the version; they have opposite rules for where a comm message runs."""
    version = request.param
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    if version == "7.3":
        if not OLD.is_dir():
            give_up = pytest.fail if os.environ.get("CI") else pytest.skip
            give_up(f"there is no second ipykernel in {OLD}: make test-python installs it")
        paths.insert(0, str(OLD))
    variables = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "PYTEST_"))}
    kernel = Kernel(variables | {"PYTHONPATH": os.pathsep.join(filter(None, paths))})
    try:
        kernel.run("import ipykernel, sys")
        assert kernel.value("ipykernel.__version__").startswith(version), f"this is not ipykernel {version}"
        assert kernel.value("sys.executable") == sys.executable
        yield kernel
    finally:
        kernel.close()


@pytest.fixture
def kernel(process: Kernel) -> Iterator[Kernel]:
    """The kernel, idle; what a test leaves running in it is ended. A test that breaks it costs the next one nothing."""
    process.forget()
    yield process
    try:
        process.interrupt()
        process.run("if 'chat' in globals(): chat.close()\nfor name in ('chat', 'model'): globals().pop(name, None)")
    except Exception:
        process.close()
        process.start()
        raise
