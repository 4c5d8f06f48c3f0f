// TensorFlow.js: the same nets, as its users write them. Pictures are
// [count, height, width, channels] here, the one layout whose gradients it has.

import {
  NETS, PIXELS, SIDE, batch, directions, discriminatorShapes, ganNoise, generatorShapes, groups,
  initial, normal, vaeShapes,
} from './spec.js';

const tf = globalThis.tf;

export async function prepare(net, backend) {
  if (backend === 'wasm') {
    tf.wasm.setWasmPaths('/npm/@tensorflow/tfjs-backend-wasm/dist/');
    if (self.crossOriginIsolated) tf.wasm.setThreadsCount(navigator.hardwareConcurrency);
  }
  if (!await tf.setBackend(backend)) throw new Error(`tfjs has no backend ${backend} here`);
  await tf.ready();
  return net === 'vae' ? vae(NETS.vae) : gan(NETS.gan);
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

const leaky = x => tf.leakyRelu(x, 0.2);
const unit = row => row.div(row.square().sum().sqrt().add(1e-12));

function gan(config) {
  const { batch: count, latent, width, classes } = config;
  const wide = ([out, input, h, w]) => [h, w, input, out];
  const up = ([out, input, h, w]) => [h, w, out, input];
  const lay = (shapes, layout) => Object.fromEntries(Object.entries(shapes)
    .map(([name, shape]) => [name, shape.length === 4 ? layout(shape) : shape]));
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
  const norm = (x, scale, shift) => {
    const [n, h, w, c] = x.shape;
    const split = x.reshape([n, h * w, groups(c), c / groups(c)]);
    const mean = split.mean([1, 3], true);
    const centred = split.sub(mean);
    const variance = centred.square().mean([1, 3], true);
    return centred.mul(variance.add(1e-5).rsqrt()).reshape(x.shape).mul(scale).add(shift);
  };
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
