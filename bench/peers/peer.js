// One framework with one net in a frame of its own: `peer.ready`, then
// `peer.run(steps)`, which gives milliseconds a step and the last loss; where
// pictures are made, a step is a sheet of them, and where texts are written, these
// texts, and instead of a loss there is how many tokens they have and how soon the
// first was there.

const asked = new URLSearchParams(location.search);
const [framework, backend, net, model] = ['framework', 'backend', 'net', 'model'].map(name => asked.get(name));
// What a worker's own counting is told: nothing where there is none.
const counted = asked.has('counted') && new URLSearchParams({ skip: asked.get('skip') ?? '' });

const load = src => new Promise((resolve, reject) => {
  const script = document.createElement('script');
  script.src = src;
  script.onload = resolve;
  script.onerror = () => reject(new Error(`no ${src}`));
  document.head.append(script);
});

async function prepare() {
  if (counted) await import('./counted.js');
  if (framework === 'tfjs') {
    await load('/npm/@tensorflow/tfjs/dist/tf.min.js');
    if (backend === 'wasm') await load('/npm/@tensorflow/tfjs-backend-wasm/dist/tf-backend-wasm.min.js');
    if (backend === 'webgpu') await load('/npm/@tensorflow/tfjs-backend-webgpu/dist/tf-backend-webgpu.min.js');
  }
  const { prepare } = await import(`./${framework}.js`);
  const step = await prepare(net, backend, counted, model);
  if (prepare.counts) return step;
  return async steps => {
    let loss;
    for (let i = 0; i < steps; i += 1) loss = await step();
    return loss;
  };
}

const steps = prepare();
/** What was asked of the WebGPU device since the last call. */
async function counts() {
  if (framework !== 'lampwork') return (await import('./counted.js')).take();
  const channel = new BroadcastChannel('counts');
  try {
    return await new Promise(resolve => {
      channel.onmessage = ({ data }) => resolve(data);
      channel.postMessage('take');
    });
  } finally {
    channel.close();
  }
}

globalThis.peer = {
  counts,
  ready: steps.then(() => true),
  /** What it makes of no noise at all, bytes: to compare. */
  pictures: async () => (await steps).pictures(),
  /** The likeliest text, by taking the likeliest token each time: to compare. */
  likeliest: async () => (await steps).likeliest(),
  async run(count) {
    const run = await steps;
    const start = performance.now();
    const loss = await run(count);
    return { ms: (performance.now() - start) / count, loss };
  },
};
