// Milliseconds of a training step in the tab, or of a sheet of pictures, ours beside
// the peers': same net, batch and browser, taking turns within the same minutes.

import { median, row } from './numbers.mjs';

const OURS = { name: 'Lampwork, CPU worker', framework: 'lampwork', backend: '/workers/cpu.js' };

/** What is timed where, and for how many steps a turn. */
export const PLANS = {
  cpu: {
    vae: [
      { ...OURS, steps: 40 },
      { name: 'jax-js, wasm, jit', framework: 'jax', backend: 'wasm', steps: 20 },
      { name: 'tfjs, wasm', framework: 'tfjs', backend: 'wasm', steps: 4 },
      { name: 'tfjs, cpu', framework: 'tfjs', backend: 'cpu', steps: 1, rounds: 1 },
      { name: 'tfjs, webgl (SwiftShader)', framework: 'tfjs', backend: 'webgl', steps: 2, rounds: 2 },
    ],
    gan: [
      { ...OURS, steps: 15 },
      { name: 'jax-js, wasm, jit', framework: 'jax', backend: 'wasm', steps: 1, rounds: 1 },
      { name: 'tfjs, wasm', framework: 'tfjs', backend: 'wasm', steps: 2 },
      { name: 'tfjs, cpu', framework: 'tfjs', backend: 'cpu', steps: 1, rounds: 1 },
      { name: 'tfjs, webgl (SwiftShader)', framework: 'tfjs', backend: 'webgl', steps: 1, rounds: 1 },
    ],
    flow: [
      { ...OURS, steps: 10 },
      { name: 'jax-js, wasm, jit', framework: 'jax', backend: 'wasm', steps: 1, rounds: 1 },
      { name: 'tfjs, wasm, by products', framework: 'tfjs', backend: 'wasm', steps: 2 },
      { name: 'tfjs, cpu', framework: 'tfjs', backend: 'cpu', steps: 1, rounds: 1 },
      { name: 'tfjs, webgl (SwiftShader)', framework: 'tfjs', backend: 'webgl', steps: 1, rounds: 1 },
    ],
  },
  webgpu: Object.fromEntries(['vae', 'gan', 'flow'].map(net => [net, [
    { name: 'Lampwork, WebGPU worker', framework: 'lampwork', backend: '/workers/gpu.js', steps: 3 },
    { name: 'Lampwork, WebGPU, no fusion', framework: 'lampwork', backend: '/unfused/gpu.js', steps: 3 },
    { name: 'jax-js, WebGPU, jit', framework: 'jax', backend: 'webgpu', steps: 3 },
    { name: 'tfjs, WebGPU', framework: 'tfjs', backend: 'webgpu', steps: 2 },
    // A flow's step takes the software adapter long.
  ].map(peer => (net === 'flow' ? { ...peer, steps: 1, rounds: 1 } : peer))])),
};

/** Pictures and steps of the sheets whose sampling is timed. The software adapter
    takes a minute for what the CPU does in seconds: fewer steps there. */
export const SHEETS = {
  cpu: ['sample-64x20', 'sample-1x20'],
  webgpu: ['sample-64x1', 'sample-1x4'],
};

/** Who samples where. */
export const SAMPLERS = {
  cpu: [
    { ...OURS, steps: 1 },
    { name: 'ONNX Runtime Web, wasm', framework: 'ort', backend: 'wasm', steps: 1 },
  ],
  webgpu: [
    { name: 'Lampwork, WebGPU worker', framework: 'lampwork', backend: '/workers/gpu.js', steps: 1, rounds: 2 },
    { name: 'ONNX Runtime Web, WebGPU', framework: 'ort', backend: 'webgpu', steps: 1, rounds: 2 },
  ],
};

/** Times sampling by one model, and says how far the pictures are apart. */
export async function sample(browser, origin, title, net, plan, rounds, model) {
  const [, count, steps] = /(\d+)x(\d+)/.exec(net);
  const what = `${count} picture${count === '1' ? '' : 's'} by ${model}, ${steps} step${steps === '1' ? '' : 's'} of Euler with guidance`;
  const results = await time(browser, origin, `${what}, ${title}, ms`, net, plan, rounds, model);
  const made = [];
  for (const [id, { name, fault }] of results.entries()) {
    if (fault) continue;
    const pictures = await browser.run(
      id => document.querySelector(`#peer${id}`).contentWindow.peer.pictures(), id);
    made.push({ name, pictures });
  }
  const [ours, ...theirs] = made;
  const most = numbers => numbers.reduce((a, b) => Math.max(a, b), 0);
  for (const { name, pictures } of theirs) {
    if (pictures.length !== ours.pictures.length) throw new Error(`${name} makes pictures of another size`);
    const apart = most(pictures.map((value, i) => Math.abs(value - ours.pictures[i])));
    console.log(`  from the same point, ${name} and ${ours.name} are at most ${apart} of 255 levels apart (the brightest is ${most(pictures)})`);
  }
}

/** Times one plan in a fresh page and prints the table. */
export async function time(browser, origin, title, net, plan, rounds, model = '') {
  console.log(`\n${title} (median of turns; lowest)`);
  await browser.open(`${origin}/peers/index.html`);
  const results = [];
  for (const peer of plan) {
    const id = results.length;
    const query = new URLSearchParams({ framework: peer.framework, backend: peer.backend, net, model });
    const result = { ...peer, times: [] };
    results.push(result);
    try {
      await browser.run((id, url) => openPeer(url, `peer${id}`).then(() => true),
        id, `${origin}/peers/peer.html?${query}`);
      // Compiles what is compiled at the first step, and fills caches.
      const first = await turn(browser, id, 1);
      result.first = first.ms;
      if (first.ms < 3000) await turn(browser, id, peer.steps);
    } catch (fault) {
      result.fault = fault.message.slice(0, 110);
    }
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const [id, result] of results.entries()) {
      if (result.fault || round >= (result.rounds ?? rounds)) continue;
      try {
        const { ms, loss } = await turn(browser, id, result.steps);
        result.times.push(ms);
        result.loss = loss;
      } catch (fault) {
        result.fault = fault.message.slice(0, 110);
      }
    }
  }
  const ours = results.find(result => result.framework === 'lampwork' && result.times.length);
  for (const result of results) {
    if (result.fault || !result.times.length) {
      console.log(row(result.name, `not possible: ${result.fault}`));
      continue;
    }
    const ratio = ours ? `${(median(result.times) / median(ours.times)).toFixed(2)} x ours` : '';
    console.log(row(
      result.name, median(result.times).toFixed(1), Math.min(...result.times).toFixed(1), ratio,
      `first ${result.first.toFixed(0)}`,
      ...(typeof result.loss === 'number' ? [`loss ${result.loss.toFixed(2)}`] : []),
    ));
  }
  return results;
}

function turn(browser, id, steps) {
  return browser.run(
    (id, steps) => document.querySelector(`#peer${id}`).contentWindow.peer.run(steps), id, steps);
}

/** Counts what a step asks of a WebGPU device, ours and the peers'; with `without`
    also times ours with some of its kernels left out. */
export async function countCalls(browser, origin, title, net, plan, without) {
  console.log(`\n${title}: a step's calls`);
  const steps = 8;
  for (const peer of plan) {
    await browser.open(`${origin}/peers/index.html`);
    const query = new URLSearchParams({ framework: peer.framework, backend: peer.backend, net, counted: 1 });
    try {
      const counts = await browser.run(async (url, steps) => {
        const peer = await openPeer(url, 'peer');
        await peer.run(1);
        await peer.counts();
        await peer.run(steps);
        return peer.counts();
      }, `${origin}/peers/peer.html?${query}`, steps);
      const each = value => (value / steps).toFixed(value % steps ? 1 : 0);
      console.log(row(
        peer.name, `${each(counts.dispatches)} kernels`, `${each(counts.submits)} submits`,
        `${each(counts.writes)} uploads`, `${(counts.writtenBytes / steps / 1024).toFixed(0)} KiB`,
        `${each(counts.reads)} reads`, `${each(counts.pipelines)} pipelines`,
        `${each(counts.buffers)} new buffers`, `${(counts.bufferBytes / steps / 1024).toFixed(0)} KiB`,
      ));
      const shaders = Object.entries(counts.shaders)
        .sort(([, a], [, b]) => b.workgroups - a.workgroups).slice(0, 12);
      for (const [shader, { dispatches, workgroups }] of shaders) {
        console.log(`      ${each(dispatches).padStart(6)} x ${shader}, ${each(workgroups)} workgroups`);
      }
      if (without && peer.framework === 'lampwork') await withoutKernels(browser, origin, query, steps);
    } catch (fault) {
      console.log(row(peer.name, `not possible: ${fault.message.slice(0, 110)}`));
    }
  }
}

/** What a step takes with some kernels left out: what they cost, roughly. */
async function withoutKernels(browser, origin, query, steps) {
  for (const [words, skip] of [
    ['all kernels', ''], ['no matrix products', 'matmul'], 
    ['no element-wise kernels', 'elemwise|binop|unary|mask|full|cmp|cast'],
    ['no reductions', 'reduce'], ['no kernels at all', '.'],
  ]) {
    await browser.open(`${origin}/peers/index.html`);
    query.set('skip', skip);
    const ms = await browser.run(async (url, steps) => {
      const peer = await openPeer(url, 'peer');
      await peer.run(1);
      return (await peer.run(steps)).ms;
    }, `${origin}/peers/peer.html?${query}`, steps);
    console.log(`      ${words}: ${ms.toFixed(0)} ms a step`);
  }
}
