"""Trains LeNet (20c5-p2-50c5-p2-500-10) on Fashion-MNIST and writes fashion_lenet.onnx beside itself."""

import argparse
import pathlib
import sys

from torch import nn
from torch.nn import functional

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import fashion  # noqa: E402  (the folder above has to be on the path first)


class LeNet(nn.Module):
    """Two convolutions of 5 x 5, each with ReLU and a maximum of 2 x 2, and two dense layers."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 20, 5)
        self.conv2 = nn.Conv2d(20, 50, 5)
        self.fc1 = nn.Linear(50 * 4 * 4, 500)
        self.fc2 = nn.Linear(500, 10)
        self.dropout = nn.Dropout(0.3)

    def forward(self, x):
        x = functional.max_pool2d(functional.relu(self.conv1(x)), 2)
        x = functional.max_pool2d(functional.relu(self.conv2(x)), 2)
        x = functional.relu(self.fc1(x.flatten(1)))
        return self.fc2(self.dropout(x))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=5)
    arguments = parser.parse_args()
    fashion.reproducible(arguments.seed)
    model = LeNet()
    result = fashion.fit(model, arguments.epochs, rate=2e-3, shape=fashion.MAPS)
    print(f"test accuracy {result:.2f} %")
    fashion.export(model, HERE / "fashion_lenet.onnx")


if __name__ == "__main__":
    main()
