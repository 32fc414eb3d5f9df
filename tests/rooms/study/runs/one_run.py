"""A run in a process of its own, to be killed, or to run beside another: `one_run.py STORE LOG TASKS SECONDS`."""

import sys

import odd_jobs  # noqa: F401  # workers find it as this process does

from winset.study.runs.running import carry_out, executor
from winset.study.runs.store import Store
from winset.study.runs.tasks import Job

if __name__ == "__main__":
    folder, log, count, seconds = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
    job = Job(maker="odd_jobs:make", shared={"factor": 3, "log": log, "seconds": seconds}, parts="numbers")
    with executor("", 2) as at:
        found = carry_out(job, [job.task({"x": x}) for x in range(count)], store=Store(folder), at=at)
    print(sum(done.data["y"] for done in found.values()))
