// TensorFlow.js: the same nets, as its users write them. Pictures are
// [count, height, width, channels] here, the one layout whose gradients it has.

import {
  FREQUENCIES, NETS, PIXELS, SIDE, batch, directions, discriminatorShapes, flowGroups, flowNoise, flowShapes,
  ganNoise, generatorShapes, groups, initial, normal, vaeShapes,
} from './spec.js';

const tf = globalThis.tf;

export async function prepare(net, backend) {
  if (backend === 'wasm') {
    tf.wasm.setWasmPaths('/npm/@tensorflow/tfjs-backend-wasm/dist/');
    if (self.crossOriginIsolated) tf.wasm.setThreadsCount(navigator.hardwareConcurrency);
  }
  if (!await tf.setBackend(backend)) throw new Error(`tfjs has no backend ${backend} here`);
  await tf.ready();
  return { vae, gan, flow }[net](NETS[net]);
}

function variables(shapes) {
  const made = {};
  for (const [name, shape] of Object.entries(shapes)) {
    made[name] = tf.variable(tf.tensor(initial(name, shape), shape));
  }
  return made;
}

function vae(config) {
  const { batch: count, latent } = config;
  const p = variables(vaeShapes(config));
  const adam = tf.train.adam(config.rate, config.beta1, config.beta2, 1e-8);
  const x = tf.tensor(batch(config).pictures, [count, PIXELS]);
  const layer = (h, name) => tf.add(tf.matMul(h, p[`${name}w`]), p[`${name}b`]);
  const loss = noise => {
    const hidden = tf.relu(layer(tf.relu(layer(x, 'e0')), 'e1'));
    const [mean, wild] = tf.split(layer(hidden, 'h'), 2, 1);
    const logVariance = tf.clipByValue(wild, -12, 12);
    const z = mean.add(logVariance.mul(0.5).exp().mul(noise));
    const logits = layer(tf.relu(layer(tf.relu(layer(z, 'd0')), 'd1')), 'd2');
    const reconstruction = tf.softplus(logits).sub(logits.mul(x)).sum(1);
    const kl = mean.square().add(logVariance.exp()).sub(logVariance).sub(1).sum(1).mul(0.5);
    return reconstruction.mean().add(kl.mean());
  };
  return async () => {
    const value = tf.tidy(() => {
      const noise = tf.tensor(normal(count * latent), [count, latent]);
      return adam.minimize(() => loss(noise), true, Object.values(p));
    });
    const [number] = await value.data();
    value.dispose();
    return number;
  };
}

// Weights of convolutions as this framework lays them.
const wide = ([out, input, h, w]) => [h, w, input, out];
const lay = (shapes, layout) => Object.fromEntries(Object.entries(shapes)
  .map(([name, shape]) => [name, shape.length === 4 ? layout(shape) : shape]));

function grouped(x, count, scale, shift) {
  const [n, h, w, c] = x.shape;
  const split = x.reshape([n, h * w, count, c / count]);
  const mean = split.mean([1, 3], true);
  const centred = split.sub(mean);
  const variance = centred.square().mean([1, 3], true);
  return centred.mul(variance.add(1e-5).rsqrt()).reshape(x.shape).mul(scale).add(shift);
}

const leaky = x => tf.leakyRelu(x, 0.2);
const unit = row => row.div(row.square().sum().sqrt().add(1e-12));

function gan(config) {
  const { batch: count, latent, width, classes } = config;
  const up = ([out, input, h, w]) => [h, w, out, input];
  const g = variables(lay(generatorShapes(config), up));
  const d = variables(lay(discriminatorShapes(config), wide));
  const u = {};
  for (const [name, size] of Object.entries(directions(config))) {
    u[name] = tf.variable(unit(tf.tensor(normal(size), [1, size])), false);
  }
  const adam = () => tf.train.adam(config.rate, config.beta1, config.beta2, 1e-8);
  const [ofG, ofD] = [adam(), adam()];
  const data = batch(config);
  const real = tf.tensor(data.pictures, [count, SIDE, SIDE, 1]);
  const realClasses = tf.tensor(data.classes, [count, classes]);

  // [output, rest] of a weight whose last axis is the output.
  const matrix = weight => tf.transpose(tf.reshape(weight, [-1, weight.shape.at(-1)]));
  const iterate = () => tf.tidy(() => {
    for (const name of Object.keys(u)) {
      const m = matrix(d[name]);
      u[name].assign(unit(tf.matMul(unit(tf.matMul(u[name], m)), m, false, true)));
    }
  });
  const normalised = name => {
    const m = matrix(d[name]);
    // The direction's partner is a constant, as the paper's gradient has it.
    const v = tf.customGrad(w => ({ value: unit(tf.matMul(u[name], w)), gradFunc: () => tf.zerosLike(w) }))(m);
    return d[name].div(tf.matMul(u[name], m).mul(v).sum());
  };
  const norm = (x, scale, shift) => grouped(x, groups(x.shape[3]), scale, shift);
  const generate = (z, c) => {
    const hidden = tf.matMul(z, g.iw).add(g.ib).add(tf.matMul(c, g.cw)).add(g.cb);
    let image = hidden.reshape([count, 7, 7, 4 * width]);
    image = tf.relu(norm(image, g.n0g, g.n0b));
    image = tf.conv2dTranspose(image, g.u0w, [count, 14, 14, 2 * width], 2, 'same').add(g.u0b);
    image = tf.relu(norm(image, g.n1g, g.n1b));
    image = tf.conv2dTranspose(image, g.u1w, [count, 28, 28, 1], 2, 'same').add(g.u1b);
    return tf.sigmoid(image);
  };
  const judge = (pictures, c, rows, columns) => {
    const n = pictures.shape[0];
    const flat = pictures.mul(2).sub(1).reshape([n, SIDE, SIDE]);
    const seen = tf.matMul(tf.matMul(rows, flat), columns).reshape([n, SIDE, SIDE, 1]);
    let image = leaky(tf.conv2d(seen, normalised('k0w'), 2, 'same').add(d.k0b));
    image = leaky(tf.conv2d(image, normalised('k1w'), 2, 'same').add(d.k1b));
    image = leaky(tf.conv2d(image, normalised('k2w'), 2, 'same').add(d.k2b));
    const features = image.mean([1, 2]);
    const logit = tf.matMul(features, normalised('hw')).add(d.hb);
    return logit.add(tf.matMul(c, normalised('cw')).mul(features).sum(1, true));
  };
  const margins = logits => tf.relu(logits.add(1)).mean();
  return async () => {
    const value = tf.tidy(() => {
      const noise = ganNoise(config);
      const square = (values, n) => tf.tensor(values, [n, SIDE, SIDE]);
      iterate();
      const fake = generate(tf.tensor(noise.dz, [count, latent]), realClasses);
      const both = tf.concat([real, fake], 0);
      const bothClasses = tf.concat([realClasses, realClasses], 0);
      const [rows, columns] = [square(noise.drows, 2 * count), square(noise.dcolumns, 2 * count)];
      const value = ofD.minimize(() => {
        const [onReal, onFake] = tf.split(judge(both, bothClasses, rows, columns), 2, 0);
        return margins(onReal.neg()).add(margins(onFake));
      }, true, Object.values(d));
      const z = tf.tensor(noise.gz, [count, latent]);
      const c = tf.tensor(noise.gclasses, [count, classes]);
      ofG.minimize(
        () => judge(generate(z, c), c, square(noise.grows, count), square(noise.gcolumns, count))
          .mean().neg(),
        false,
        Object.values(g),
      );
      return value;
    });
    const [number] = await value.data();
    value.dispose();
    return number;
  };
}

/** A 3x3 convolution as one matrix product of what each place sees: for the wasm
    backend, which has no kernel for the gradient of its own convolution. */
function byProducts(x, weight, stride) {
  const [n, h, w, c] = x.shape;
  const padded = tf.pad(x, [[0, 0], [1, 1], [1, 1], [0, 0]]);
  const [rows, columns] = [h / stride, w / stride];
  const taps = [0, 1, 2].flatMap(dy => [0, 1, 2].map(dx => [dy, dx]));
  let seen;
  if (stride === 1) {
    seen = taps.map(([dy, dx]) => tf.slice(padded, [0, dy, dx, 0], [n, h, w, c]));
  } else {
    const [high, broad] = [h / 2 + 1, w / 2 + 1];
    const blocks = padded.reshape([n * high, 2, broad, 2 * c]).transpose([0, 2, 1, 3])
      .reshape([n, high, broad, 4 * c]);
    seen = taps.map(([dy, dx]) => tf.slice(
      blocks, [0, dy >> 1, dx >> 1, ((dy & 1) * 2 + (dx & 1)) * c], [n, rows, columns, c]));
  }
  const out = weight.shape[3];
  return tf.matMul(tf.concat(seen, 3).reshape([-1, 9 * c]), weight.reshape([9 * c, out]))
    .reshape([n, rows, columns, out]);
}

const silu = x => x.mul(tf.sigmoid(x));

/** The velocity of pictures [n, 784], by parameters by the names of `flowShapes`, convolutions
    [h, w, in, out]. */
export function flowVelocity(p, blocks, x, waves, classes) {
  const n = x.shape[0];
  const half = SIDE / 2;
  const products = tf.getBackend() === 'wasm';
  const conv = (h, name, stride = 1) => (products
    ? byProducts(h, p[`${name}w`], stride)
    : tf.conv2d(h, p[`${name}w`], stride, 1, 'NHWC', 1, 'floor')).add(p[`${name}b`]);
  // A 1x1 convolution is a product of the channels, in every framework.
  const pointwise = (h, name) => {
    const [, rows, columns, c] = h.shape;
    return tf.matMul(h.reshape([-1, c]), p[`${name}w`].reshape([c, -1])).add(p[`${name}b`])
      .reshape([n, rows, columns, -1]);
  };
  const linear = (h, name) => tf.matMul(h, p[`${name}w`]).add(p[`${name}b`]);
  const norm = (h, name) => grouped(h, flowGroups(h.shape[3]), p[`${name}g`], p[`${name}b`]);
  const told = silu(linear(silu(linear(waves, 't0')), 't1').add(tf.matMul(classes, p.classw)));
  const residual = (h, name) => {
    let image = conv(silu(norm(h, `${name}n0`)), `${name}k0`);
    const [gain, shift] = tf.split(linear(told, `${name}c`).reshape([n, 1, 1, -1]), 2, 3);
    image = norm(image, `${name}n1`).mul(gain.add(1)).add(shift);
    return conv(silu(image), `${name}k1`).add(p[`${name}pw`] ? pointwise(h, `${name}p`) : h);
  };
  const gathered = x.reshape([n * half, 2, half, 2]).transpose([0, 2, 1, 3]).reshape([n, half, half, 4]);
  const down = residual(conv(gathered, 'in'), 'fd');
  let image = conv(down, 'down', 2);
  for (let i = 0; i < blocks; i += 1) image = residual(image, `c${i}`);
  const width = down.shape[3];
  // The channels of `up` are [2, 2, width] here, so that they scatter by one transposition.
  const up = pointwise(image, 'up').reshape([n * half / 2, half / 2, 2, 2 * width])
    .transpose([0, 2, 1, 3]).reshape([n, half, half, width]);
  image = residual(tf.concat([up, down], 3), 'fu');
  image = conv(silu(norm(image, 'n')), 'out');
  return image.reshape([n * half, half, 2, 2]).transpose([0, 2, 1, 3]).reshape([n, PIXELS]);
}

function flow(config) {
  const { batch: count, classes, blocks } = config;
  const p = variables(lay(flowShapes(config), wide));
  const adam = tf.train.adam(config.rate, config.beta1, config.beta2, 1e-8);
  const data = batch(config);
  const pictures = tf.tensor(data.pictures, [count, PIXELS]).mul(2).sub(1);
  return async () => {
    const value = tf.tidy(() => {
      const noise = flowNoise(config, data.classes);
      const start = tf.tensor(noise.start, [count, PIXELS]);
      const velocity = pictures.sub(start);
      const mixture = start.add(velocity.mul(tf.tensor(noise.shares, [count, 1])));
      const waves = tf.tensor(noise.waves, [count, 2 * FREQUENCIES]);
      const told = tf.tensor(noise.told, [count, classes]);
      return adam.minimize(
        () => flowVelocity(p, blocks, mixture, waves, told).sub(velocity).square().mean(),
        true,
        Object.values(p),
      );
    });
    const [number] = await value.data();
    value.dispose();
    return number;
  };
}
