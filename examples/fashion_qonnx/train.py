"""Trains a 784-64-10 MLP of 4-bit weights and activations and writes fashion_qonnx.onnx.

Quantisation-aware: the forward pass rounds, the backward pass does not see the rounding
(straight-through estimator). The file holds QONNX Quant nodes on weights and activations.
"""

import argparse
import pathlib
import sys

import numpy as np
import torch
from onnx import helper
from torch import nn
from torch.nn import functional

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import fashion  # noqa: E402  (the folder above has to be on the path first)

DOMAIN = "qonnx.custom_op.general"
WEIGHT_LIMIT = 7  # 4 bits, signed, narrow
STEPS = 15  # 4 bits, unsigned; the logits use 5 bits, signed, narrow: the same 15 steps a side


class Quant(nn.Module):
    """An activation in `STEPS` steps of a learned size, from 0 or from -STEPS."""

    def __init__(self, limit, signed):
        super().__init__()
        self.log_limit = nn.Parameter(torch.tensor(float(np.log(limit))))
        self.signed = signed

    def scale(self):
        return torch.exp(self.log_limit) / STEPS

    def forward(self, values):
        scale = self.scale()
        low = -STEPS if self.signed else 0
        return fashion.Round.apply(torch.clamp(values / scale, low, STEPS)) * scale


class QuantLinear(nn.Linear):
    """A Linear whose weights have WEIGHT_LIMIT steps a side, one scale an output."""

    def scale(self):
        return self.weight.detach().abs().amax(dim=1, keepdim=True) / WEIGHT_LIMIT

    def forward(self, values):
        scale = self.scale()
        return functional.linear(values, fashion.Round.apply(self.weight / scale) * scale, self.bias)


class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = QuantLinear(784, 64)
        self.relu1 = Quant(4.0, signed=False)
        self.fc2 = QuantLinear(64, 10)
        self.logits = Quant(12.0, signed=True)

    def forward(self, images):
        values = torch.round(images * STEPS) / STEPS
        values = self.relu1(torch.relu(self.fc1(values)))
        return self.logits(self.fc2(values))


class Writer:
    """Collects nodes and initialisers."""

    def __init__(self):
        self.nodes = []
        self.initialisers = []

    def add(self, name, array):
        self.initialisers.append(fashion.constant(name, np.asarray(array, dtype=np.float32)))
        return name

    def node(self, op, inputs, output, **attributes):
        self.nodes.append(helper.make_node(op, inputs, [output], output, **attributes))
        return output

    def quant(self, value, name, scale, bits, signed, output=None):
        inputs = [
            value,
            self.add(f"{name}.scale", scale),
            self.add(f"{name}.zero_point", 0.0),
            self.add(f"{name}.bits", bits),
        ]
        flags = dict(signed=int(signed), narrow=int(signed), rounding_mode="ROUND")
        return self.node("Quant", inputs, output or f"{name}_quant", domain=DOMAIN, **flags)

    def dense(self, value, name, linear):
        weight = self.add(f"{name}.weight", linear.weight.detach().numpy())
        weight = self.quant(weight, f"{name}_weight", linear.scale().numpy(), 4, signed=True)
        bias = self.add(f"{name}.bias", linear.bias.detach().numpy())
        return self.node("Gemm", [value, weight, bias], name, transB=1)


def export(model, path):
    scale = {name: getattr(model, name).scale().item() for name in ("relu1", "logits")}
    writer = Writer()
    value = writer.quant("image", "image", 1.0 / STEPS, 4, signed=False)
    value = writer.node("Flatten", [value], "flatten", axis=1)
    value = writer.node("Relu", [writer.dense(value, "fc1", model.fc1)], "relu1")
    value = writer.quant(value, "relu1", scale["relu1"], 4, signed=False)
    value = writer.dense(value, "fc2", model.fc2)
    writer.quant(value, "fc2", scale["logits"], 5, signed=True, output="logits")
    fashion.save(path, "fashion_qonnx", writer.nodes, writer.initialisers, [DOMAIN])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=15)
    arguments = parser.parse_args()
    fashion.reproducible(arguments.seed)
    model = Mlp()
    result = fashion.fit(model, arguments.epochs, rate=2e-3)
    print(f"test accuracy {result:.2f} % with 4-bit weights and activations")
    export(model, HERE / "fashion_qonnx.onnx")


if __name__ == "__main__":
    main()
