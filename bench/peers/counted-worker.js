// A worker whose WebGPU calls are counted: `?script=` names the real one.

import { take } from './counted.js';

const channel = new BroadcastChannel('counts');
channel.onmessage = ({ data }) => { if (data === 'take') channel.postMessage(take()); };
await import(new URLSearchParams(location.search).get('script'));
