"""Trains a 784-500-100-10 MLP on Fashion-MNIST and writes fashion_mlp.onnx beside itself."""

import argparse
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import fashion  # noqa: E402  (the folder above has to be on the path first)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=12)
    arguments = parser.parse_args()
    fashion.reproducible(arguments.seed)
    model = fashion.mlp([784, 500, 100, 10], dropout=0.25)
    result = fashion.fit(model, arguments.epochs, rate=1e-3)
    print(f"test accuracy {result:.2f} %")
    fashion.export_mlp(model, HERE / "fashion_mlp.onnx")


if __name__ == "__main__":
    main()
