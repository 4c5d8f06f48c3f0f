// ONNX Runtime Web: a shipped flow as bench/onnx/export.py wrote it. Guidance and
// Euler's step are part of the graph, so that a step is one call of the runtime and
// on WebGPU the pictures stay on the device until they are done.

import { normal, sampling } from './spec.js';

const DIST = '/npm/onnxruntime-web/dist';

export async function prepare(net, backend) {
  if (net.startsWith('restyle')) return (await import('./ort-restyle.js')).prepare(net, backend);
  const { count, steps, guidance } = sampling(net);
  const ort = await import(`${DIST}/ort.${backend}.min.mjs`);
  ort.env.wasm.wasmPaths = `${DIST}/`;
  // As our worker has it.
  ort.env.wasm.numThreads = 1;
  const onDevice = backend === 'webgpu';
  const about = await (await fetch('/onnx/flow.json')).json();
  const session = await ort.InferenceSession.create('/onnx/step.onnx', {
    executionProviders: [backend],
    graphOptimizationLevel: 'all',
    ...(onDevice && { preferredOutputLocation: 'gpu-buffer' }),
  });
  const tensor = (values, shape) => new ort.Tensor('float32', Float32Array.from(values), shape);
  const values = about.side * about.side * about.channels;
  const told = { width: tensor([1 / steps], [1]) };
  if (about.classes || about.words) told.guidance = tensor([guidance], [1]);
  if (about.classes) {
    const rows = new Float32Array(count * about.classes);
    for (let i = 0; i < count; i += 1) rows[i * about.classes + (i % about.classes)] = 1;
    told.classes = tensor(rows, [count, about.classes]);
  }
  if (about.words) told.words = tensor(new Float32Array(count * about.words), [count, about.words]);

  const sheet = async noise => {
    let pictures = tensor(noise, [count, values]);
    for (let step = 0; step < steps; step += 1) {
      const { next } = await session.run({ pictures, time: tensor([step / steps], [1]), ...told });
      if (onDevice && step) pictures.dispose();
      pictures = next;
    }
    const made = await pictures.getData(true);
    return Uint8Array.from(made, x => Math.round(255 * Math.min(1, Math.max(0, (x + 1) / 2))));
  };
  const run = async sheets => {
    for (let i = 0; i < sheets; i += 1) await sheet(normal(count * values));
  };
  run.pictures = async () => [...await sheet(new Float32Array(count * values))];
  return run;
}
prepare.counts = true;
