// The page as a visitor meets it: how soon there is a picture, how soon a sheet
// is made anew, how soon a command is answered while the worker trains, and how
// long the page itself is busy.

import { median, row } from './numbers.mjs';

/** Milliseconds from navigation to the first picture, and of a sheet of 64. */
export async function firstPicture(browser, origin, times) {
  console.log('\nThe page, ms (median of turns; all)');
  const [first, ready, sheets] = [[], [], []];
  for (let turn = 0; turn < times; turn += 1) {
    await browser.open('about:blank');
    await browser.open(`${origin}/site/#/?count=64`);
    const seen = await browser.run(async () => {
      const cell = index => document.querySelector(`[data-testid="sheet-${index}"] canvas`);
      const pixels = index => {
        const canvas = cell(index);
        if (!canvas || canvas.classList.contains('waiting')) return null;
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        return data.some(value => value !== 0) ? data.join() : null;
      };
      const until = ask => new Promise(resolve => {
        const look = () => { const found = ask(); if (found) resolve(found); else setTimeout(look, 4); };
        look();
      });
      await until(() => pixels(0));
      const first = performance.now();
      await until(() => pixels(63));
      const ready = performance.now();
      const sheets = [];
      for (let i = 0; i < 3; i += 1) {
        const before = [0, 63].map(pixels);
        const start = performance.now();
        document.querySelector('[data-testid=die]').click();
        await until(() => [0, 63].every((at, i) => pixels(at) && pixels(at) !== before[i]));
        sheets.push(performance.now() - start);
      }
      return { first, ready, sheets };
    });
    first.push(seen.first);
    ready.push(seen.ready);
    sheets.push(...seen.sheets);
    console.log(`  turn ${turn + 1}: first ${seen.first.toFixed(0)}, sheet whole ${seen.ready.toFixed(0)}, anew ${seen.sheets.map(x => x.toFixed(0)).join(' ')}`);
  }
  console.log(row('first picture', median(first).toFixed(0)));
  console.log(row('first sheet whole', median(ready).toFixed(0)));
  console.log(row('another sheet', median(sheets).toFixed(0)));
}

/** Milliseconds until Pause and ChangeKnobs are answered while a net trains. */
export async function latency(browser, origin, net, times) {
  await browser.open(`${origin}/peers/index.html`);
  const { waits, steps } = await browser.run(async (net, times) => {
    const { Studio, recipe } = await import('/peers/lampwork.js');
    const studio = new Studio('/workers/cpu.js');
    await studio.ready;
    const data = await (await fetch('/datasets/fashion.safetensors')).arrayBuffer();
    await studio.ask({ LoadData: { data: 'fashion' } }, 'DataLoaded', [data]);
    const known = recipe(net);
    await studio.ask({ StartRun: { recipe: known } }, 'Run');
    const waits = { Pause: [], ChangeKnobs: [] };
    const pause = ms => new Promise(resolve => { setTimeout(resolve, ms); });
    for (let i = 0; i < times; i += 1) {
      await studio.ask('Play', 'Run');
      await pause(150 + Math.random() * 150);
      const changed = structuredClone(known);
      changed.optimizer.learning_rate *= 1 + i / 100;
      let start = performance.now();
      await studio.ask({ ChangeKnobs: { recipe: changed } }, 'Run');
      waits.ChangeKnobs.push(performance.now() - start);
      await pause(100 + Math.random() * 100);
      start = performance.now();
      await studio.ask('Pause', 'Run');
      waits.Pause.push(performance.now() - start);
    }
    return { waits, steps: studio.step };
  }, net, times);
  console.log(`\nA command while ${net} trains, ms (${times} times, ${steps} steps)`);
  for (const [command, all] of Object.entries(waits)) {
    console.log(row(command, `median ${median(all).toFixed(1)}`, `most ${Math.max(...all).toFixed(1)}`));
  }
}

/** The page's longest task while a preset of the Workbench trains. */
export async function longestTask(browser, origin, family, net, seconds) {
  await browser.open('about:blank');
  await browser.open(`${origin}/site/#/workbench?family=${family}&net=${net}`);
  const found = await browser.run(async (family, net, seconds) => {
    const pause = ms => new Promise(resolve => { setTimeout(resolve, ms); });
    const get = id => document.querySelector(`[data-testid="${id}"]`);
    const until = async ask => { while (!ask()) await pause(50); return ask(); };
    for (const id of [`workbench-family-${family}`, `workbench-net-${net}`]) {
      (await until(() => get(id))).click();
      await pause(300);
    }
    await until(() => get('workbench-step-count'));
    // A newcomer's run stops by itself after some steps; this one goes on.
    while (Number(get('workbench-step-count')?.textContent.replace(/\D/g, '')) <= 200) {
      get('workbench-play')?.click();
      await pause(300);
    }
    const tasks = [];
    const observer = new PerformanceObserver(list => tasks.push(...list.getEntries().map(e => e.duration)));
    observer.observe({ type: 'longtask' });
    // The gap between two turns of the event loop sees what is under 50 ms too.
    let longest = 0;
    const end = performance.now() + seconds * 1000;
    let last = performance.now();
    const channel = new MessageChannel();
    await new Promise(resolve => {
      channel.port1.onmessage = () => {
        const now = performance.now();
        longest = Math.max(longest, now - last);
        last = now;
        if (now < end) setTimeout(() => { last = performance.now(); channel.port2.postMessage(0); }, 0); else resolve();
      };
      channel.port2.postMessage(0);
    });
    observer.disconnect();
    return { tasks, step: get('workbench-step-count')?.textContent, state: get('workbench-state')?.textContent };
  }, family, net, seconds);
  const longest = found.tasks.length ? `${Math.max(...found.tasks).toFixed(0)} ms (${found.tasks.length} of 50 ms or more)` : 'under 50 ms';
  console.log(row(`longest task, ${family} ${net}`, longest, `step ${found.step}`));
}
