// Measures the site and its peers in headless Chromium and prints figures.
// `cargo xtask bench` calls it; by hand:
//
//   node bench/browser/main.mjs --npm FOLDER [--site FOLDER] [--workers FOLDER]
//     [--unfused FOLDER] [--datasets FOLDER] [--models FOLDER] [--onnx FOLDER]
//     [--only page,latency,cpu,webgpu,calls,sample,sample-webgpu]
//     [--only words,words-webgpu,words-page]
//     [--only restyle]
//     [--nets vae,gan,flow] [--model flow-fashion] [--rounds N] [--without]
//
// --onnx is what bench/onnx/export.py wrote of --model, export_text.py of one that
// writes, or export_magenta.py beside one that restyles.

import { existsSync } from 'node:fs';
import { loadavg } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { firstPicture, latency, longestTask } from './page.mjs';
import { restyle } from './restyle.mjs';
import { serve } from './server.mjs';
import { PLANS, SAMPLERS, SHEETS, countCalls, sample, time } from './training.mjs';
import { TEXTS, WRITERS, stream, write } from './words.mjs';
import { Browser } from './webdriver.mjs';

const text = { type: 'string' };
const { values: asked } = parseArgs({
  options: {
    npm: text, site: text, workers: text, unfused: text, datasets: text, models: text, onnx: text,
    only: { type: 'string', default: 'page,latency,cpu,webgpu,calls,sample,sample-webgpu' },
    nets: { type: 'string', default: 'vae,gan,flow' },
    model: { type: 'string', default: 'flow-fashion' },
    rounds: { type: 'string', default: '5' },
    without: { type: 'boolean', default: false },
  },
});
const bench = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const root = resolve(bench, '..');
const rounds = Number(asked.rounds);
const parts = asked.only.split(',');
const nets = asked.nets.split(',');
const site = asked.site ?? join(root, 'dist');
const roots = {
  site,
  peers: join(bench, 'peers'),
  npm: asked.npm && join(asked.npm, 'node_modules'),
  workers: asked.workers ?? join(site, 'workers'),
  datasets: asked.datasets ?? join(root, 'static/datasets'),
  models: asked.models ?? join(root, 'static/models'),
  styles: join(root, 'static/styles'),
  onnx: asked.onnx,
  unfused: asked.unfused,
};
const NAMES = {
  vae: 'MLP-VAE 784-256-256-16, batch 64',
  gan: 'DCGAN of the Workbench, batch 32',
  flow: 'Flow of the Workbench, batch 64',
};
const PLACES = { cpu: 'in the tab', webgpu: 'WebGPU on SwiftShader' };

const server = await serve(roots);
const load = () => loadavg().map(x => x.toFixed(1)).join(' ');

/** Whether there is a worker to measure. */
const there = peer => !peer.framework.startsWith('lampwork')
  || existsSync(join(roots[peer.backend.split('/')[1]] ?? '', peer.backend.split('/').at(-1).split('?')[0]));

/** Measures in a browser of its own. */
async function within(kind, work) {
  const browser = await Browser.start(kind);
  console.log(`\nChromium ${browser.version}${kind.webgpu ? ', WebGPU by SwiftShader' : ''}; load ${load()}`);
  try {
    await work(browser);
  } finally {
    await browser.stop();
  }
}

try {
  if (parts.includes('page') || parts.includes('latency')) {
    // As on a machine without WebGPU: the site would try it and measure the two.
    await within({ webgpu: false }, async browser => {
      if (parts.includes('page')) {
        await firstPicture(browser, server.origin, rounds);
        for (const [family, net] of [['vae', 'mlp'], ['gan', 'conv']]) {
          await longestTask(browser, server.origin, family, net, 10);
        }
      }
      if (parts.includes('latency')) {
        for (const net of nets) await latency(browser, server.origin, net, 4 * rounds);
      }
    });
  }
  if (['cpu', 'webgpu', 'sample', 'sample-webgpu'].some(part => parts.includes(part))) {
    await within({ webgpu: true }, async browser => {
      for (const [place, words] of Object.entries(PLACES)) {
        if (parts.includes(place)) {
          for (const net of nets) {
            await time(browser, server.origin, `${NAMES[net]}, ${words}, ms a step`, net, PLANS[place][net].filter(there), rounds);
            console.log(`  load ${load()}`);
          }
        }
        if (parts.includes(place === 'cpu' ? 'sample' : 'sample-webgpu')) {
          for (const net of SHEETS[place]) {
            await sample(browser, server.origin, words, net, SAMPLERS[place].filter(there), rounds, asked.model);
            console.log(`  load ${load()}`);
          }
        }
      }
    });
  }
  if (['words', 'words-webgpu'].some(part => parts.includes(part))) {
    await within({ webgpu: true }, async browser => {
      for (const [place, words] of Object.entries(PLACES)) {
        if (!parts.includes(place === 'cpu' ? 'words' : 'words-webgpu')) continue;
        for (const net of TEXTS[place]) {
          await write(browser, server.origin, words, net, WRITERS[place].filter(there), rounds, asked.model);
          console.log(`  load ${load()}`);
        }
      }
    });
  }
  if (parts.includes('restyle')) {
    await within({ webgpu: false }, async browser => {
      await restyle(browser, server.origin, there, rounds, asked.model);
      console.log(`  load ${load()}`);
    });
  }
  if (parts.includes('words-page')) {
    await within({ webgpu: false }, browser => stream(browser, server.origin, asked.model, 4 * rounds));
  }
  if (parts.includes('calls')) {
    await within({ webgpu: true }, async browser => {
      // Not of the flow, whose step is many times theirs.
      for (const net of nets.filter(net => net !== 'flow')) {
        const plan = PLANS.webgpu[net].filter(there);
        await countCalls(browser, server.origin, NAMES[net], net, plan, asked.without);
      }
    });
  }
} finally {
  server.close();
}
