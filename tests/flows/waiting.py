"""How a test waits for what the program does in its own time: as long as a slow and loaded machine may need, with a pause
between two looks. No test says how fast the program is; what did not come within this time does not come."""

import time

PATIENCE_S = 120
PAUSE_S = 0.01


def until(look, is_so=bool):
    """What `look` gives, once `is_so` holds of it."""
    end = time.monotonic() + PATIENCE_S
    while not is_so(seen := look()):
        if time.monotonic() > end:
            raise AssertionError("not within %d s; at last it was %r" % (PATIENCE_S, seen))
        time.sleep(PAUSE_S)
    return seen
