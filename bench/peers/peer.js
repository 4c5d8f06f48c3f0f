// One framework with one net in a frame of its own: `peer.ready`, then
// `peer.run(steps)`, which gives milliseconds a step and the last loss.

const asked = new URLSearchParams(location.search);
const [framework, backend, net] = ['framework', 'backend', 'net'].map(name => asked.get(name));

const load = src => new Promise((resolve, reject) => {
  const script = document.createElement('script');
  script.src = src;
  script.onload = resolve;
  script.onerror = () => reject(new Error(`no ${src}`));
  document.head.append(script);
});

async function prepare() {
  if (framework === 'tfjs') {
    await load('/npm/@tensorflow/tfjs/dist/tf.min.js');
    if (backend === 'wasm') await load('/npm/@tensorflow/tfjs-backend-wasm/dist/tf-backend-wasm.min.js');
    if (backend === 'webgpu') await load('/npm/@tensorflow/tfjs-backend-webgpu/dist/tf-backend-webgpu.min.js');
  }
  const { prepare } = await import(`./${framework}.js`);
  const step = await prepare(net, backend);
  if (prepare.counts) return step;
  return async steps => {
    let loss;
    for (let i = 0; i < steps; i += 1) loss = await step();
    return loss;
  };
}

const steps = prepare();
globalThis.peer = {
  ready: steps.then(() => true),
  async run(count) {
    const run = await steps;
    const start = performance.now();
    const loss = await run(count);
    return { ms: (performance.now() - start) / count, loss };
  },
};
