"""Trains vowels_gru: who of nine speakers says a vowel, from 12 cepstrum coefficients a frame.

    python3 train.py FOLDER    # with JapaneseVowels_eq_TRAIN.ts and _TEST.ts of the UEA archive

Sequences of Kudo, Toyama and Shimbo (UCI, "Japanese Vowels", CC BY 4.0), stretched to equal
lengths as the archive has them. Writes the model, calibration samples and 200 held sequences.
"""

import pathlib
import sys

import numpy as np
import torch
from torch.nn import functional

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import fashion
import recurrent

HERE = pathlib.Path(__file__).parent


def read_ts(path):
    """Sequences [N, steps, features] and labels from 0 on."""
    lines = path.read_text().split("@data\n")[1].split()
    rows = [line.split(":") for line in lines]
    values = np.array([[c.split(",") for c in row[:-1]] for row in rows], dtype=np.float32)
    return values.transpose(0, 2, 1).copy(), np.array([int(row[-1]) - 1 for row in rows])


def train(folder, cells=64, k=8, epochs=120):
    """Adam with a cosine schedule, and noise on the coefficients."""
    fashion.reproducible(1)
    x, labels = read_ts(folder / "JapaneseVowels_eq_TRAIN.ts")
    held, held_labels = read_ts(folder / "JapaneseVowels_eq_TEST.ts")
    model = recurrent.Classifier("gru", cells, k, features=x.shape[2], classes=9)
    images, wanted = torch.tensor(x), torch.tensor(labels)
    optimiser = torch.optim.Adam(model.parameters(), lr=5e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, epochs)
    for epoch in range(epochs):
        for pick in torch.randperm(len(images)).split(45):
            optimiser.zero_grad()
            noisy = images[pick] + 0.1 * torch.randn_like(images[pick])
            functional.cross_entropy(model(noisy), wanted[pick]).backward()
            optimiser.step()
        schedule.step()
    score = fashion.accuracy(model, torch.tensor(held), torch.tensor(held_labels))
    print(f"{score:.2f} % of {len(held)} held sequences")
    fashion.export(model.as_torch(), HERE / "vowels_gru.onnx", shape=x.shape[1:])
    some = np.random.RandomState(1).permutation(len(held))[:200]
    np.save(HERE / "held.npy", held[some])
    np.save(HERE / "held_labels.npy", held_labels[some].astype(np.int64))
    np.save(HERE / "calibration.npy", x[::9])


if __name__ == "__main__":
    train(pathlib.Path(sys.argv[1]))
