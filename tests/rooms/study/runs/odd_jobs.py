"""Work for tests of runs: numbers multiplied, slowly, with a line written for each; some of it breaks down."""

import os
import time
from pathlib import Path


def make(shared):
    def work(own):
        if "log" in shared:
            with open(shared["log"], "a") as stream:
                stream.write(f"{own['x']}\n")
            Path(f"{shared['log']}-{os.getpid()}").touch()
        time.sleep(shared.get("seconds", 0.0))
        if own.get("bad"):
            raise ValueError("bad")
        if own.get("ends"):
            os._exit(7)
        if "ends_once" in own and not Path(own["ends_once"]).exists():
            Path(own["ends_once"]).touch()
            os._exit(7)
        if own.get("set"):
            return {"y": {own["x"]}}
        return {"y": float("nan") if own.get("nan") else own["x"] * shared["factor"], "pid": os.getpid()}

    return work
