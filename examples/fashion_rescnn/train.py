"""Trains a small residual CNN on Fashion-MNIST and writes fashion_rescnn.onnx beside itself.

A stem; per stage a residual block and a step to half the map, of depthwise 3 x 3 and pointwise
convolutions as MobileNet's, all with batch normalisation; the mean of each map; a dense layer.
"""

import argparse
import pathlib
import sys

from torch import nn
from torch.nn import functional

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import fashion  # noqa: E402  (the folder above has to be on the path first)

WIDTHS = (16, 32, 64)  # channels of the stem and behind each step


class Conv(nn.Module):
    """A convolution that keeps the map's size up to its stride, and its batch normalisation."""

    def __init__(self, inputs, outputs, kernel, stride=1, groups=1):
        super().__init__()
        pad = kernel // 2
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, pad, groups=groups, bias=False)
        self.norm = nn.BatchNorm2d(outputs)

    def forward(self, x):
        return self.norm(self.conv(x))


class Separable(nn.Module):
    """Depthwise 3 x 3, ReLU, pointwise; x + that if nothing changes the maps' shape; ReLU."""

    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.depthwise = Conv(inputs, inputs, 3, stride, groups=inputs)
        self.pointwise = Conv(inputs, outputs, 1)
        self.residual = inputs == outputs and stride == 1

    def forward(self, x):
        y = self.pointwise(functional.relu(self.depthwise(x)))
        return functional.relu(x + y if self.residual else y)


class ResidualCnn(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = Conv(1, WIDTHS[0], 3, stride=2)
        self.blocks = nn.Sequential()
        for inputs, outputs in zip(WIDTHS, WIDTHS[1:]):
            self.blocks.append(Separable(inputs, inputs))
            self.blocks.append(Separable(inputs, outputs, stride=2))
        self.blocks.append(Separable(WIDTHS[-1], WIDTHS[-1]))
        self.head = nn.Linear(WIDTHS[-1], 10)

    def forward(self, x):
        x = self.blocks(functional.relu(self.stem(x)))
        return self.head(functional.adaptive_avg_pool2d(x, 1).flatten(1))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=10)
    arguments = parser.parse_args()
    fashion.reproducible(arguments.seed)
    model = ResidualCnn()
    result = fashion.fit(model, arguments.epochs, rate=4e-3, shape=fashion.MAPS)
    print(f"test accuracy {result:.2f} %")
    fashion.export(model, HERE / "fashion_rescnn.onnx")


if __name__ == "__main__":
    main()
