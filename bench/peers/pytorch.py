"""The subjects of the benchmark in PyTorch, eager or compiled. Usage: pytorch.py SUBJECT eager|compiled THREADS"""
import itertools
import math
import sys

import torch
import torch.nn.functional as F
from torch import nn

from protocol import batches, serve

subject, mode, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
torch.set_num_threads(threads)
torch.manual_seed(0)


def compiled(module):
    return torch.compile(module) if mode == "compiled" else module


def dense(sizes, between, last):
    """Linear layers with what `between` gives behind each but the last one."""
    layers = []
    for inputs, outputs in itertools.pairwise(sizes):
        layers += [nn.Linear(inputs, outputs), *between(outputs)]
    return nn.Sequential(*layers[: -len(between(1))], *last)


def normal_log_density(z, mean, scale):
    return -0.5 * (((z - mean) / scale) ** 2 + 2 * torch.log(scale) + math.log(2 * math.pi)).sum(-1)


class VAE(nn.Module):
    def __init__(self, encode, decode):
        super().__init__()
        self.encode, self.decode = encode, decode

    def log_weights(self, x, count):
        """log p(x|z) p(z) / q(z|x) of `count` codes for each of the examples: [count, batch]."""
        mean, raw = self.encode(x).chunk(2, dim=1)
        scale = F.softplus(raw)
        z = mean + scale * torch.randn(count, *scale.shape)
        logits = self.decode(z)
        prior, posterior = normal_log_density(z, torch.zeros(()), torch.ones(())), normal_log_density(z, mean, scale)
        likelihood = -F.binary_cross_entropy_with_logits(logits, x.expand_as(logits), reduction="none").sum(-1)
        return likelihood + prior - posterior

    def forward(self, x):
        mean, raw = self.encode(x).chunk(2, dim=1)
        scale = F.softplus(raw)
        logits = self.decode(mean + scale * torch.randn_like(scale))
        reconstruction = F.binary_cross_entropy_with_logits(logits, x, reduction="none").flatten(1).sum(1)
        kl = 0.5 * (mean**2 + scale**2 - 1 - 2 * torch.log(scale)).sum(1)
        return (reconstruction + kl).mean()


class IWAE(VAE):
    def forward(self, x):
        return -(torch.logsumexp(self.log_weights(x, 50), 0) - math.log(50)).mean()


def vae(model, data):
    objective = compiled(model)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = objective(next(data))
        loss.backward()
        optimizer.step()
        return loss.item

    return step


def likelihood(model, x, samples, chunk):
    weigh = compiled(model.log_weights)

    @torch.no_grad()
    def step():
        weights = torch.cat([weigh(x, chunk) for _ in range(samples // chunk)])
        bound = (torch.logsumexp(weights, 0) - math.log(samples)).mean().item()
        return lambda: bound

    return step


def minimise(optimizer, loss):
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()


def gan(generator, discriminator, latent, data):
    """The discriminator, then the generator on the same codes and with the fakes that are there already."""
    players = [torch.optim.Adam(net.parameters(), lr=2e-4, betas=(0.5, 0.999)) for net in (discriminator, generator)]
    generate, discriminate = compiled(generator), compiled(discriminator)

    def step():
        real = next(data)
        fake = generate(torch.randn(len(real), latent))
        loss = F.softplus(-discriminate(real)).mean() + F.softplus(discriminate(fake.detach())).mean()
        minimise(players[0], loss)
        minimise(players[1], F.softplus(-discriminate(fake)).mean())
        return loss.item

    return step


def wgan_gp(generator, critic, latent, data):
    players = [torch.optim.Adam(net.parameters(), lr=1e-4, betas=(0.5, 0.9)) for net in (critic, generator)]
    generate, criticize = compiled(generator), compiled(critic)

    def step():
        for _ in range(5):
            real = next(data)
            fake = generate(torch.randn(len(real), latent)).detach()
            between = torch.lerp(real, fake, torch.rand(len(real), 1)).requires_grad_()
            (slope,) = torch.autograd.grad(criticize(between).sum(), between, create_graph=True)
            penalty = ((slope.norm(dim=1) - 1) ** 2).mean()
            loss = criticize(fake).mean() - criticize(real).mean() + 10 * penalty
            minimise(players[0], loss)
        minimise(players[1], -criticize(generate(torch.randn(len(real), latent))).mean())
        return loss.item

    return step


def relu(_):
    return [nn.ReLU()]


def leaky(_):
    return [nn.LeakyReLU(0.2)]


def frechet():
    real, fake = torch.randn(10_000, 64), torch.randn(10_000, 64)

    def root(matrix):
        values, vectors = torch.linalg.eigh(matrix)
        return (vectors * values.clamp(min=0).sqrt()) @ vectors.T

    def distance():
        (m1, s1), (m2, s2) = ((rows.double().mean(0), torch.cov(rows.double().T)) for rows in (real, fake))
        r1 = root(s1)
        values = torch.linalg.eigvalsh(r1 @ s2 @ r1)
        return (m1 - m2).square().sum() + s1.trace() + s2.trace() - 2 * values.clamp(min=0).sqrt().sum()

    def step():
        value = distance()
        return value.item

    return step


def dense_vae():
    return dense([784, 500, 40], relu, []), dense([20, 500, 784], relu, [])


def create():
    if subject == "frechet":
        return frechet()
    if subject == "dense-vae":
        data = itertools.cycle(torch.from_numpy(batches(16, 128, 784)))
        return vae(VAE(*dense_vae()), data)
    if subject == "iwae":
        return vae(IWAE(*dense_vae()), itertools.cycle(torch.from_numpy(batches(16, 20, 784))))
    if subject == "likelihood":
        return likelihood(VAE(*dense_vae()), torch.from_numpy(batches(1, 25, 784)[0]), 1000, 100)
    if subject == "mlp-gan":
        data = itertools.cycle(torch.from_numpy(batches(16, 128, 784)))
        generator = dense(
            [100, 128, 256, 512, 1024, 784], lambda n: [nn.BatchNorm1d(n), nn.LeakyReLU(0.2)], [nn.Sigmoid()]
        )
        discriminator = dense([784, 512, 256, 1], lambda _: [nn.LeakyReLU(0.2), nn.Dropout(0.3)], [])
        return gan(generator, discriminator, 100, data)
    if subject == "wgan-gp":
        data = itertools.cycle(torch.from_numpy(batches(16, 64, 784)))
        return wgan_gp(dense([100, 256, 512, 784], relu, [nn.Sigmoid()]), dense([784, 512, 256, 1], leaky, []), 100, data)
    if subject == "dcgan":
        data = itertools.cycle(torch.from_numpy(batches(16, 64, 784)).reshape(16, 64, 1, 28, 28))
        generator = nn.Sequential(
            *(nn.Linear(62, 1024), nn.BatchNorm1d(1024), nn.ReLU(), nn.Linear(1024, 128 * 49), nn.Unflatten(1, (128, 7, 7))),
            *(nn.BatchNorm2d(128), nn.ReLU(), nn.ConvTranspose2d(128, 64, 4, 2, 1), nn.BatchNorm2d(64), nn.ReLU()),
            *(nn.ConvTranspose2d(64, 1, 4, 2, 1), nn.Sigmoid()),
        )
        discriminator = nn.Sequential(
            *(nn.Conv2d(1, 64, 4, 2, 1), nn.LeakyReLU(0.2), nn.Conv2d(64, 128, 4, 2, 1), nn.BatchNorm2d(128)),
            *(nn.LeakyReLU(0.2), nn.Flatten(), nn.Linear(128 * 49, 1024), nn.BatchNorm1d(1024), nn.LeakyReLU(0.2)),
            nn.Linear(1024, 1),
        )
        return gan(generator, discriminator, 62, data)
    if subject == "conv-vae":
        data = itertools.cycle(torch.from_numpy(batches(16, 128, 784)).reshape(16, 128, 1, 28, 28))
        encode = nn.Sequential(
            *(nn.Conv2d(1, 32, 4, 2, 1), nn.ReLU(), nn.Conv2d(32, 64, 4, 2, 1), nn.ReLU(), nn.Flatten()),
            *(nn.Linear(64 * 49, 256), nn.ReLU(), nn.Linear(256, 40)),
        )
        decode = nn.Sequential(
            *(nn.Linear(20, 256), nn.ReLU(), nn.Linear(256, 64 * 49), nn.ReLU(), nn.Unflatten(1, (64, 7, 7))),
            *(nn.ConvTranspose2d(64, 32, 4, 2, 1), nn.ReLU(), nn.ConvTranspose2d(32, 1, 4, 2, 1)),
        )
        return vae(VAE(encode, decode), data)
    raise SystemExit(f"no subject {subject}")


serve(f"PyTorch {torch.__version__.split('+')[0]}", create())
