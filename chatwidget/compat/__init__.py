"""The spellings of older libraries, as thin names over this one.

A program that was written for one of them runs with its import line changed.
"""
