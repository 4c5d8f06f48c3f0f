// Tokens a second, ours beside the peer's: same net, way of choosing and browser,
// taking turns within the same minutes.

import { median, row } from './numbers.mjs';

/** Texts side by side and their tokens. The software adapter takes long for each. */
export const TEXTS = {
  cpu: ['write-1x28', 'write-1x64', 'write-1x128', 'write-4x28', 'write-4x64', 'write-4x128'],
  webgpu: ['write-1x8', 'write-4x8'],
};

/** Who writes where, and how many texts or sheets a turn. */
export const WRITERS = {
  cpu: [
    { name: 'Lampwork, CPU worker', framework: 'lampwork-text', backend: '/workers/words.js', texts: 4 },
    { name: 'the same without relaxed vectors', framework: 'lampwork-text', backend: '/workers/words.js?plain', texts: 4 },
    { name: 'ONNX Runtime Web, wasm', framework: 'ort-text', backend: 'wasm', texts: 4 },
  ],
  webgpu: [
    { name: 'Lampwork, WebGPU worker', framework: 'lampwork-text', backend: '/workers/gpu.js', texts: 1 },
    { name: 'ONNX Runtime Web, WebGPU', framework: 'ort-text', backend: 'webgpu', texts: 1 },
  ],
};

/** Times writing by one model, and compares the likeliest texts. */
export async function write(browser, origin, title, net, plan, rounds, model) {
  const [, count, tokens] = /(\d+)x(\d+)/.exec(net);
  const what = count === '1' ? 'one text' : `${count} texts side by side`;
  console.log(`\n${what} of ${tokens} tokens by ${model}, ${title}: tokens a second (median of turns; best)`);
  await browser.open(`${origin}/peers/index.html`);
  const results = [];
  for (const writer of plan) {
    const id = results.length;
    const query = new URLSearchParams({ framework: writer.framework, backend: writer.backend, net, model });
    const result = { ...writer, rates: [], firsts: [], tokens: [] };
    results.push(result);
    try {
      await browser.run((id, url) => openPeer(url, `peer${id}`).then(() => true),
        id, `${origin}/peers/peer.html?${query}`);
      // Compiles what is compiled at the first token, and fills caches.
      for (let text = 0; text < 2; text += 1) await turn(browser, id);
    } catch (fault) {
      result.fault = fault.message.slice(0, 110);
    }
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const [id, result] of results.entries()) {
      for (let text = 0; text < result.texts && !result.fault; text += 1) {
        try {
          const { ms, loss: { first, tokens } } = await turn(browser, id);
          result.rates.push(tokens / ms * 1000);
          result.firsts.push(first);
          result.tokens.push(tokens);
        } catch (fault) {
          result.fault = fault.message.slice(0, 110);
        }
      }
    }
  }
  const ours = results.find(result => result.framework === 'lampwork-text' && result.rates.length);
  for (const result of results) {
    if (result.fault) {
      console.log(row(result.name, `not possible: ${result.fault}`));
      continue;
    }
    const ratio = ours && result !== ours
      ? `ours is ${(median(ours.rates) / median(result.rates)).toFixed(2)} x that` : '';
    console.log(row(
      result.name, median(result.rates).toFixed(1), Math.max(...result.rates).toFixed(1),
      `first token ${median(result.firsts).toFixed(1)} ms`, `${median(result.tokens)} tokens`, ratio,
    ));
  }
  await compare(browser, results.filter(result => !result.fault), results);
}

/** How long the likeliest texts are the same. */
async function compare(browser, able, results) {
  if (able.length < 2) return;
  const texts = [];
  for (const result of able) {
    texts.push(await browser.run(
      id => document.querySelector(`#peer${id}`).contentWindow.peer.likeliest(), results.indexOf(result)));
  }
  const [ours, ...others] = texts.map(text => [...text]);
  for (const [at, theirs] of others.entries()) {
    const shorter = Math.min(ours.length, theirs.length);
    const other = ours.findIndex((character, i) => i < shorter && character !== theirs[i]);
    const same = other < 0 ? `all ${shorter}` : `${other} of ${shorter}`;
    console.log(`  the likeliest text and that of ${able[at + 1].name} are the same for ${same} characters`);
  }
}

/** The page while poems stream: how soon the first character stands there, the
    longest task, and the longest wait for a frame. */
export async function stream(browser, origin, model, times) {
  await browser.open('about:blank');
  await browser.open(`${origin}/site/#/words?tool=poem&model=${model}`);
  const { firsts, wholes, frames, tasks } = await browser.run(async times => {
    const get = id => document.querySelector(`[data-testid="${id}"]`);
    const line = () => get('poem-line-0')?.textContent.replace(/\s/g, '') ?? '';
    const turn = () => new Promise(resolve => { setTimeout(resolve, 0); });
    const until = async ask => { while (!ask()) await turn(); };
    const done = () => get('poem-0')?.dataset.busy === 'false' && line() && !get('poem-write').disabled;
    await until(done);
    const [firsts, wholes, frames, tasks] = [[], [], [], []];
    new PerformanceObserver(list => tasks.push(...list.getEntries().map(entry => entry.duration)))
      .observe({ type: 'longtask' });
    let last;
    let watched = true;
    const frame = now => {
      if (last) frames.push(now - last);
      last = now;
      if (watched) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    for (let i = 0; i < times; i += 1) {
      const before = line();
      const start = performance.now();
      get('poem-write').click();
      await until(() => line() && line() !== before);
      firsts.push(performance.now() - start);
      await until(done);
      wholes.push(performance.now() - start);
      await new Promise(resolve => { setTimeout(resolve, 200); });
    }
    watched = false;
    await new Promise(resolve => { setTimeout(resolve, 200); });
    return { firsts, wholes, frames, tasks };
  }, times);
  const most = numbers => numbers.reduce((a, b) => Math.max(a, b), 0).toFixed(0);
  const both = numbers => `median ${median(numbers).toFixed(0)}`;
  console.log(`\nThe page while ${model} writes, ms (${times} poems)`);
  console.log(row('first character', both(firsts), `most ${most(firsts)}`));
  console.log(row('the poem whole', both(wholes), `most ${most(wholes)}`));
  console.log(row('longest task', tasks.length ? `${most(tasks)} (${tasks.length} of 50 or more)` : 'under 50'));
  console.log(row('between two frames', both(frames), `most ${most(frames)}`));
}

function turn(browser, id) {
  return browser.run(id => document.querySelector(`#peer${id}`).contentWindow.peer.run(1), id);
}
