#!/usr/bin/env python3
"""A daily report of eight values, stage by stage; run by `make bench BENCH=stages`.

usage: stage_bench.py STAGE_BENCH CHARGE_BENCH [DEVICES]

Nanoseconds are processor time, the kernel's part included. Instructions are those of the program alone, counted by
valgrind's callgrind, when it is installed, in a smaller run of its own. Allocations are counted in steady state: every
table has its size."""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

DEVICES = 20000
MESSAGES = 4096
ROUNDS = 10
COUNTED = {"plain": ["4000", "2000", "1"], "secured": ["512", "512", "2"]}  # devices, messages, rounds under callgrind
SECURED_DEVICES = 4096
CHARGED = ["20480", "2048", "1"]  # meters, messages, days
CHARGED_COUNTED = ["4096", "1024", "1"]


def stages_of(command):
    """Name: (messages, nanoseconds, allocations), in the order of the program, which says more."""
    answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rows = [line.split("\t") for line in answer.splitlines()]
    return {name: (int(messages), float(nanoseconds), float(allocations))
            for name, messages, nanoseconds, allocations, *_ in rows}


def instructions_of(command):
    """Name: instructions a message, from what callgrind wrote down at the end of each stage."""
    with tempfile.TemporaryDirectory() as folder:
        rows = stages_of(["valgrind", "--tool=callgrind", "--collect-atstart=no",
                          f"--callgrind-out-file={folder}/out", *command])
        totals = {}
        for path in pathlib.Path(folder).iterdir():
            text = path.read_text(encoding="utf-8")
            name = re.search(r"^desc: Trigger: Client Request: (.*)$", text, re.M)
            total = re.search(r"^(?:totals|summary): (\d+)", text, re.M)
            if name and total:
                totals.setdefault(name[1].strip(), []).append(int(total[1]))
    return {name: sum(totals.get(name.strip(), [])) / messages for name, (messages, _, _) in rows.items()}


def table_print(title, command, counted_command):
    print(title, flush=True)
    rows = stages_of(command)
    counted = instructions_of(counted_command) if shutil.which("valgrind") is not None else {}
    print(f"  {'stage':64} {'ns':>8} {'instructions':>13} {'allocations':>12}")
    for name, (_, nanoseconds, allocations) in rows.items():
        instructions = f"{counted[name]:13,.0f}" if name in counted else f"{'-':>13}"
        print(f"  {name:64} {nanoseconds:8,.0f} {instructions} {allocations:12.4f}", flush=True)
    print()


def kind_print(program, kind, devices):
    table_print(f"{kind}, {devices:,} devices, {MESSAGES} messages a round",
                [program, kind, str(devices), str(MESSAGES), str(ROUNDS)], [program, kind, *COUNTED[kind]])


def main():
    program, charging = sys.argv[1:3]
    devices = int(sys.argv[3]) if len(sys.argv) > 3 else DEVICES
    kind_print(program, "plain", devices)
    kind_print(program, "secured", min(devices, SECURED_DEVICES))
    table_print(f"charged, {CHARGED[0]} meters, {CHARGED[1]} messages a round", [charging, *CHARGED],
                [charging, *CHARGED_COUNTED])


if __name__ == "__main__":
    main()
