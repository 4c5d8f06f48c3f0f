// A WebDriver client (W3C), as far as the measurements need one.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Chromium options, the same for everything measured. */
const ARGUMENTS = [
  '--headless=new', '--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--window-size=1280,900',
];

/** WebGPU by SwiftShader, as on a machine without a GPU; or none at all. */
const WEBGPU = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];
const PLAIN = ['--disable-features=WebGPU,WebGPUService'];

export class Browser {
  static async start({ webgpu }) {
    const process = spawn('chromedriver', ['--port=0', '--log-level=WARNING'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const port = await new Promise((resolve, reject) => {
      process.on('error', () => reject(new Error('chromedriver cannot be started: `cargo xtask setup --browser` installs it')));
      createInterface({ input: process.stdout }).on('line', line => {
        const found = /started successfully on port (\d+)/.exec(line);
        if (found) resolve(found[1]);
      });
    });
    const browser = new Browser(process, `http://127.0.0.1:${port}/session`);
    const session = await browser.post('', {
      capabilities: {
        alwaysMatch: {
          browserName: 'chrome',
          'goog:chromeOptions': { args: [...ARGUMENTS, ...(webgpu ? WEBGPU : PLAIN)] },
          timeouts: { script: 300_000, pageLoad: 120_000 },
        },
      },
    });
    browser.version = session.capabilities.browserVersion;
    browser.base += `/${session.sessionId}`;
    return browser;
  }

  constructor(process, base) {
    this.process = process;
    this.base = base;
  }

  async call(method, path, body) {
    const answer = await fetch(this.base + path, { method, body: body && JSON.stringify(body) });
    const { value } = await answer.json();
    if (value?.error) throw new Error(`${value.error}: ${value.message.split('\n')[0]}`);
    return value;
  }

  post(path, body) {
    return this.call('POST', path, body);
  }

  open(url) {
    return this.post('/url', { url });
  }

  /** Runs an async function in the page and returns what it returns. */
  async run(work, ...args) {
    const script = `
      const done = arguments[arguments.length - 1];
      const plain = value => JSON.parse(JSON.stringify(value ?? null));
      Promise.resolve((${work})(...Array.from(arguments).slice(0, -1)))
        .then(value => done({ value: plain(value) }), fault => done({ fault: String(fault?.message ?? fault) }));`;
    const { value, fault } = await this.post('/execute/async', { script, args });
    if (fault !== undefined) throw new Error(fault);
    return value;
  }

  devtools(cmd, params = {}) {
    return this.post('/goog/cdp/execute', { cmd, params });
  }

  async stop() {
    await this.call('DELETE', '').catch(() => {});
    this.process.kill();
  }
}
