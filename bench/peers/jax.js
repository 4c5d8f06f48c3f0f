// jax-js: the same nets, the whole step compiled by `jit`.
//
// jax-js counts references: an array is spent by the operation it is given to
// unless `.ref` is taken. What is traced is traced once, so every use in here
// takes one.

import { blockUntilReady, defaultDevice, init, jit, lax, nn, numpy as np, valueAndGrad } from '@jax-js/jax';
import {
  FREQUENCIES, NETS, PIXELS, SIDE, batch, directions, discriminatorShapes, flowGroups, flowNoise, flowShapes,
  ganNoise, generatorShapes, groups, initial, normal, vaeShapes,
} from './spec.js';

export async function prepare(net, backend) {
  const ready = await init(backend);
  if (!ready.includes(backend)) throw new Error(`jax-js has no device ${backend} here`);
  defaultDevice(backend);
  return { vae, gan, flow }[net](NETS[net]);
}

const array = (values, shape) => np.array(values, { shape, dtype: np.float32 });

function parameters(shapes) {
  const made = {};
  for (const [name, shape] of Object.entries(shapes)) made[name] = array(initial(name, shape), shape);
  return made;
}

/** Parameters with Adam's two moments. */
function learner(shapes) {
  const zeros = () => Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, np.zeros(shape)]));
  return { p: parameters(shapes), m: zeros(), v: zeros() };
}

/** Adam; `rate` and `root` are the learning rate and epsilon with both corrections. */
function adam({ p, m, v }, gradient, { beta1, beta2 }, corrections) {
  const next = { p: {}, m: {}, v: {} };
  for (const name of Object.keys(p)) {
    const g = gradient[name];
    const first = m[name].ref.mul(beta1).add(g.ref.mul(1 - beta1));
    const second = v[name].ref.mul(beta2).add(g.ref.mul(g.ref).mul(1 - beta2));
    const root = np.sqrt(second.ref.div(corrections.two.ref)).add(1e-8);
    next.p[name] = p[name].ref.sub(first.ref.mul(corrections.one.ref).div(root));
    next.m[name] = first;
    next.v[name] = second;
  }
  return next;
}

/** The numbers of Adam that change with the step. */
function corrections({ rate, beta1, beta2 }, step) {
  return {
    one: array([rate / (1 - beta1 ** step)], []),
    two: array([1 - beta2 ** step], []),
  };
}

function vae(config) {
  const { batch: count, latent } = config;
  const layer = (p, h, name) => np.matmul(h.ref, p[`${name}w`].ref).add(p[`${name}b`].ref);
  const loss = (p, x, noise) => {
    const hidden = nn.relu(layer(p, nn.relu(layer(p, x, 'e0')), 'e1'));
    const [mean, wild] = np.split(layer(p, hidden, 'h'), 2, 1);
    const logVariance = np.clip(wild, -12, 12);
    const z = mean.ref.add(np.exp(logVariance.ref.mul(0.5)).mul(noise.ref));
    const logits = layer(p, nn.relu(layer(p, nn.relu(layer(p, z, 'd0')), 'd1')), 'd2');
    const reconstruction = nn.softplus(logits.ref).sub(logits.ref.mul(x.ref));
    const kl = mean.ref.mul(mean.ref).add(np.exp(logVariance.ref)).sub(logVariance.ref).sub(1);
    return np.sum(reconstruction).add(np.sum(kl).mul(0.5)).div(count);
  };
  const step = jit((state, x, noise, scale) => {
    const [value, gradient] = valueAndGrad(loss)(state.p, x, noise);
    return [adam(state, gradient, config, scale), value];
  });
  let state = learner(vaeShapes(config));
  let taken = 0;
  const x = array(batch(config).pictures, [count, PIXELS]);
  return async () => {
    taken += 1;
    const noise = array(normal(count * latent), [count, latent]);
    let value;
    [state, value] = step(state, x.ref, noise, corrections(config, taken));
    await blockUntilReady(state.p);
    return (await value.data())[0];
  };
}

const channelled = (x, values) => x.add(values.ref.reshape([1, -1, 1, 1]));

function grouped(x, count, scale, shift) {
  const [n, c, h, w] = x.shape;
  const split = x.ref.reshape([n * count, -1]);
  const centred = split.ref.sub(np.mean(split.ref, 1, { keepdims: true }));
  const variance = np.mean(centred.ref.mul(centred.ref), 1, { keepdims: true });
  const even = centred.ref.div(np.sqrt(variance.add(1e-5))).reshape([n, c, h, w]);
  return channelled(even.mul(scale.ref.reshape([1, -1, 1, 1])), shift);
}

const leaky = x => nn.relu(x.ref).mul(0.8).add(x.ref.mul(0.2));
const unit = row => row.ref.div(np.sqrt(np.sum(row.ref.mul(row.ref))).add(1e-12));

function gan(config) {
  const { batch: count, latent, width, classes } = config;
  const matrix = weight => {
    const out = weight.shape.length === 4 ? weight.shape[0] : weight.shape[1];
    return weight.shape.length === 4 ? weight.ref.reshape([out, -1]) : np.transpose(weight.ref);
  };
  const iterate = (d, u) => {
    const next = {};
    for (const name of Object.keys(u)) {
      const m = matrix(d[name]);
      const v = unit(np.matmul(u[name].ref, m.ref));
      next[name] = unit(np.matmul(v, np.transpose(m.ref)));
    }
    return next;
  };
  const normalised = (d, u, name) => {
    const m = matrix(d[name]);
    const v = lax.stopGradient(unit(np.matmul(u[name].ref, m.ref)));
    return d[name].ref.div(np.sum(np.matmul(u[name].ref, m.ref).mul(v)));
  };
  const norm = (x, scale, shift) => grouped(x, groups(x.shape[1]), scale, shift);
  const up = (x, w, b) => channelled(
    lax.convGeneralDilated(x, w.ref, [1, 1], [[2, 2], [2, 2]], { lhsDilation: [2, 2] }), b);
  const down = (x, w, b) => channelled(
    lax.convGeneralDilated(x, w, [2, 2], [[1, 1], [1, 1]]), b);
  const generate = (g, z, c) => {
    const hidden = np.matmul(z.ref, g.iw.ref).add(g.ib.ref).add(np.matmul(c.ref, g.cw.ref)).add(g.cb.ref);
    let image = hidden.reshape([count, 4 * width, 7, 7]);
    image = up(nn.relu(norm(image, g.n0g, g.n0b)), g.u0w, g.u0b);
    image = up(nn.relu(norm(image, g.n1g, g.n1b)), g.u1w, g.u1b);
    return nn.sigmoid(image);
  };
  const judge = (d, u, pictures, c, rows, columns) => {
    const n = pictures.shape[0];
    const flat = pictures.mul(2).sub(1).reshape([n, SIDE, SIDE]);
    const seen = np.matmul(np.matmul(rows.ref, flat), columns.ref).reshape([n, 1, SIDE, SIDE]);
    let image = leaky(down(seen, normalised(d, u, 'k0w'), d.k0b));
    image = leaky(down(image, normalised(d, u, 'k1w'), d.k1b));
    image = leaky(down(image, normalised(d, u, 'k2w'), d.k2b));
    const features = np.mean(image.reshape([n, 4 * width, -1]), 2);
    const logit = np.matmul(features.ref, normalised(d, u, 'hw')).add(d.hb.ref);
    const match = np.matmul(c.ref, normalised(d, u, 'cw')).mul(features.ref);
    return logit.add(np.sum(match, 1, { keepdims: true }));
  };
  const margins = logits => np.mean(nn.relu(logits.add(1)));
  const step = jit((g, d, u, real, classesOfReal, noise, scale) => {
    const turned = iterate(d.p, u);
    const fake = lax.stopGradient(generate(g.p, noise.dz, classesOfReal));
    const both = np.concatenate([real.ref, fake], 0);
    const bothClasses = np.concatenate([classesOfReal.ref, classesOfReal.ref], 0);
    const [value, ofD] = valueAndGrad(p => {
      const logits = judge(p, turned, both.ref, bothClasses, noise.drows, noise.dcolumns);
      const [onReal, onFake] = np.split(logits, 2, 0);
      return margins(onReal.mul(-1)).add(margins(onFake));
    })(d.p);
    const nextD = adam(d, ofD, config, scale);
    const [, ofG] = valueAndGrad(p => {
      const made = generate(p, noise.gz, noise.gclasses);
      return np.mean(judge(nextD.p, turned, made, noise.gclasses, noise.grows, noise.gcolumns)).mul(-1);
    })(g.p);
    return [adam(g, ofG, config, scale), nextD, turned, value];
  });
  let g = learner(generatorShapes(config));
  let d = learner(discriminatorShapes(config));
  let u = Object.fromEntries(
    Object.entries(directions(config)).map(([name, size]) => [name, unit(array(normal(size), [1, size]))]));
  let taken = 0;
  const data = batch(config);
  const real = array(data.pictures, [count, 1, SIDE, SIDE]);
  const classesOfReal = array(data.classes, [count, classes]);
  const shapes = {
    dz: [count, latent], gz: [count, latent], gclasses: [count, classes],
    drows: [2 * count, SIDE, SIDE], dcolumns: [2 * count, SIDE, SIDE],
    grows: [count, SIDE, SIDE], gcolumns: [count, SIDE, SIDE],
  };
  return async () => {
    taken += 1;
    const noise = Object.fromEntries(
      Object.entries(ganNoise(config)).map(([name, values]) => [name, array(values, shapes[name])]));
    let value;
    [g, d, u, value] = step(g, d, u, real.ref, classesOfReal.ref, noise, corrections(config, taken));
    await blockUntilReady([g.p, d.p]);
    return (await value.data())[0];
  };
}

const silu = x => x.ref.mul(nn.sigmoid(x.ref));

/** The velocity of pictures [n, 784], by parameters of `flowShapes`. */
export function flowVelocity(p, blocks, x, waves, classes) {
  const n = x.shape[0];
  const half = SIDE / 2;
  const conv = (h, name, stride = 1, pad = 1) => channelled(lax.convGeneralDilated(
    h.ref, p[`${name}w`].ref, [stride, stride], [[pad, pad], [pad, pad]]), p[`${name}b`]);
  const linear = (h, name) => np.matmul(h.ref, p[`${name}w`].ref).add(p[`${name}b`].ref);
  const norm = (h, name) => grouped(h, flowGroups(h.shape[1]), p[`${name}g`], p[`${name}b`]);
  const timed = linear(silu(linear(waves, 't0')), 't1');
  const told = silu(timed.add(np.matmul(classes.ref, p.classw.ref)));
  const residual = (h, name) => {
    let image = norm(conv(silu(norm(h, `${name}n0`)), `${name}k0`), `${name}n1`);
    const [gain, shift] = np.split(linear(told, `${name}c`).reshape([n, -1, 1, 1]), 2, 1);
    image = conv(silu(image.mul(gain.add(1)).add(shift)), `${name}k1`);
    return image.add(p[`${name}pw`] ? conv(h, `${name}p`, 1, 0) : h.ref);
  };
  const gathered = np.transpose(x.ref.reshape([n, half, 2, half, 2]), [0, 2, 4, 1, 3]);
  const down = residual(conv(gathered.reshape([n, 4, half, half]), 'in'), 'fd');
  let image = conv(down, 'down', 2);
  for (let i = 0; i < blocks; i += 1) image = residual(image, `c${i}`);
  const width = down.shape[1];
  const up = np.transpose(
    conv(image, 'up', 1, 0).reshape([n, width, 2, 2, half / 2, half / 2]), [0, 1, 4, 2, 5, 3]);
  image = residual(np.concatenate([up.reshape([n, width, half, half]), down.ref], 1), 'fu');
  image = conv(silu(norm(image, 'n')), 'out').reshape([n, 2, 2, half, half]);
  return np.transpose(image, [0, 3, 1, 4, 2]).reshape([n, PIXELS]);
}

function flow(config) {
  const { batch: count, classes, blocks } = config;
  const step = jit((state, mixture, velocity, waves, told, scale) => {
    const [value, gradient] = valueAndGrad(p => {
      const apart = flowVelocity(p, blocks, mixture, waves, told).sub(velocity.ref);
      return np.mean(apart.ref.mul(apart));
    })(state.p);
    return [adam(state, gradient, config, scale), value];
  });
  let state = learner(flowShapes(config));
  let taken = 0;
  const data = batch(config);
  const pictures = array(data.pictures, [count, PIXELS]).mul(2).sub(1);
  return async () => {
    taken += 1;
    const noise = flowNoise(config, data.classes);
    const start = array(noise.start, [count, PIXELS]);
    const velocity = pictures.ref.sub(start.ref);
    const mixture = start.add(velocity.ref.mul(array(noise.shares, [count, 1])));
    const waves = array(noise.waves, [count, 2 * FREQUENCIES]);
    const told = array(noise.told, [count, classes]);
    let value;
    [state, value] = step(state, mixture, velocity, waves, told, corrections(config, taken));
    await blockUntilReady(state.p);
    return (await value.data())[0];
  };
}
