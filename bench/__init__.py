"""Measurements of speed and memory: `python -m bench` writes them into `bench/README.md` beside their goals."""
