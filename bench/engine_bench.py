#!/usr/bin/env python3
"""The same work on a file and on a PostgreSQL server, in one run: a line a stage of the core and of its rows, with the processor's time
of both and how much of the file's rate the server reaches. Run by `make bench BENCH=engines` below tests/store/postgres_run --durable.

usage: engine_bench.py STAGE_BENCH LEDGER_BENCH [DEVICES MESSAGES ROUNDS]

Processor time a message: ours, and that of the server's process for us; what the server does behind it (its log, checkpoints) is
not in it. `rate` is the file's time through the server's, ours and the server's together; `wall` the same by the clock on the wall,
which other work on the machine changes."""
import os
import subprocess
import sys

SIZES = ["4096", "2048", "4"]
FIRST = "a meter is entered"  # what goes before has no store


def stages_of(program, sizes, environment):
    """Name: microseconds of our processor, on the wall, of the server's processor."""
    answer = subprocess.run([program, *sizes], env=environment, capture_output=True, text=True, check=True).stdout
    rows = [line.split("\t") for line in answer.splitlines() if line.count("\t") == 5]
    return {name: (float(ours) / 1000, float(wall) / 1000, float(server) / 1000) for name, _, ours, _, wall, server in rows}


def table_print(program, sizes, first):
    file_environment = {name: value for name, value in os.environ.items() if not name.startswith("METERWORKS_TEST_")}
    of_file = stages_of(program, sizes, file_environment)
    of_server = stages_of(program, sizes, dict(os.environ))
    begun = False
    for name, (ours, wall, _) in of_file.items():
        begun = begun or name.startswith(first)
        if begun:
            far, far_wall, server = of_server[name]
            print(f"  {name:60} {ours:8.1f} us {far:8.1f} us {server:8.1f} us {ours / (far + server):7.2f} {wall / far_wall:7.2f}", flush=True)


def main():
    stage_bench, ledger_bench, sizes = sys.argv[1], sys.argv[2], sys.argv[3:] or SIZES
    print(f"  {'a message, a row':60} {'file':>11} {'ours':>11} {'server':>11} {'rate':>7} {'wall':>7}")
    table_print(stage_bench, ["plain", *sizes], FIRST)
    table_print(ledger_bench, ["stages"], "")


if __name__ == "__main__":
    main()
