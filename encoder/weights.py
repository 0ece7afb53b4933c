"""The weights inside an int8 encoder, as float32 again: where the next adaptation starts."""

import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from build import MeanPooled, export_full, load_bert
from numpy.typing import NDArray
from onnx import numpy_helper

Weights = NDArray[np.float32]
Arrays = dict[str, Weights]


def read_weights(model: Path) -> MeanPooled:
    """The encoder of an int8 file, ready to be trained on."""
    pooled = MeanPooled(load_bert()).eval()
    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder) / "full.onnx"
        export_full(pooled, full)
        official = _arrays(full)
    kept = _arrays(model)
    state = pooled.state_dict()
    for name, tensor in state.items():
        # The pooler of BERT is not in the graph, and nothing uses it.
        if "pooler" not in name:
            state[name] = torch.tensor(_find(name, tensor.numpy(), official, kept))
    pooled.load_state_dict(state)
    return pooled


def _find(name: str, own: Weights, official: Arrays, kept: Arrays) -> Weights:
    """The kept weights in place of `own`. The export renames and turns most matrices: the official
    values tell which is which.
    """
    if name in official and official[name].shape == own.shape:
        return kept[name]
    for other, array in official.items():
        if array.shape == own.shape[::-1] and np.allclose(array, own.T, atol=1e-6):
            return np.ascontiguousarray(kept[other].T)
    raise SystemExit(f"{name} is not in the encoder")


def _arrays(model: Path) -> Arrays:
    """All weights of a file by name, int8 ones turned back into float32."""
    found = {one.name: numpy_helper.to_array(one) for one in onnx.load(model).graph.initializer}
    for name in [n.removesuffix("_quantized") for n in found if n.endswith("_quantized")]:
        whole = found[f"{name}_quantized"].astype(np.float32)
        found[name] = (whole - np.float32(found[f"{name}_zero_point"])) * found[f"{name}_scale"]
    return found
