// ONNX Runtime Web: Magenta's net for any style (Ghiasi and others 2017, arXiv
// 1705.06830), as bench/onnx/export_magenta.py wrote it. The style is looked at once,
// before the clock runs, as a visitor who keeps to a style would have it.

import { photo, sideOf } from './photo.js';

const DIST = '/npm/onnxruntime-web/dist';

/** `backend` is `wasm-THREADS-FORM`, the form `int8` or `float`. */
export async function prepare(net, backend) {
  const side = sideOf(net);
  const [, threads, form] = backend.split('-');
  const ort = await import(`${DIST}/ort.wasm.min.mjs`);
  ort.env.wasm.wasmPaths = `${DIST}/`;
  ort.env.wasm.numThreads = Number(threads);
  const open = name => ort.InferenceSession.create(`/onnx/${name}.onnx`, {
    executionProviders: ['wasm'], graphOptimizationLevel: 'all',
  });
  const tensor = (bytes, side) => new ort.Tensor(
    'float32', Float32Array.from(bytes, value => value / 255), [1, side, side, 3]);
  const predict = await open('predict');
  const style = await predict.run({ style_image: tensor(await photo(256), 256) });
  const vector = Object.values(style)[0];
  const transform = await open(`transform-${form}-${side}`);
  const [picture, told] = transform.inputNames;
  const bytes = await photo(side);
  return async times => {
    for (let i = 0; i < times; i += 1) {
      const made = await transform.run({ [picture]: tensor(bytes, side), [told]: vector });
      const values = await Object.values(made)[0].getData();
      Uint8Array.from(values, value => Math.round(255 * value));
    }
  };
}
