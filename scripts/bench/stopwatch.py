"""Starts programs and says how long each took, how much memory it had at most, and how it ended.

It is asked with one JSON object a line and answers with one. A program of Node could not do this: it learns of the memory of its
children only in sum. Everything is told by wait4, from outside of the program that is measured.
"""

import json
import os
import sys
import time

KILOBYTES = 1 if sys.platform != "darwin" else 1 / 1024


def run(order):
    files = [
        (os.POSIX_SPAWN_OPEN, 0, order.get("stdin", "/dev/null"), os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, order.get("stdout", "/dev/null"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
        (os.POSIX_SPAWN_OPEN, 2, order.get("stderr", "/dev/null"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
    ]
    words = order["words"]
    started = time.perf_counter_ns()
    pid = os.posix_spawnp(words[0], words, order["env"], file_actions=files)
    _, status, usage = os.wait4(pid, 0)
    took = time.perf_counter_ns() - started
    return {
        "ms": took / 1e6,
        "cpuMs": (usage.ru_utime + usage.ru_stime) * 1000,
        "rssMb": usage.ru_maxrss * KILOBYTES / 1024,
        "code": os.waitstatus_to_exitcode(status),
    }


for line in sys.stdin:
    print(json.dumps(run(json.loads(line))), flush=True)
