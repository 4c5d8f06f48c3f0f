// Lampwork's own worker of words, by the messages that the page sends it.

import { Studio } from './lampwork.js';
import { WRITING, prompt, writing } from './writing.js';

/** Seeds that are tried for long texts, and how many are kept. */
const SEEDS = 40;
const KEPT = 3;

export async function prepare(net, script, counted, model) {
  const { rows, most } = writing(net);
  const studio = new Studio(script, 'words');
  await studio.ready;
  const [card, file] = await Promise.all([
    fetch(`/models/${model}/card.json`).then(answer => answer.json()),
    fetch(`/models/${model}/weights.safetensors`).then(answer => answer.arrayBuffer()),
  ]);
  const { ModelLoaded: { weights, poems } } = await studio.ask({ LoadModel: { card } }, 'ModelLoaded', [file]);
  const recipe = { model, weights, prompt: prompt(poems, most), adapter: undefined, keep: undefined, most };

  const write = (count, writing, seed) => {
    const how = { top_k: 0, top_p: 1, repetition: 1, ...writing };
    const recipes = Array.from({ length: count }, (_, index) => (
      { ...recipe, writing: how, seed: BigInt(seed), index }));
    const start = performance.now();
    const made = { tokens: 0, text: '' };
    return new Promise((resolve, reject) => {
      studio.onWrote = ({ pieces, done }) => {
        if (pieces.length) made.first ??= performance.now() - start;
        made.tokens += pieces.length;
        for (const { row, text } of pieces) if (!row) made.text += text;
        if (done) resolve(made);
      };
      studio.ask({ Write: { recipes, shown: undefined } }, 'Wrote').catch(reject);
    });
  };

  // The peer writes on where a text could end; ours is asked for those that do not,
  // or that end as late as can be.
  const longest = [];
  const seek = async () => {
    const found = [];
    for (let seed = 0; seed < SEEDS && longest.length < KEPT; seed += 1) {
      const { tokens } = await write(rows, WRITING, seed);
      if (tokens === rows * most) longest.push(seed);
      else found.push([tokens, seed]);
    }
    found.sort(([a], [b]) => b - a);
    longest.push(...found.slice(0, KEPT - longest.length).map(([, seed]) => seed));
  };
  let next = 0;
  const run = async () => {
    if (!longest.length) await seek();
    next += 1;
    return write(rows, WRITING, longest[next % longest.length]);
  };
  run.likeliest = async () => (await write(1, { temperature: 0, min_p: 0 }, 0)).text;
  return run;
}
prepare.counts = true;
