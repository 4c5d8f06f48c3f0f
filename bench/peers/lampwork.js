// Lampwork's own worker, by the messages that the page sends it.

import { NETS } from './spec.js';

/** The recipe of a net as crates/protocol/src/run.rs has it. */
export function recipe(net) {
  const c = NETS[net];
  const model = net === 'vae'
    ? {
      family: 'vae', net: 'mlp', latent: c.latent, classes: 0, width: c.width, beta: 1,
      kl_warmup: 0, dropout: 0,
    }
    : {
      family: 'gan', net: 'conv', latent: c.latent, classes: c.classes, width: c.width,
      loss: 'hinge', spectral_norm: true, label_smoothing: 0,
      diff_augment: { shift: c.shift, cutout: 0, brightness: 0 }, dropout: 0, d_rate: 1,
    };
  return {
    data: 'fashion',
    model,
    optimizer: {
      kind: { rule: 'adam', beta1: c.beta1, beta2: c.beta2 },
      learning_rate: c.rate, schedule: { shape: 'constant' }, warmup: 0, clip_norm: undefined,
    },
    batch: c.batch,
    // As the Workbench cuts a step so that the page is answered in time.
    micro_batch: net === 'vae' ? c.batch : 16,
    epochs: 100000,
    seed: 1n,
    augment: { shift: 0, flip: false, cutout: 0 },
    early_stopping: undefined,
    ema: 0,
  };
}

/** A worker, and a way to ask it. */
export class Studio {
  constructor(script) {
    this.worker = new Worker(script, { type: 'module' });
    this.next = 1;
    this.waiting = new Map();
    this.step = 0;
    this.onRun = () => {};
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
}

export async function prepare(net, script, counted) {
  const studio = new Studio(counted
    ? `/peers/counted-worker.js?${counted}&script=${encodeURIComponent(script)}` : script);
  await studio.ready;
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
