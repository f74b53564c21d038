"""`python -m bench [--quick] [part ...]`: measure, print, and write `bench/README.md`."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

from bench import apps, first_token, fold, imports, memory, peers, previews, stream, tools
from bench.front import measure as front
from bench.table import Section, write

PARTS: dict[str, Callable[[bool], Section]] = {
    "imports": imports.measure,
    "fold": fold.measure,
    "apps": apps.measure,
    "tools": tools.measure,
    "previews": previews.measure,
    "memory": memory.measure,
    "first-token": first_token.measure,
    "stream": stream.measure,
    "front": front.measure,
    "peers": peers.measure,
}


def main() -> None:
    """Run the parts that are named, or all of them."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"{', '.join(PARTS)}; all when none is named")
    parser.add_argument("--quick", action="store_true", help="fewer repetitions and sizes; README.md is left alone")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.parts if name not in PARTS]
    if unknown:
        parser.error(f"there is no part {unknown[0]!r}; there are {', '.join(PARTS)}")
    for name in arguments.parts or PARTS:
        began = time.monotonic()
        section = PARTS[name](arguments.quick)
        print(f"\n{section.markdown()}\n({name} took {time.monotonic() - began:.0f} s)", flush=True)
        if not arguments.quick:
            write([section])


if __name__ == "__main__":
    main()
