// Milliseconds in which a photograph is restyled in the tab, ours beside Magenta's net
// for any style in ONNX Runtime Web: the same picture, in the same browser, in turns.

import { time } from './training.mjs';

/** Sides of the photograph, in pixels. */
const SIDES = [512];

const PLAN = [
  { name: 'Lampwork, CPU worker', framework: 'lampwork', backend: '/workers/cpu.js', steps: 1 },
  ...['int8', 'float'].flatMap(form => [1, 2].map(threads => ({
    name: `Magenta, ${form}, ONNX Runtime Web, ${threads} thread${threads > 1 ? 's' : ''}`,
    framework: 'ort', backend: `wasm-${threads}-${form}`, steps: 1,
  }))),
];

/** Prints a table for each size. */
export async function restyle(browser, origin, there, rounds, model) {
  for (const side of SIDES) {
    await time(browser, origin, `a photograph of ${side} x ${side} pixels restyled by ${model}, ms`,
      `restyle-${side}`, PLAN.filter(there), rounds, model);
  }
}
