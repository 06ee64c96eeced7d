"""Trains fashion_lstm: an image row by row through 64 LSTM cells with circulant blocks of 8 x 8."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import recurrent

if __name__ == "__main__":
    recurrent.train("lstm", pathlib.Path(__file__).with_name("fashion_lstm.onnx"))
