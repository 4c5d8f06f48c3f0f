// ONNX Runtime Web: a language model that is shipped, as bench/onnx/export_text.py
// wrote it. What it keeps of what it has read goes from one call into the next, and on
// WebGPU it never leaves the device.

import { choose, promptTokens, writing } from './writing.js';

const DIST = '/npm/onnxruntime-web/dist';

export async function prepare(net, backend) {
  const { rows, most } = writing(net);
  const ort = await import(`${DIST}/ort.${backend}.min.mjs`);
  ort.env.wasm.wasmPaths = `${DIST}/`;
  // As our worker has it.
  ort.env.wasm.numThreads = 1;
  const onDevice = backend === 'webgpu';
  const about = await (await fetch('/onnx/text.json')).json();
  const kept = about.past.map(([name]) => name.replace('past.', 'kept.'));
  const session = await ort.InferenceSession.create('/onnx/step.onnx', {
    executionProviders: [backend],
    graphOptimizationLevel: 'all',
    ...(onDevice && {
      preferredOutputLocation: Object.fromEntries(kept.map(name => [name, 'gpu-buffer'])),
    }),
  });
  const transformer = about.family === 'transformer';
  const integers = (values, shape) => new ort.Tensor('int32', Int32Array.from(values), shape);
  const specials = about.specials.length;

  /** What is kept of `rows` texts of which nothing was read. */
  const blank = rows => about.past.map(([, shape]) => {
    const dims = shape.map(size => ({ rows, tokens: 0 })[size] ?? size);
    return new ort.Tensor('float32', new Float32Array(dims.reduce((a, b) => a * b, 1)), dims);
  });

  /** The same of `rows` texts, of which there is one. */
  const repeated = (tensor, axis, rows) => {
    // What comes before the axis is of size one, so that each row is of one piece.
    const data = new Float32Array(tensor.data.length * rows);
    for (let row = 0; row < rows; row += 1) data.set(tensor.data, row * tensor.data.length);
    return new ort.Tensor('float32', data, tensor.dims.with(axis, rows));
  };

  /** Writes; calls `first` once the first tokens are chosen. */
  const write = async (rows, prompt, most, temperature, first) => {
    // The prompt is read once for all rows, as our worker does it; on a device, where
    // it would have to be copied, by all of them.
    let batch = onDevice ? rows : 1;
    let past = blank(batch);
    let read = 0;
    const step = async tokens => {
      const each = tokens.length / batch;
      read += each;
      const told = { tokens: new ort.Tensor('int64', BigInt64Array.from(tokens, BigInt), [batch, each]) };
      if (transformer) {
        told.last = integers(Array(batch).fill(read - 1), [batch]);
        told.total = integers([read], []);
      }
      about.past.forEach(([name], i) => { told[name] = past[i]; });
      const made = await session.run(told);
      if (onDevice) for (const tensor of past) tensor.dispose();
      past = kept.map(name => made[name]);
      return made.logits.data;
    };
    let logits = await step(Array(batch).fill(prompt).flat());
    if (batch < rows) {
      batch = rows;
      past = past.map((tensor, i) => repeated(tensor, about.past[i][1].indexOf('rows'), rows));
      logits = Float32Array.from({ length: rows * logits.length }, (_, i) => logits[i % logits.length]);
    }
    const written = Array.from({ length: rows }, () => []);
    for (let count = 0; count < most; count += 1) {
      if (count) logits = await step(written.map(row => row.at(-1)));
      for (const [row, tokens] of written.entries()) {
        const own = logits.subarray(row * about.vocabulary, (row + 1) * about.vocabulary);
        tokens.push(choose(own, specials, temperature));
      }
      if (!count) first();
    }
    if (onDevice) for (const tensor of past) tensor.dispose();
    return written;
  };

  const prompt = promptTokens(about.specials, most);
  const run = async () => {
    const start = performance.now();
    let first;
    const written = await write(rows, prompt, most, undefined, () => { first = performance.now() - start; });
    return { first, tokens: written.flat().length };
  };
  run.likeliest = async () => {
    const [tokens] = await write(1, prompt, most, 0, () => {});
    return new TextDecoder().decode(Uint8Array.from(tokens.flatMap(token => about.texts[token - specials])));
  };
  return run;
}
prepare.counts = true;
