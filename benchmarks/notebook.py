"""Runs the notebook of the docs and keeps what it shows, without counts and times: `make notebook`."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbclient import NotebookClient

PATH = Path(__file__).resolve().parents[1] / "docs" / "start" / "from-blank-file-to-brief.ipynb"


def main() -> None:
    """Runs every cell and writes the file anew."""
    notebook = nbformat.read(PATH, as_version=4)
    NotebookClient(notebook, timeout=600, kernel_name="python3", coalesce_streams=True).execute()
    for cell in notebook["cells"]:
        cell["metadata"] = {}
        if cell["cell_type"] == "code":
            cell["execution_count"] = None
            for output in cell["outputs"]:
                output.pop("execution_count", None)
                if output["output_type"] == "execute_result":
                    output["output_type"] = "display_data"
    notebook["metadata"]["language_info"] = {"name": "python"}
    nbformat.write(notebook, PATH)


if __name__ == "__main__":
    main()
