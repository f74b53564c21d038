"""Counting tokens, and what they cost."""
