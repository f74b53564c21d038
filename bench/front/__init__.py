"""What the front end costs in a page of its own, without a notebook; `measure.py` is the part of the bench."""
