#!/usr/bin/env python3
"""Rates and instructions of every codec over its vectors; run by `make bench BENCH=codec`.

usage: codec_bench.py CODEC_BENCH

Instructions are counted by valgrind's callgrind, when it is installed, as the difference of many and few rounds, so that
the start of the program and the reading of the file cancel. Frames that need a key are left out.

PEER=PROGRAM measures a peer in the same run, on the same frames of PEER_PROTOCOL (mbus when absent). It is called as
`PROGRAM FILE TIMES` and decodes each frame of the file (one a line, hexadecimal) so many times. PEER_ROUNDS says over how
many rounds its instructions are counted (20)."""
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

VECTORS = pathlib.Path(__file__).resolve().parent.parent / "tests" / "vectors"
PROTOCOLS = ["dlt645", "cjt188", "q376", "mbus", "wmbus", "manhole", "hotwater"]
ROUNDS = 20
LEAST_SECONDS = 0.5
# Bounds the codecs aim at, in instructions a frame.
AIMS = {"dlt645": 600, "cjt188": 600, "mbus": 8000, "wmbus": 8000}


def frames_of(protocol):
    """Valid frames of the protocol's vectors whose values stand open."""
    entries = [entry for path in sorted((VECTORS / protocol).glob("*.json"))
               for entry in json.loads(path.read_text(encoding="utf-8"))]
    return [entry["hex"] for entry in entries
            if entry["meaning"].get("valid", entry["meaning"].get("frame_valid")) and not entry.get("key")]


def decodable(program, protocol, frames, folder):
    """Frames the codec decodes to items by itself: encrypted ones and compact ones of unknown format drop out."""
    def is_decoded(number, frame):
        path = folder / f"one-{number}"
        path.write_text(frame + "\n", encoding="ascii")
        answer = subprocess.run([program, protocol, str(path), "1"], capture_output=True, check=False)
        return answer.returncode == 0
    return [frame for number, frame in enumerate(frames) if is_decoded(number, frame)]


def rate_of(command):
    """Frames a second: enough rounds for half a second."""
    rounds = 1
    while True:
        begin = time.perf_counter()
        answer = subprocess.run([*command, str(rounds)], capture_output=True, text=True, check=True).stdout
        own = re.search(r"(\d+) frames .* ([\d.]+) seconds", answer)
        seconds = float(own[2]) if own else time.perf_counter() - begin
        if seconds >= LEAST_SECONDS:
            return rounds, seconds
        rounds = max(rounds * 2, int(rounds * 1.2 * LEAST_SECONDS / max(seconds, 1e-6)))


def instructions_of(command, frames, rounds):
    counts = []
    for times in (1, 1 + rounds):
        answer = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command, str(times)],
                                capture_output=True, text=True, check=True).stderr
        counts.append(int(re.search(r"Collected : (\d+)", answer)[1]))
    return (counts[1] - counts[0]) / rounds / frames


def row_print(name, frames, size, rate, instructions, aim=None):
    counted = f"{instructions:12,.0f}" if instructions is not None else f"{'-':>12}"
    verdict = "" if aim is None or instructions is None else f"   aim {aim:,}"
    print(f"{name:10} {frames:6} {size:7.0f} {rate:14,.0f} {1e9 / rate:12,.0f} {counted}{verdict}", flush=True)


def measure(name, command, frames, can_count, rounds=ROUNDS, aim=None):
    done, seconds = rate_of(command)
    instructions = instructions_of(command, len(frames), rounds) if can_count else None
    rate = done * len(frames) / seconds
    row_print(name, len(frames), sum(map(len, frames)) / 2 / len(frames), rate, instructions, aim)
    return rate, instructions


def peer_measure(path, frames, ours, can_count):
    command = [*shlex.split(os.environ["PEER"]), str(path)]
    rate, instructions = measure("peer", command, frames, can_count, int(os.environ.get("PEER_ROUNDS", ROUNDS)))
    print(f"{'':10} the peer takes {ours[0] / rate:.1f} times the time"
          + (f" and {instructions / ours[1]:.1f} times the instructions" if can_count else ""))


def main():
    program = sys.argv[1]
    can_count = shutil.which("valgrind") is not None
    peer_protocol = os.environ.get("PEER_PROTOCOL", "mbus") if os.environ.get("PEER") else None
    if not can_count:
        print("valgrind is not installed: instructions are not counted")
    print(f"{'codec':10} {'frames':>6} {'bytes':>7} {'frames/s/core':>14} {'ns/frame':>12} {'instructions':>12}")
    with tempfile.TemporaryDirectory(prefix="codec-bench-") as name:
        folder = pathlib.Path(name)
        for protocol in PROTOCOLS:
            frames = decodable(program, protocol, frames_of(protocol), folder)
            if not frames:
                print(f"{protocol:10} no vectors")
                continue
            path = folder / protocol
            path.write_text("\n".join(frames) + "\n", encoding="ascii")
            ours = measure(protocol, [program, protocol, str(path)], frames, can_count, aim=AIMS.get(protocol))
            if protocol == peer_protocol:
                peer_measure(path, frames, ours, can_count)
    return 0


if __name__ == "__main__":
    sys.exit(main())
