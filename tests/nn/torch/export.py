"""Writes small recurrent models as PyTorch exports them, with inputs and PyTorch's own outputs.

    python3 export.py .    # beside this file; needs torch, the models here are of 1.13
"""
import struct
import sys
from pathlib import Path

import torch
from torch import nn


def varint(n):
    out = b""
    while n > 0x7F:
        out += bytes([n & 0x7F | 0x80])
        n >>= 7
    return out + bytes([n])


def tensor_proto(tensor):
    """An ONNX TensorProto of floats."""
    data = tensor.detach().contiguous().numpy().astype("<f4").tobytes()
    dims = b"".join(b"\x08" + varint(d) for d in tensor.shape)
    return dims + b"\x10\x01" + b"\x4a" + varint(len(data)) + data


class LastStep(nn.Module):
    """A layer over sequences of which a Linear reads the last step."""

    def __init__(self, layer, width):
        super().__init__()
        self.layer = layer
        self.head = nn.Linear(width, 2)

    def forward(self, x):
        y, _ = self.layer(x)
        return self.head(y[:, -1])


class LastState(nn.Module):
    """The same of the state of the last layer, both directions."""

    def __init__(self, layer, width):
        super().__init__()
        self.layer = layer
        self.head = nn.Linear(width, 2)

    def forward(self, x):
        _, state = self.layer(x)
        h = state[0] if isinstance(state, tuple) else state
        directions = 2 if self.layer.bidirectional else 1
        return self.head(torch.cat([h[-d] for d in range(directions, 0, -1)], dim=1))


class Everything(nn.Module):
    """All that a layer gives."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, x):
        y, state = self.layer(x)
        return (y, *state) if isinstance(state, tuple) else (y, state)


class FirstAndGiven(nn.Module):
    """A layer that begins with states that it is given, steps first."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, x, h):
        return self.layer(x, h)


def save(folder, name, model, inputs, batch, opset, axis=0):
    """`batch`: whether the exporter is told that the batch, at `axis` of X, may be any."""
    model.eval()
    at = folder / name
    data = at / "test_data_set_0"
    data.mkdir(parents=True, exist_ok=True)
    axes = {"x": {axis: "N"}} if batch else None
    names = ["x", "h"][: len(inputs)]
    if batch and len(inputs) > 1:
        axes["h"] = {1: "N"}
    shown = inputs
    if batch:  # with a batch of 1, as PyTorch advises
        shown = tuple(t.narrow(axis if n == 0 else 1, 0, 1) for n, t in enumerate(inputs))
    torch.onnx.export(
        model, shown, str(at / "model.onnx"), input_names=names, dynamic_axes=axes, opset_version=opset
    )
    outputs = model(*inputs)
    outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    for kind, tensors in (("input", inputs), ("output", outputs)):
        for n, tensor in enumerate(tensors):
            (data / f"{kind}_{n}.pb").write_bytes(tensor_proto(tensor))


def main():
    folder = Path(sys.argv[1])
    torch.manual_seed(1)
    x = torch.randn(3, 5, 4)  # batch, steps, inputs
    steps_first = x.transpose(0, 1).contiguous()
    h = torch.randn(1, 3, 3)
    one = dict(batch_first=True)
    both = dict(batch_first=True, bidirectional=True, num_layers=2)
    relu = dict(nonlinearity="relu", **both)
    for name, model, inputs, batch, opset, axis in (
        ("lstm_last_step", LastStep(nn.LSTM(4, 3, **one), 3), (x,), True, 13, 0),
        ("lstm_last_step_fixed", LastStep(nn.LSTM(4, 3, **one), 3), (x,), False, 13, 0),
        ("lstm_two_layers_both_ways", Everything(nn.LSTM(4, 3, **both)), (x,), True, 14, 0),
        ("lstm_no_bias_last_state", LastState(nn.LSTM(4, 3, bias=False, **both), 6), (x,), True, 9, 0),
        ("gru_two_layers_both_ways", Everything(nn.GRU(4, 3, **both)), (x,), True, 13, 0),
        ("gru_last_state_fixed", LastState(nn.GRU(4, 3, **one), 3), (x,), False, 11, 0),
        ("rnn_relu_last_step", LastStep(nn.RNN(4, 3, **relu), 6), (x,), True, 13, 0),
        ("rnn_tanh_given_state", FirstAndGiven(nn.RNN(4, 3)), (steps_first, h), True, 16, 1),
        ("gru_given_state_fixed", FirstAndGiven(nn.GRU(4, 3)), (steps_first, h), False, 12, 1),
    ):
        save(folder, name, model, inputs, batch, opset, axis)


main()
