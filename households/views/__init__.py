"""Pages of the register, in the order of `urls.py`."""
