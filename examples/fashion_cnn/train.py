"""Trains a small CNN (6c3s2-p2-8c3s2-10) on Fashion-MNIST and writes fashion_cnn.onnx beside itself."""

import argparse
import pathlib
import sys

from torch import nn

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import fashion  # noqa: E402  (the folder above has to be on the path first)


def network():
    """Two convolutions of 3 x 3 with stride 2, a maximum of 2 x 2 between them, and a dense layer."""
    return nn.Sequential(
        nn.Conv2d(1, 6, 3, stride=2, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(6, 8, 3, stride=2, padding=1),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(8 * 4 * 4, 10),
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=8)
    arguments = parser.parse_args()
    fashion.reproducible(arguments.seed)
    model = network()
    result = fashion.fit(model, arguments.epochs, rate=4e-3, shape=fashion.MAPS)
    print(f"test accuracy {result:.2f} %")
    fashion.export(model, HERE / "fashion_cnn.onnx")


if __name__ == "__main__":
    main()
