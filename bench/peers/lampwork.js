// Lampwork's own worker, by the messages that the page sends it.

import { photo, sideOf } from './photo.js';
import { NETS, sampling } from './spec.js';

/** The nets as crates/protocol/src/run.rs has them. */
const MODELS = {
  vae: c => ({
    family: 'vae', net: 'mlp', latent: c.latent, classes: 0, width: c.width, beta: 1,
    kl_warmup: 0, dropout: 0,
  }),
  gan: c => ({
    family: 'gan', net: 'conv', latent: c.latent, classes: c.classes, width: c.width,
    loss: 'hinge', spectral_norm: true, label_smoothing: 0,
    diff_augment: { shift: c.shift, cutout: 0, brightness: 0 }, dropout: 0, d_rate: 1,
  }),
  flow: c => ({
    family: 'flow', classes: c.classes, width: c.width, blocks: c.blocks,
    class_dropout: c.dropout, times: 'uniform', words: 0, colour: false, shortcut: undefined,
  }),
};
/** Examples of a slice, as the Workbench cuts a step so that the page is answered
    in time. */
const SLICES = { vae: 64, gan: 16, flow: 8 };

/** The recipe of a net. */
export function recipe(net) {
  const c = NETS[net];
  return {
    data: 'fashion',
    model: MODELS[net](c),
    optimizer: {
      kind: { rule: 'adam', beta1: c.beta1, beta2: c.beta2 },
      learning_rate: c.rate, schedule: { shape: 'constant' }, warmup: 0, clip_norm: undefined,
    },
    batch: c.batch,
    micro_batch: SLICES[net],
    epochs: 100000,
    seed: 1n,
    augment: { shift: 0, flip: false, cutout: 0 },
    early_stopping: undefined,
    ema: 0,
  };
}

/** A worker, and a way to ask it. */
export class Studio {
  /** The WebGPU worker is told by its name what it is to be. */
  constructor(script, name = '') {
    this.worker = new Worker(script, { type: 'module', name });
    this.next = 1;
    this.waiting = new Map();
    this.step = 0;
    this.onRun = () => {};
    this.onPictures = () => {};
    this.onWrote = () => {};
    this.ready = new Promise((resolve, reject) => {
      this.worker.onerror = event => reject(new Error(event.message || `${script} does not start`));
      this.worker.onmessage = ({ data }) => this.hear(data, resolve, reject);
    });
  }

  hear(data, resolve, reject) {
    if (data.failed) reject(new Error(JSON.stringify(data)));
    if (!data.m) return;
    const { request, event } = data.m;
    const kind = typeof event === 'string' ? event : Object.keys(event)[0];
    if (kind === 'Ready') resolve(event.Ready);
    if (kind === 'Failed' || kind === 'DeviceLost') {
      const fault = new Error(JSON.stringify(event, (_, v) => (typeof v === 'bigint' ? Number(v) : v)));
      reject(fault);
      this.waiting.get(request)?.reject(fault);
      return;
    }
    if (kind === 'Steps') this.loss = event.Steps.steps.at(-1).values[0][1];
    if (kind === 'Run') {
      this.step = Number(event.Run.step);
      this.onRun(event.Run);
    }
    if (kind === 'Wrote') this.onWrote(event.Wrote);
    if (kind === 'Pictures') this.onPictures(event.Pictures, data.p[0]);
    const waiting = this.waiting.get(request);
    if (waiting && kind === waiting.kind) {
      this.waiting.delete(request);
      waiting.resolve(event);
    }
  }

  ask(command, kind, payload = []) {
    const id = this.next;
    this.next += 1;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { kind, resolve, reject });
      this.worker.postMessage({ m: { id, command }, p: payload }, payload);
    });
  }

  /** Trains and returns when the last step is done. */
  train(steps) {
    const until = this.step + steps;
    return new Promise((resolve, reject) => {
      this.onRun = run => {
        if (run.state === 'Paused' && Number(run.step) >= until) resolve();
      };
      this.ask({ Step: { steps } }, 'Run').catch(reject);
    });
  }

  /** Makes pictures and returns their bytes when the last is there. */
  make(recipes) {
    const pieces = [];
    return new Promise((resolve, reject) => {
      this.onPictures = ({ done }, bytes) => {
        pieces.push(bytes);
        if (done) resolve(pieces);
      };
      this.ask({ Make: { recipes } }, 'Pictures').catch(reject);
    });
  }
}

/** Makes sheets of a flow that is shipped. */
async function sampler(studio, net, model) {
  const { count, ...way } = sampling(net);
  const [card, file] = await Promise.all([
    fetch(`/models/${model}/card.json`).then(answer => answer.json()),
    fetch(`/models/${model}/weights.safetensors`).then(answer => answer.arrayBuffer()),
  ]);
  const { ModelLoaded: { weights } } = await studio.ask({ LoadModel: { card } }, 'ModelLoaded', [file]);
  const { classes } = card.recipe.model;
  let seed = 0;
  const sheet = temperature => {
    seed += 1;
    return studio.make(Array.from({ length: count }, (_, index) => ({
      model, weights, sampling: way,
      latent: { Draw: { seed, index, temperature, class: classes ? index % classes : undefined } },
    })));
  };
  const run = async sheets => { for (let i = 0; i < sheets; i += 1) await sheet(1); };
  // From a point that peers can start at too: the middle, where noise is all zero.
  run.pictures = async () => (await sheet(0)).flatMap(piece => [...new Uint8Array(piece)]);
  return run;
}

/** Restyles a photograph by a model that is shipped, in a blend of two styles. */
async function restyler(studio, net, model) {
  const side = sideOf(net);
  const [card, file, pixels] = await Promise.all([
    fetch(`/models/${model}/card.json`).then(answer => answer.json()),
    fetch(`/models/${model}/weights.safetensors`).then(answer => answer.arrayBuffer()),
    photo(side),
  ]);
  const { ModelLoaded: { weights } } = await studio.ask({ LoadModel: { card } }, 'ModelLoaded', [file]);
  const styles = card.recipe.model.restyle.names.map((_, at) => (at < 2 ? 0.5 : 0));
  const order = { model, weights, width: side, height: side, channels: 3, times: 1, styles };
  return async times => {
    for (let i = 0; i < times; i += 1) {
      await studio.ask({ Translate: { order } }, 'Translated', [pixels.slice().buffer]);
    }
  };
}

export async function prepare(net, script, counted, model) {
  const studio = new Studio(counted
    ? `/peers/counted-worker.js?${counted}&script=${encodeURIComponent(script)}` : script);
  await studio.ready;
  if (net.startsWith('restyle')) return restyler(studio, net, model);
  if (!NETS[net]) return sampler(studio, net, model);
  const data = await (await fetch('/datasets/fashion.safetensors')).arrayBuffer();
  await studio.ask({ LoadData: { data: 'fashion' } }, 'DataLoaded', [data]);
  await studio.ask({ StartRun: { recipe: recipe(net) } }, 'Run');
  // Many steps to one request: what a `Step` ends with (a frame of the
  // filmstrip) is then shared as it is in a long run.
  return async steps => {
    await studio.train(steps);
    return studio.loss;
  };
}
prepare.counts = true;
