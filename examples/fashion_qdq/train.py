"""Trains a 784-64-10 MLP, quantises it to 8 bits and writes fashion_qdq.onnx beside itself.

The file has the shape that ONNX Runtime's static quantiser gives: QuantizeLinear and
DequantizeLinear around every activation (uint8), int8 weights with one scale an output, int32
biases.
"""

import argparse
import pathlib
import sys

import numpy as np
import torch

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import fashion  # noqa: E402  (the folder above has to be on the path first)
import qdq  # noqa: E402


def affine(values):
    """Scale and zero point of the uint8 format that covers 0 and `values`."""
    low, high = min(0.0, float(values.min())), max(0.0, float(values.max()))
    scale = np.float32((high - low) / 255.0)
    return scale, np.uint8(round(-low / scale))


def activation_formats(model):
    """Formats of the input and of fc1 (after ReLU) and fc2, from the training images."""
    images, _ = fashion.load("train")
    first, last = fashion.linears(model)
    model.eval()
    with torch.no_grad():
        hidden = torch.relu(first(images))
        logits = last(hidden)
    return [(np.float32(1 / 255.0), np.uint8(0)), affine(hidden), affine(logits)]


def dense(writer, value, name, linear, input_scale):
    """Gemm of int8 weights (symmetric, a scale an output) and an int32 bias."""
    weight = linear.weight.detach().numpy()
    scale = (np.abs(weight).max(axis=1) / 127.0).astype(np.float32)
    integers = np.clip(np.rint(weight / scale[:, None]), -127, 127).astype(np.int8)
    bias = linear.bias.detach().numpy()
    parameters = writer.parameters(name, integers, scale, bias, input_scale)
    return writer.node("Gemm", [value, *parameters], name, transB=1)


def export(model, path):
    image, hidden, logits = activation_formats(model)
    first, last = fashion.linears(model)
    writer = qdq.Writer()
    value = writer.quantise("image", "image", image)
    value = writer.node("Flatten", [value], "flatten", axis=1)
    value = writer.node("Relu", [dense(writer, value, "fc1", first, image[0])], "relu1")
    value = writer.quantise(value, "relu1", hidden)
    value = dense(writer, value, "fc2", last, hidden[0])
    writer.quantise(value, "fc2", logits, "logits")
    fashion.save(path, "fashion_qdq", writer.nodes, writer.initialisers)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=12)
    arguments = parser.parse_args()
    fashion.reproducible(arguments.seed)
    model = fashion.mlp([784, 64, 10], dropout=0.1)
    result = fashion.fit(model, arguments.epochs, rate=2e-3)
    print(f"test accuracy {result:.2f} % in float")
    export(model, HERE / "fashion_qdq.onnx")


if __name__ == "__main__":
    main()
