"""Trains the residual CNN to few bits and writes fashion_rescnn_qdq.onnx beside itself.

Quantisation-aware: starts from ../fashion_rescnn/fashion_rescnn.onnx with its batch normalisations
folded into the convolutions; the forward pass rounds, the backward pass does not see the rounding
(straight-through estimator). All scales are powers of two, so that a quotient of scales is one too
and the integers of the hardware are the model's.
"""

import argparse
import pathlib
import sys

import numpy as np
import onnx
import torch
from torch import nn
from torch.nn import functional

HERE = pathlib.Path(__file__).resolve().parent
FLOAT = HERE.parent / "fashion_rescnn"
sys.path[:0] = [str(HERE.parent), str(FLOAT)]
import fashion  # noqa: E402  (the folders have to be on the path first)
import qdq  # noqa: E402
import train as floats  # noqa: E402  (that of ../fashion_rescnn)

WEIGHT_LIMIT = 7  # weights of 4 bits, signed, narrow
STEPS = 15  # activations of 4 bits; logits have a sign besides
SKIP_LIMIT = 64  # what a skip may weigh, in steps of the weights that it is added to


def trained():
    """The float network, from its file."""
    model = floats.ResidualCnn()
    stored = onnx.load(FLOAT / "fashion_rescnn.onnx").graph.initializer
    state = {one.name: torch.tensor(onnx.numpy_helper.to_array(one)) for one in stored}
    missing, unknown = model.load_state_dict(state, strict=False)
    assert not unknown and all(name.endswith("num_batches_tracked") for name in missing)
    return model.eval()


class Quant(nn.Module):
    """An activation in whole steps, up to STEPS; the first values that it meets decide on the step."""

    def __init__(self, signed=False):
        super().__init__()
        self.low = -STEPS if signed else 0
        self.step = None

    def codes(self, values, step):
        return fashion.Round.apply(torch.clamp(values / step, self.low, STEPS))

    def error(self, values, step):
        return (self.codes(values, step) * step - values).square().mean().item()

    def forward(self, values):
        if self.step is None:
            steps = [2.0**exponent for exponent in range(-10, 4)]
            self.step = min(steps, key=lambda step: self.error(values.detach(), step))
        return self.codes(values, self.step) * self.step


class Product(nn.Module):
    """A convolution or dense layer of few-bit weights, a step an output."""

    def __init__(self, weight, bias, **walk):
        super().__init__()
        self.weight = nn.Parameter(weight.detach().clone())
        self.bias = nn.Parameter(bias.detach().clone())
        self.walk = walk

    def step(self, least):
        most = self.weight.detach().flatten(1).abs().amax(dim=1)
        return torch.exp2(torch.ceil(torch.log2(most / WEIGHT_LIMIT))).clamp(min=least)

    def codes(self, least):
        step = self.step(least).reshape(-1, *[1] * (self.weight.dim() - 1))
        return fashion.Round.apply(self.weight / step), step

    def forward(self, values, input_step, least=2.0**-12):
        codes, step = self.codes(least)
        unit = self.step(least) * input_step
        bias = fashion.Round.apply(self.bias / unit) * unit
        if self.weight.dim() == 2:
            return functional.linear(values, codes * step, bias)
        return functional.conv2d(values, codes * step, bias, **self.walk)

    def export(self, writer, value, name, input_step, least=2.0**-12):
        codes, _ = self.codes(least)
        parameters = writer.parameters(
            name,
            codes.detach().numpy().astype(np.int8),
            self.step(least).numpy(),
            self.bias.detach().numpy(),
            np.float32(input_step),
        )
        if self.weight.dim() == 2:
            return writer.node("Gemm", [value, *parameters], name, transB=1)
        return writer.node(
            "Conv",
            [value, *parameters],
            name,
            kernel_shape=list(self.weight.shape[2:]),
            strides=list(self.walk["stride"]),
            pads=list(self.walk["padding"]) * 2,
            group=self.walk["groups"],
        )


def folded(part):
    """A convolution with its batch normalisation."""
    conv, norm = part.conv, part.norm
    gain = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    return Product(
        conv.weight * gain[:, None, None, None],
        norm.bias - gain * norm.running_mean,
        stride=conv.stride,
        padding=conv.padding,
        groups=conv.groups,
    )


class Block(nn.Module):
    """A Separable whose activations are quantised behind each ReLU."""

    def __init__(self, block):
        super().__init__()
        self.depthwise, self.inner = folded(block.depthwise), Quant()
        self.pointwise, self.outer = folded(block.pointwise), Quant()
        self.residual = block.residual

    def least(self, input_step):
        """The least step of the pointwise weights: the skip's weight is a whole number of it."""
        return input_step / (SKIP_LIMIT * self.inner.step) if self.residual else 2.0**-12

    def forward(self, x, input_step):
        y = self.inner(functional.relu(self.depthwise(x, input_step)))
        y = self.pointwise(y, self.inner.step, self.least(input_step))
        return self.outer(functional.relu(x + y if self.residual else y))


class QuantCnn(nn.Module):
    def __init__(self, model):
        super().__init__()
        self.image, self.stem, self.outer = Quant(), folded(model.stem), Quant()
        self.blocks = nn.ModuleList(Block(block) for block in model.blocks)
        self.mean = Quant()
        self.head, self.logits = Product(model.head.weight, model.head.bias), Quant(signed=True)

    def forward(self, x):
        x = self.image(x)
        x = self.outer(functional.relu(self.stem(x, self.image.step)))
        step = self.outer.step
        for block in self.blocks:
            x = block(x, step)
            step = block.outer.step
        x = self.mean(functional.adaptive_avg_pool2d(x, 1).flatten(1))
        return self.logits(self.head(x, self.mean.step))


class Export(qdq.Writer):
    """The graph of a QuantCnn."""

    def quant(self, value, quant, name, output=None):
        integer = np.int8 if quant.low < 0 else np.uint8
        form = (np.float32(quant.step), integer(0))
        return self.quantise(value, name, form, output, codes=(quant.low, STEPS))

    def relu(self, value, quant, name):
        return self.quant(self.node("Relu", [value], name), quant, name)

    def block(self, block, x, input_step, name):
        y = block.depthwise.export(self, x, f"{name}.depthwise", input_step)
        y = self.relu(y, block.inner, f"{name}.relu")
        step, least = block.inner.step, block.least(input_step)
        y = block.pointwise.export(self, y, f"{name}.pointwise", step, least)
        if block.residual:
            y = self.node("Add", [x, y], f"{name}.add")
        return self.relu(y, block.outer, f"{name}.out")


def export(model, path):
    writer = Export()
    x = writer.quant("image", model.image, "image")
    x = writer.relu(model.stem.export(writer, x, "stem", model.image.step), model.outer, "relu")
    step = model.outer.step
    for index, block in enumerate(model.blocks, start=1):
        x = writer.block(block, x, step, f"block{index}")
        step = block.outer.step
    x = writer.quant(writer.node("GlobalAveragePool", [x], "mean"), model.mean, "mean")
    x = writer.node("Flatten", [x], "flatten", axis=1)
    x = model.head.export(writer, x, "head", model.mean.step)
    writer.quant(x, model.logits, "head", "logits")
    nodes, initialisers = writer.nodes, writer.initialisers
    fashion.save(path, "fashion_rescnn_qdq", nodes, initialisers, shape=fashion.MAPS)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=2)
    arguments = parser.parse_args()
    fashion.reproducible(arguments.seed)
    model = QuantCnn(trained())
    with torch.no_grad():
        model(fashion.load("train", fashion.MAPS)[0][:1000])
    result = fashion.fit(model, arguments.epochs, rate=1e-3, shape=fashion.MAPS)
    print(f"test accuracy {result:.2f} % with few bits")
    export(model, HERE / "fashion_rescnn_qdq.onnx")


if __name__ == "__main__":
    main()
