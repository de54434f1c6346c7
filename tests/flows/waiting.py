"""How a test waits for what the program does in its own time: as long as a slow and loaded machine may need, with a pause
between two looks. No test says how fast the program is; what did not come within this time does not come."""

import time

PATIENCE_S = 120
PAUSE_S = 0.01
DAY_S, ZONE_S = 86400, 28800
SETTLE_S = 1800  # prepaid days are settled from half past midnight on
NEAR_S = 180


def until(look, is_so=bool):
    """What `look` gives, once `is_so` holds of it."""
    end = time.monotonic() + PATIENCE_S
    while not is_so(seen := look()):
        if time.monotonic() > end:
            raise AssertionError("not within %d s; at last it was %r" % (PATIENCE_S, seen))
        time.sleep(PAUSE_S)
    return seen


def midnight_await():
    """Midnight first, and the half hour of the settlement, where one of them is near: what a test makes of today, and of the
    day that is settled, is so until its end."""
    now_s = time.time() + ZONE_S
    left_s = min(DAY_S - now_s % DAY_S, DAY_S - (now_s - SETTLE_S) % DAY_S)
    if left_s < NEAR_S:
        time.sleep(left_s)


def settled_day():
    """The day, counted from 1970, whose midnight prepaid accounts are settled up to."""
    return int(time.time() + ZONE_S - SETTLE_S) // DAY_S
