"""The dense VAE in PyTorch, eager or compiled. Usage: pytorch.py eager|compiled THREADS"""
import itertools
import sys

import torch
import torch.nn.functional as F
from torch import nn

from protocol import batches, serve

mode, threads = sys.argv[1], int(sys.argv[2])
torch.set_num_threads(threads)
torch.manual_seed(0)


class VAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(784, 500)
        self.head = nn.Linear(500, 40)
        self.decode = nn.Sequential(nn.Linear(20, 500), nn.ReLU(), nn.Linear(500, 784))

    def forward(self, x):
        mean, raw = self.head(torch.relu(self.hidden(x))).chunk(2, dim=1)
        scale = F.softplus(raw)
        logits = self.decode(mean + scale * torch.randn_like(scale))
        reconstruction = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(1)
        kl = 0.5 * (mean**2 + scale**2 - 1 - 2 * torch.log(scale)).sum(1)
        return (reconstruction + kl).mean()


model = VAE()
objective = torch.compile(model) if mode == "compiled" else model
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
data = itertools.cycle(torch.from_numpy(batches(16, 128, 784)))


def step():
    optimizer.zero_grad(set_to_none=True)
    loss = objective(next(data))
    loss.backward()
    optimizer.step()
    return loss.item


serve(f"PyTorch {torch.__version__.split('+')[0]}", step)
