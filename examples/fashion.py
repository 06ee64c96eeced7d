"""What the training scripts share: the data set, the training loop and the ONNX frame.

Needs Debian's python3-torch, python3-numpy, python3-onnx and dataset-fashion-mnist.
"""

import gzip
import pathlib

import numpy as np
import torch
from onnx import TensorProto, checker, helper, numpy_helper
from torch import nn
from torch.nn import functional

DATA = pathlib.Path("/usr/share/datasets/fashion-mnist")
MAPS = (1, 28, 28)  # an image as a convolution reads it


def read_idx(name):
    """An IDX file of bytes as an array (magic 0x0000080d, d extents, then the bytes)."""
    raw = gzip.decompress((DATA / name).read_bytes())
    extents = np.frombuffer(raw, dtype=">i4", offset=4, count=raw[3])
    return np.frombuffer(raw, dtype=np.uint8, offset=4 + 4 * raw[3]).reshape(extents)


def load(split, shape=(784,)):
    """Images [N, *shape] in [0, 1] and labels [N] of split "train" or "t10k"."""
    images = read_idx(f"{split}-images-idx3-ubyte.gz").reshape(-1, *shape)
    labels = read_idx(f"{split}-labels-idx1-ubyte.gz")
    return torch.tensor(images / 255.0, dtype=torch.float32), torch.tensor(labels).long()


def accuracy(model, images, labels):
    """Share of right answers, in percent."""
    model.eval()
    with torch.no_grad():
        return 100.0 * (model(images).argmax(1) == labels).float().mean().item()


def reproducible(seed):
    """One thread and one seed: the same machine trains the same model."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)


class Round(torch.autograd.Function):
    """Rounding with the gradient of the identity."""

    @staticmethod
    def forward(ctx, values):
        return torch.round(values)

    @staticmethod
    def backward(ctx, gradient):
        return gradient


def fit(model, epochs, rate, batch=128, shape=(784,)):
    """Adam with a cosine schedule; prints the test accuracy of every epoch and returns the last."""
    images, labels = load("train", shape)
    test = load("t10k", shape)
    steps = epochs * (len(images) // batch)
    optimiser = torch.optim.Adam(model.parameters(), lr=rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    for epoch in range(epochs):
        model.train()
        order = torch.randperm(len(images))
        for first in range(0, len(images) - batch + 1, batch):
            pick = order[first : first + batch]
            optimiser.zero_grad()
            functional.cross_entropy(model(images[pick]), labels[pick]).backward()
            optimiser.step()
            schedule.step()
        print(f"epoch {epoch + 1}: {accuracy(model, *test):.2f} % on the test set", flush=True)
    return accuracy(model, *test)


def mlp(widths, dropout):
    """Linear layers fc1, fc2, ... with ReLU between them."""
    parts = []
    for index, (fan_in, fan_out) in enumerate(zip(widths, widths[1:]), start=1):
        parts.append(nn.Linear(fan_in, fan_out))
        if index < len(widths) - 1:
            parts += [nn.ReLU(), nn.Dropout(dropout)]
    return nn.Sequential(*parts)


def linears(model):
    """The Linear layers of a model, in order."""
    return [part for part in model.modules() if isinstance(part, nn.Linear)]


def export(model, path, shape=MAPS):
    """Writes a model image [batch, *shape] -> logits [batch, 10], as PyTorch names its nodes.

    Batch normalisations stay nodes of their own.
    """
    model.eval()
    torch.onnx.export(
        model,
        torch.zeros(1, *shape),
        path,
        training=torch.onnx.TrainingMode.PRESERVE,
        do_constant_folding=False,
        opset_version=13,
        input_names=["image"],
        output_names=["logits"],
        dynamic_axes={"image": {0: "batch"}, "logits": {0: "batch"}},
    )
    checker.check_model(path.read_bytes())
    print(f"{path.name}: {path.stat().st_size} bytes")


def constant(name, array):
    """An initialiser."""
    return numpy_helper.from_array(np.ascontiguousarray(array), name)


def save(path, name, nodes, initialisers, domains=(), shape=(28, 28)):
    """Writes a model image [batch, *shape] -> logits [batch, 10] of opset 13."""
    graph = helper.make_graph(
        nodes,
        name,
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["batch", *shape])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", 10])],
        initialisers,
    )
    opsets = [helper.make_opsetid("", 13)] + [helper.make_opsetid(d, 1) for d in domains]
    model = helper.make_model(graph, producer_name=name, opset_imports=opsets, ir_version=7)
    checker.check_model(model)
    path.write_bytes(model.SerializeToString())
    print(f"{path.name}: {path.stat().st_size} bytes")


def export_mlp(model, path):
    """Writes an MLP: Flatten, then Gemm and Relu in turn, under the names fc1, relu1, fc2, relu2, fc3."""
    nodes = [helper.make_node("Flatten", ["image"], ["flatten"], "flatten", axis=1)]
    initialisers = []
    last = "flatten"
    layers = linears(model)
    for index, linear in enumerate(layers, start=1):
        name = f"fc{index}"
        initialisers.append(constant(f"{name}.weight", linear.weight.detach().numpy()))
        initialisers.append(constant(f"{name}.bias", linear.bias.detach().numpy()))
        output = name if index < len(layers) else "logits"
        inputs = [last, f"{name}.weight", f"{name}.bias"]
        nodes.append(helper.make_node("Gemm", inputs, [output], name, transB=1))
        last = output
        if index < len(layers):
            last = f"relu{index}"
            nodes.append(helper.make_node("Relu", [output], [last], last))
    save(path, path.stem, nodes, initialisers)
