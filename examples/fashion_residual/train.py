"""Trains a residual MLP on Fashion-MNIST and writes fashion_residual.onnx beside itself.

784-128, two blocks x + fc(relu(fc(x))) of width 128, 128-10.
"""

import argparse
import pathlib
import sys

from onnx import helper
from torch import nn
from torch.nn import functional

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import fashion  # noqa: E402  (the folder above has to be on the path first)

WIDTH = 128
BLOCKS = 2


class Block(nn.Module):
    """relu(x + second(relu(first(x))))."""

    def __init__(self, width):
        super().__init__()
        self.first = nn.Linear(width, width)
        self.second = nn.Linear(width, width)
        self.dropout = nn.Dropout(0.25)

    def forward(self, x):
        return functional.relu(x + self.second(self.dropout(functional.relu(self.first(x)))))


class Residual(nn.Module):
    """A stem, blocks with a skip each, and a classifier."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Linear(784, WIDTH)
        self.blocks = nn.ModuleList(Block(WIDTH) for _ in range(BLOCKS))
        self.head = nn.Linear(WIDTH, 10)

    def forward(self, x):
        x = functional.relu(self.stem(x))
        for block in self.blocks:
            x = block(x)
        return self.head(x)


class Writer:
    """Nodes and initialisers of the exported graph."""

    def __init__(self):
        self.nodes = [helper.make_node("Flatten", ["image"], ["flatten"], "flatten", axis=1)]
        self.initialisers = []

    def gemm(self, linear, name, source, output=None):
        for part, tensor in (("weight", linear.weight), ("bias", linear.bias)):
            self.initialisers.append(fashion.constant(f"{name}.{part}", tensor.detach().numpy()))
        inputs = [source, f"{name}.weight", f"{name}.bias"]
        return self.node("Gemm", inputs, name, output, transB=1)

    def node(self, op, inputs, name, output=None, **attributes):
        output = output or name
        self.nodes.append(helper.make_node(op, inputs, [output], name, **attributes))
        return output


def export(model, path):
    """Block i is the nodes block<i>.first, .relu, .second, .add and .out."""
    graph = Writer()
    last = graph.node("Relu", [graph.gemm(model.stem, "stem", "flatten")], "stem.relu")
    for index, block in enumerate(model.blocks, start=1):
        name = f"block{index}"
        inner = graph.gemm(block.first, f"{name}.first", last)
        inner = graph.node("Relu", [inner], f"{name}.relu")
        inner = graph.gemm(block.second, f"{name}.second", inner)
        last = graph.node("Add", [last, inner], f"{name}.add")
        last = graph.node("Relu", [last], f"{name}.out")
    graph.gemm(model.head, "head", last, "logits")
    fashion.save(path, "fashion_residual", graph.nodes, graph.initialisers)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=12)
    arguments = parser.parse_args()
    fashion.reproducible(arguments.seed)
    model = Residual()
    result = fashion.fit(model, arguments.epochs, rate=1e-3)
    print(f"test accuracy {result:.2f} %")
    export(model, HERE / "fashion_residual.onnx")


if __name__ == "__main__":
    main()
