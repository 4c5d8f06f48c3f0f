"""Sentence vectors of all-MiniLM-L6-v2, computed by PyTorch from its weights."""

import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from tokenizers import Tokenizer


class MiniLM:
    """The encoder: six layers of BERT, the mean over tokens, unit length."""

    def __init__(self, folder: Path):
        self.w = load_file(folder / "model.safetensors")
        config = json.loads((folder / "config.json").read_text())
        self.heads = config["num_attention_heads"]
        self.layers = config["num_hidden_layers"]
        self.eps = config["layer_norm_eps"]
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(48)

    def _linear(self, x, name):
        return F.linear(x, self.w[name + ".weight"], self.w[name + ".bias"])

    def _norm(self, x, name):
        return F.layer_norm(x, x.shape[-1:], self.w[name + ".weight"], self.w[name + ".bias"], self.eps)

    @torch.inference_mode()
    def _batch(self, ids):
        """`ids` are of one length, so nothing is padded and nothing masked."""
        n, length = ids.shape
        e = "embeddings."
        x = self.w[e + "word_embeddings.weight"][ids]
        x = x + self.w[e + "position_embeddings.weight"][:length]
        x = x + self.w[e + "token_type_embeddings.weight"][0]
        x = self._norm(x, e + "LayerNorm")
        for layer in range(self.layers):
            p = f"encoder.layer.{layer}."
            q, k, v = (
                self._linear(x, f"{p}attention.self.{part}").view(n, length, self.heads, -1).transpose(1, 2)
                for part in ("query", "key", "value")
            )
            y = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(n, length, -1)
            x = self._norm(x + self._linear(y, p + "attention.output.dense"), p + "attention.output.LayerNorm")
            y = self._linear(F.gelu(self._linear(x, p + "intermediate.dense")), p + "output.dense")
            x = self._norm(x + y, p + "output.LayerNorm")
        return F.normalize(x.mean(1), dim=-1)

    def encode(self, texts, batch=128):
        """`[n, 384]` unit vectors, in the order of `texts`."""
        ids = [e.ids for e in self.tokenizer.encode_batch(list(texts))]
        out = np.zeros((len(ids), 384), np.float32)
        lengths = {}
        for row, i in enumerate(ids):
            lengths.setdefault(len(i), []).append(row)
        for length in sorted(lengths):
            rows = lengths[length]
            for start in range(0, len(rows), batch):
                some = rows[start : start + batch]
                out[some] = self._batch(torch.tensor([ids[r] for r in some])).numpy()
        return out


class Encoded:
    """Vectors of texts, kept in a file between runs."""

    def __init__(self, model: Path, cache: Path):
        self.model, self.cache = model, cache
        self.vectors = {}
        if cache.exists():
            stored = np.load(cache, allow_pickle=False)
            self.vectors = dict(zip(stored["texts"].tolist(), stored["vectors"].astype(np.float32)))

    def add(self, texts):
        missing = sorted(set(texts) - self.vectors.keys())
        if not missing:
            return
        encoder = MiniLM(self.model)
        for start in range(0, len(missing), 4096):
            some = missing[start : start + 4096]
            # Half precision, as the cache has it, so that a first run and a later one agree.
            vectors = encoder.encode(some).astype(np.float16).astype(np.float32)
            self.vectors.update(zip(some, vectors))
            print(f"encoded {min(start + 4096, len(missing))} of {len(missing)}", flush=True)
        texts = sorted(self.vectors)
        np.savez(self.cache, texts=np.array(texts), vectors=np.array([self.vectors[t] for t in texts], np.float16))

    def __call__(self, texts):
        return np.array([self.vectors[t] for t in texts], np.float32)
