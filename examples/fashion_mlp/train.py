"""Trains a 784-500-100-10 MLP on Fashion-MNIST and writes fashion_mlp.onnx beside itself."""

import argparse
import pathlib
import sys

from onnx import helper

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import fashion  # noqa: E402  (the folder above has to be on the path first)


def export(model, path):
    """Flatten, then Gemm and Relu in turn, under the names fc1, relu1, fc2, relu2, fc3."""
    nodes = [helper.make_node("Flatten", ["image"], ["flatten"], "flatten", axis=1)]
    initialisers = []
    last = "flatten"
    layers = fashion.linears(model)
    for index, linear in enumerate(layers, start=1):
        name = f"fc{index}"
        initialisers.append(fashion.constant(f"{name}.weight", linear.weight.detach().numpy()))
        initialisers.append(fashion.constant(f"{name}.bias", linear.bias.detach().numpy()))
        output = name if index < len(layers) else "logits"
        inputs = [last, f"{name}.weight", f"{name}.bias"]
        nodes.append(helper.make_node("Gemm", inputs, [output], name, transB=1))
        last = output
        if index < len(layers):
            last = f"relu{index}"
            nodes.append(helper.make_node("Relu", [output], [last], last))
    fashion.save(path, "fashion_mlp", nodes, initialisers)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=12)
    arguments = parser.parse_args()
    fashion.reproducible(arguments.seed)
    model = fashion.mlp([784, 500, 100, 10], dropout=0.25)
    result = fashion.fit(model, arguments.epochs, rate=1e-3)
    print(f"test accuracy {result:.2f} %")
    export(model, HERE / "fashion_mlp.onnx")


if __name__ == "__main__":
    main()
