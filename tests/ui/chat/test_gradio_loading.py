"""What the web chat loads and leaves alone when it starts."""

from __future__ import annotations

import json
import subprocess
import sys

_STARTED = """
import json, sys
stubs = []
sys.addaudithook(lambda event, details: stubs.append(1) if event == "open" and str(details[0]).endswith(".pyi") else 0)
{before}
import ui.chat
loaded = [name for name in ("mcp", "torch", "transformers", "sentence_transformers", "openvino") if name in sys.modules]
import mcp
print(json.dumps([len(stubs), loaded, mcp.__name__]))
"""


def _started(before: str = "") -> list[object]:
    command = [sys.executable, "-c", _STARTED.format(before=before)]
    return list(json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout))


def test_starting_the_chat_reads_and_writes_no_stubs_and_loads_no_model_and_no_protocol() -> None:
    assert _started() == [0, [], "mcp"]


def test_a_gradio_that_was_loaded_before_is_kept_as_it_is() -> None:
    stubs, loaded, _ = _started("import gradio")
    assert isinstance(stubs, int)
    assert stubs > 0
    assert loaded == ["mcp"]
