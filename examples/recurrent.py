"""Recurrent classifiers whose weights are circulant blocks while they are trained.

A layer's matrices are made of one column a block in every forward pass, so that the model that is
written has circulant weights to the bit of a float.
"""

import torch
from torch import nn

import fashion

STEPS, FEATURES = 28, 28  # the rows of an image, one after the other


class CirculantMatrix(nn.Module):
    """A matrix rows x cols of blocks of k x k; entry (a, b) of a block is column[(a - b) mod k].

    Columns past `cols` that fill the last block are left out.
    """

    def __init__(self, rows, cols, k):
        super().__init__()
        self.cols = cols
        blocks = (rows // k, -(-cols // k))
        self.columns = nn.Parameter(torch.empty(*blocks, k).uniform_(-1, 1) * cols**-0.5)
        places = torch.arange(k)
        self.register_buffer("diagonals", (places[:, None] - places[None, :]) % k)

    def forward(self):
        blocks = self.columns[:, :, self.diagonals]  # rows, cols, k, k
        rows, cols, k, _ = blocks.shape
        return blocks.permute(0, 2, 1, 3).reshape(rows * k, cols * k)[:, : self.cols]


class Classifier(nn.Module):
    """One recurrent layer, "lstm" or "gru", over the steps of a sequence; its last answer decides."""

    def __init__(self, kind, cells, k, features=FEATURES, classes=10):
        super().__init__()
        gates = {"lstm": 4, "gru": 3}[kind]
        self.kind, self.cells, self.features = kind, cells, features
        self.of_input = CirculantMatrix(gates * cells, features, k)
        self.of_state = CirculantMatrix(gates * cells, cells, k)
        self.bias = nn.Parameter(torch.zeros(gates * cells))
        self.candidate_bias = nn.Parameter(torch.zeros(cells))  # of a GRU's product with the state
        self.head = nn.Linear(cells, classes)

    def forward(self, images):
        w, r = self.of_input(), self.of_state()
        sums = images @ w.t() + self.bias
        h = images.new_zeros(len(images), self.cells)
        c = h
        for step in range(images.shape[1]):
            of_state = h @ r.t()
            if self.kind == "lstm":
                i, f, g, o = (sums[:, step] + of_state).chunk(4, 1)
                c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
                h = torch.sigmoid(o) * torch.tanh(c)
            else:
                x = sums[:, step].chunk(3, 1)
                s = of_state.chunk(3, 1)
                r_gate, z = torch.sigmoid(x[0] + s[0]), torch.sigmoid(x[1] + s[1])
                n = torch.tanh(x[2] + r_gate * (s[2] + self.candidate_bias))
                h = (1 - z) * n + z * h
        return self.head(h)

    def as_torch(self):
        """The same with PyTorch's own layer, as models come."""
        layer = {"lstm": nn.LSTM, "gru": nn.GRU}[self.kind](
            self.features, self.cells, batch_first=True
        )
        with torch.no_grad():
            layer.weight_ih_l0.copy_(self.of_input())
            layer.weight_hh_l0.copy_(self.of_state())
            layer.bias_ih_l0.copy_(self.bias)
            layer.bias_hh_l0.zero_()
            if self.kind == "gru":
                layer.bias_hh_l0[2 * self.cells :] = self.candidate_bias
        return LastAnswer(layer, self.head)


class LastAnswer(nn.Module):
    """A recurrent layer and a linear one that reads its last answer."""

    def __init__(self, layer, head):
        super().__init__()
        self.layer, self.head = layer, head

    def forward(self, images):
        return self.head(self.layer(images)[0][:, -1])


def train(kind, path, cells=64, k=8, epochs=12, rate=4e-3):
    """Trains a classifier and writes it as image [batch, 28, 28] -> logits [batch, 10]."""
    fashion.reproducible(1)
    model = Classifier(kind, cells, k)
    fashion.fit(model, epochs, rate, shape=(STEPS, FEATURES))
    fashion.export(model.as_torch(), path, shape=(STEPS, FEATURES))
