// The nets and the work of a step, as all peers compute them: those of
// crates/models/src/{vae,gan}/net.rs. Only plain arrays here.

/** Pixels of a picture's side, and of a picture. */
export const SIDE = 28;
export const PIXELS = SIDE * SIDE;

/** The nets whose training is timed. */
export const NETS = {
  vae: {
    batch: 64,
    latent: 16,
    width: 256,
    rate: 1e-3,
    beta1: 0.9,
    beta2: 0.999,
  },
  // The Workbench's own DCGAN (web/src/workbench/presets.rs).
  gan: {
    batch: 32,
    latent: 32,
    width: 16,
    classes: 10,
    shift: 2,
    rate: 5e-4,
    beta1: 0.5,
    beta2: 0.999,
  },
  // The Workbench's own flow, with twice its batch.
  flow: {
    batch: 64,
    width: 16,
    blocks: 2,
    classes: 10,
    dropout: 0.1,
    rate: 2e-3,
    beta1: 0.9,
    beta2: 0.999,
  },
};

/** Frequencies that a flow's time is told by. */
export const FREQUENCIES = 32;

/** How a flow's pictures are made where sampling is timed: Euler's steps, each
    of two evaluations of the net. `net` is `sample-PICTURESxSTEPS`. */
export function sampling(net) {
  const [, count, steps] = /^sample-(\d+)x(\d+)$/.exec(net).map(Number);
  return { count, steps, guidance: 1.5, solver: 'euler' };
}

/** Shapes of a VAE's parameters; linear weights are [in, out]. */
export function vaeShapes({ latent, width }) {
  return {
    e0w: [PIXELS, width], e0b: [width],
    e1w: [width, width], e1b: [width],
    hw: [width, 2 * latent], hb: [2 * latent],
    d0w: [latent, width], d0b: [width],
    d1w: [width, width], d1b: [width],
    d2w: [width, PIXELS], d2b: [PIXELS],
  };
}

/** Shapes of a generator's parameters; transposed convolutions [out, in, h, w]. */
export function generatorShapes({ latent, width, classes }) {
  const hidden = 4 * width * 49;
  return {
    iw: [latent, hidden], ib: [hidden],
    cw: [classes, hidden], cb: [hidden],
    n0g: [4 * width], n0b: [4 * width],
    u0w: [2 * width, 4 * width, 4, 4], u0b: [2 * width],
    n1g: [2 * width], n1b: [2 * width],
    u1w: [1, 2 * width, 4, 4], u1b: [1],
  };
}

/** Shapes of a discriminator's parameters; convolutions [out, in, h, w]. */
export function discriminatorShapes({ width, classes }) {
  return {
    k0w: [width, 1, 4, 4], k0b: [width],
    k1w: [2 * width, width, 4, 4], k1b: [2 * width],
    k2w: [4 * width, 2 * width, 3, 3], k2b: [4 * width],
    hw: [4 * width, 1], hb: [1],
    cw: [classes, 4 * width],
  };
}

/** Shapes of a flow's parameters (crates/models/src/flow/net.rs); linear weights
    [in, out], convolutions [out, in, h, w]. */
export function flowShapes({ width, blocks, classes }) {
  const told = 4 * width;
  const residual = (name, input, output) => ({
    [`${name}n0g`]: [input], [`${name}n0b`]: [input],
    [`${name}k0w`]: [output, input, 3, 3], [`${name}k0b`]: [output],
    [`${name}n1g`]: [output], [`${name}n1b`]: [output],
    [`${name}cw`]: [told, 2 * output], [`${name}cb`]: [2 * output],
    [`${name}k1w`]: [output, output, 3, 3], [`${name}k1b`]: [output],
    ...(input === output ? {} : { [`${name}pw`]: [output, input, 1, 1], [`${name}pb`]: [output] }),
  });
  const coarse = Array.from({ length: blocks }, (_, i) => residual(`c${i}`, 2 * width, 2 * width));
  return {
    t0w: [2 * FREQUENCIES, told], t0b: [told],
    t1w: [told, told], t1b: [told],
    classw: [classes, told],
    inw: [width, 4, 3, 3], inb: [width],
    ...residual('fd', width, width),
    downw: [2 * width, width, 3, 3], downb: [2 * width],
    ...Object.assign({}, ...coarse),
    upw: [4 * width, 2 * width, 1, 1], upb: [4 * width],
    ...residual('fu', 2 * width, width),
    ng: [width], nb: [width],
    outw: [4, width, 3, 3], outb: [4],
  };
}

/** Groups of a flow's normalisation: the most, up to eight, that divide the channels. */
export function flowGroups(channels) {
  let count = Math.min(8, channels);
  while (channels % count) count -= 1;
  return count;
}

/** The noise of one step of a flow: `shares` are the times, `waves` their features. */
export function flowNoise({ batch: count, classes, dropout }, labels) {
  const shares = Float32Array.from({ length: count }, (_, part) => (part + Math.random()) / count);
  const told = labels.slice();
  for (let i = 0; i < count; i += 1) {
    if (Math.random() < dropout) told.fill(0, i * classes, (i + 1) * classes);
  }
  return { start: normal(count * PIXELS), shares, waves: waves(shares), told };
}

/** Sines and cosines of times, a row each. */
export function waves(times) {
  const all = new Float32Array(times.length * 2 * FREQUENCIES);
  times.forEach((time, row) => {
    for (let k = 0; k < FREQUENCIES; k += 1) {
      const angle = time * 1000 ** (k / (FREQUENCIES - 1));
      all[row * 2 * FREQUENCIES + k] = Math.sin(angle);
      all[row * 2 * FREQUENCIES + FREQUENCIES + k] = Math.cos(angle);
    }
  });
  return all;
}

/** Weights whose largest singular value is tracked, and their outputs. */
export function directions({ width }) {
  return { k0w: width, k1w: 2 * width, k2w: 4 * width, hw: 1, cw: 4 * width };
}

/** Groups of a normalisation: about eight channels each. */
export function groups(channels) {
  let count = Math.max(1, Math.floor(channels / 8));
  while (channels % count) count -= 1;
  return count;
}

/** Standard normal numbers. */
export function normal(count) {
  return Float32Array.from({ length: count }, () =>
    Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random()));
}

/** First values: He's normal for weights, ones for scales, zeros for the rest. */
export function initial(name, shape) {
  const count = shape.reduce((a, b) => a * b, 1);
  if (name.endsWith('g')) return new Float32Array(count).fill(1);
  if (!name.endsWith('w')) return new Float32Array(count);
  const inputs = shape.length === 2 ? shape[0] : shape[1] * shape[2] * shape[3];
  return normal(count).map(x => x * Math.sqrt(2 / inputs));
}

/** Pictures and classes of a batch; what they show costs no time. */
export function batch({ batch: count, classes = 0 }) {
  const pictures = Float32Array.from({ length: count * PIXELS }, Math.random);
  return { pictures, classes: oneHot(count, classes) };
}

/** Classes drawn at random, a row each. */
export function oneHot(count, classes) {
  const rows = new Float32Array(count * classes);
  for (let i = 0; i < count && classes; i += 1) {
    rows[i * classes + Math.floor(Math.random() * classes)] = 1;
  }
  return rows;
}

/** Matrices that move the rows, or the columns, of `count` pictures. */
export function shifts(count, reach, columns) {
  const all = new Float32Array(count * PIXELS);
  for (let picture = 0; picture < count; picture += 1) {
    const by = Math.floor(Math.random() * (2 * reach + 1)) - reach;
    for (let to = 0; to < SIDE; to += 1) {
      const from = to - by;
      if (from < 0 || from >= SIDE) continue;
      const [row, column] = columns ? [from, to] : [to, from];
      all[(picture * SIDE + row) * SIDE + column] = 1;
    }
  }
  return all;
}

/** The noise of one step of a GAN. */
export function ganNoise({ batch: count, latent, classes, shift }) {
  return {
    dz: normal(count * latent),
    drows: shifts(2 * count, shift, false),
    dcolumns: shifts(2 * count, shift, true),
    gz: normal(count * latent),
    gclasses: oneHot(count, classes),
    grows: shifts(count, shift, false),
    gcolumns: shifts(count, shift, true),
  };
}
