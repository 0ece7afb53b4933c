"""Train the model: Rasa's own command, with one line of progress instead of its many."""

import subprocess
import sys
import time

from clinic.before_start import MODEL
from clinic.content_files import load_content
from clinic.errors import StartError
from clinic.quiet import pass_on
from clinic.serve import environment
from clinic.settings import PROJECT, Settings


def train(settings: Settings) -> int:
    """Write models/clinic.tar.gz; raises ContentError, or StartError when Rasa cannot train."""
    load_content(settings.content_folder)
    started = time.monotonic()
    command = [
        sys.executable,
        "-m",
        "rasa",
        "train",
        "--quiet",
        # Rasa's cache knows our data, not our code: it would hand back a model of older code.
        "--force",
        # Guards in tests/ hold what Rasa would look at here, where its findings stop nothing.
        "--skip-validation",
        "--fixed-model-name",
        "clinic",
        "--out",
        "models",
    ]
    # Rasa draws a bar for each step of each rule; clinic.nlu.topic_model draws the one that takes
    # time.
    quiet = {**environment(settings), "TQDM_DISABLE": "1"}
    process = subprocess.Popen(command, cwd=PROJECT, env=quiet, stderr=subprocess.PIPE)
    pass_on(process)
    if (status := process.wait()) or not MODEL.exists():
        raise StartError(f"training failed (status {status}); the lines above say why")
    MODEL.touch()
    print(f"Trained in {time.monotonic() - started:.0f} s: models/{MODEL.name}", flush=True)
    return 0
