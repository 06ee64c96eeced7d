"""Trains fashion_gru: an image row by row through 64 GRU cells with circulant blocks of 8 x 8."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import recurrent

if __name__ == "__main__":
    recurrent.train("gru", pathlib.Path(__file__).with_name("fashion_gru.onnx"))
