"""Milliseconds of a training step in PyTorch on the CPU.

The nets, the losses and the rule are those of crates/models/src/{vae,gan}; the
twin of this script is crates/models/examples/speed.rs, whose arguments and
output it shares:

    speed.py [--threads N] [--steps N] [--rounds N] [NET ...]

prints one line a net and round: `NET MS`.
"""

import argparse
import time

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.parametrizations import spectral_norm

PIXELS = 784


class MlpVae(nn.Module):
    """Encoder 784-256-256-(2 * 16), decoder 16-256-256-784; or conditional."""

    def __init__(self, width=256, latent=16):
        super().__init__()
        self.e0, self.e1 = nn.Linear(PIXELS, width), nn.Linear(width, width)
        self.head = nn.Linear(width, 2 * latent)
        self.d0, self.d1 = nn.Linear(latent, width), nn.Linear(width, width)
        self.d2 = nn.Linear(width, PIXELS)

    def encode(self, x, _):
        return self.head(F.relu(self.e1(F.relu(self.e0(x)))))

    def decode(self, z, _):
        return self.d2(F.relu(self.d1(F.relu(self.d0(z)))))


class ConvVae(nn.Module):
    """Two convolutions of stride 2 and back, class-conditional."""

    def __init__(self, width=32, latent=16, classes=10):
        super().__init__()
        self.width, hidden = width, 2 * width * 49
        self.c0 = nn.Conv2d(1, width, 4, 2, 1)
        self.c1 = nn.Conv2d(width, 2 * width, 4, 2, 1)
        self.eclass = nn.Linear(classes, hidden)
        self.head = nn.Linear(hidden, 2 * latent)
        self.input, self.dclass = nn.Linear(latent, hidden), nn.Linear(classes, hidden)
        self.u0 = nn.ConvTranspose2d(2 * width, width, 4, 2, 1)
        self.u1 = nn.ConvTranspose2d(width, 1, 4, 2, 1)

    def encode(self, x, c):
        image = F.relu(self.c1(F.relu(self.c0(x.view(-1, 1, 28, 28)))))
        return self.head(image.flatten(1) + self.eclass(c))

    def decode(self, z, c):
        hidden = F.relu(self.input(z) + self.dclass(c)).view(-1, 2 * self.width, 7, 7)
        return self.u1(F.relu(self.u0(hidden))).flatten(1)


def vae_step(vae, latent):
    """One step: Bernoulli likelihood, Gaussian KL, Adam."""
    adam = torch.optim.Adam(vae.parameters(), 1e-3, (0.9, 0.999), fused=True)

    def step(x, c):
        mean, log_variance = vae.encode(x, c).chunk(2, 1)
        log_variance = log_variance.clamp(-12, 12)
        z = mean + (log_variance * 0.5).exp() * torch.randn(len(x), latent)
        logits = vae.decode(z, c)
        reconstruction = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
        kl = 0.5 * (mean.square() + log_variance.exp() - log_variance - 1).sum()
        loss = (reconstruction + kl) / len(x)
        adam.zero_grad()
        loss.backward()
        adam.step()
        return loss.item()

    return step


def groups(channels):
    """Groups of a normalisation: about eight channels each."""
    return next(g for g in range(max(1, channels // 8), 0, -1) if channels % g == 0)


class Generator(nn.Module):
    def __init__(self, width, latent, classes=10):
        super().__init__()
        self.width, hidden = width, 4 * width * 49
        self.input, self.cls = nn.Linear(latent, hidden), nn.Linear(classes, hidden)
        self.n0 = nn.GroupNorm(groups(4 * width), 4 * width)
        self.n1 = nn.GroupNorm(groups(2 * width), 2 * width)
        self.u0 = nn.ConvTranspose2d(4 * width, 2 * width, 4, 2, 1)
        self.u1 = nn.ConvTranspose2d(2 * width, 1, 4, 2, 1)

    def forward(self, z, c):
        image = (self.input(z) + self.cls(c)).view(-1, 4 * self.width, 7, 7)
        image = self.u0(F.relu(self.n0(image)))
        return torch.sigmoid(self.u1(F.relu(self.n1(image))))


class Discriminator(nn.Module):
    def __init__(self, width, classes=10):
        super().__init__()
        self.k0 = spectral_norm(nn.Conv2d(1, width, 4, 2, 1))
        self.k1 = spectral_norm(nn.Conv2d(width, 2 * width, 4, 2, 1))
        self.k2 = spectral_norm(nn.Conv2d(2 * width, 4 * width, 3, 2, 1))
        self.head = spectral_norm(nn.Linear(4 * width, 1))
        self.cls = spectral_norm(nn.Linear(classes, 4 * width, bias=False))

    def forward(self, image, c):
        for conv in (self.k0, self.k1, self.k2):
            image = F.leaky_relu(conv(image), 0.2)
        features = image.mean((2, 3))
        return self.head(features) + (self.cls(c) * features).sum(1, keepdim=True)


def shifted(pictures, reach):
    """Moves each picture by up to `reach` pixels: Zhao 2020, as a gather."""
    count = len(pictures)
    padded = F.pad(pictures * 2 - 1, (reach,) * 4)
    rows = torch.randint(2 * reach + 1, (count, 1, 1)) + torch.arange(28).view(1, 28, 1)
    columns = torch.randint(2 * reach + 1, (count, 1, 1)) + torch.arange(28).view(1, 1, 28)
    which = torch.arange(count).view(-1, 1, 1)
    return padded[which, 0, rows, columns].unsqueeze(1)


def gan_step(width, latent, reach):
    """One step of each side: hinge loss, shifts, spectral norms, Adam, EMA."""
    generator, judge = Generator(width, latent), Discriminator(width)
    average = [p.detach().clone() for p in generator.parameters()]
    rate, betas = 5e-4, (0.5, 0.999)
    of_g = torch.optim.Adam(generator.parameters(), rate, betas, fused=True)
    of_d = torch.optim.Adam(judge.parameters(), rate, betas, fused=True)

    def step(x, c):
        count = len(x)
        with torch.no_grad():
            fake = generator(torch.randn(count, latent), c)
        both = torch.cat([x.view(-1, 1, 28, 28), fake])
        judge.train()
        on_real, on_fake = judge(shifted(both, reach), torch.cat([c, c])).chunk(2)
        loss = F.relu(1 - on_real).mean() + F.relu(1 + on_fake).mean()
        of_d.zero_grad()
        loss.backward()
        of_d.step()
        # The power iteration is the discriminator's: none in the other phase.
        judge.eval()
        for p in judge.parameters():
            p.requires_grad_(False)
        classes = F.one_hot(torch.randint(10, (count,)), 10).float()
        made = generator(torch.randn(count, latent), classes)
        of_g.zero_grad()
        (-judge(shifted(made, reach), classes).mean()).backward()
        of_g.step()
        for p in judge.parameters():
            p.requires_grad_(True)
        with torch.no_grad():
            torch._foreach_lerp_(average, list(generator.parameters()), 0.001)
        return loss.item()

    return step


# Name, step, examples in a batch: the same as in speed.rs.
NETS = {
    "mlp-vae": (lambda: vae_step(MlpVae(), 16), 64),
    "conv-vae": (lambda: vae_step(ConvVae(), 16), 64),
    "dcgan": (lambda: gan_step(16, 64, 2), 32),
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--steps", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("nets", nargs="*", default=list(NETS))
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    torch.manual_seed(1)
    for name in asked.nets or NETS:
        make, count = NETS[name]
        step = make()
        x = torch.rand(count, PIXELS)
        c = F.one_hot(torch.arange(count) % 10, 10).float()
        for _ in range(5):
            step(x, c)
        for _ in range(asked.rounds):
            start = time.perf_counter()
            for _ in range(asked.steps):
                step(x, c)
            print(name, f"{(time.perf_counter() - start) * 1e3 / asked.steps:.3f}", flush=True)


if __name__ == "__main__":
    main()
