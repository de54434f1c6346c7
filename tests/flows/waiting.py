"""How a test waits for what the program does in its own time: as long as a slow and loaded machine may need, with a pause
between two looks. No test says how fast the program is; what did not come within this time does not come."""

import time

PATIENCE_S = 120
PAUSE_S = 0.01
DAY_S, ZONE_S = 86400, 28800
EVENING_S = 180


def until(look, is_so=bool):
    """What `look` gives, once `is_so` holds of it."""
    end = time.monotonic() + PATIENCE_S
    while not is_so(seen := look()):
        if time.monotonic() > end:
            raise AssertionError("not within %d s; at last it was %r" % (PATIENCE_S, seen))
        time.sleep(PAUSE_S)
    return seen


def morning_await():
    """Midnight first, where it is near: what a test makes of today is of today until its end."""
    left_s = DAY_S - (time.time() + ZONE_S) % DAY_S
    if left_s < EVENING_S:
        time.sleep(left_s)
