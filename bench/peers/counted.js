// Counts what is asked of a WebGPU device: import it before anything else, in
// the page or the worker whose device it is.

const zero = () => ({
  dispatches: 0, submits: 0, writes: 0, writtenBytes: 0, copies: 0, reads: 0, pipelines: 0,
  buffers: 0, bufferBytes: 0, bindGroups: 0,
  shaders: {},
});
let counts = zero();

/** What was counted since the last call. */
export function take() {
  const taken = counts;
  counts = zero();
  return taken;
}

function before(type, method, see) {
  const prototype = globalThis[type]?.prototype;
  const own = prototype?.[method];
  if (!own) return;
  prototype[method] = function (...given) {
    see(this, given);
    return own.apply(this, given);
  };
}

function after(type, method, see) {
  const prototype = globalThis[type]?.prototype;
  const own = prototype?.[method];
  if (!own) return;
  prototype[method] = function (...given) {
    const made = own.apply(this, given);
    if (made instanceof Promise) made.then(value => see(value, given));
    else see(made, given);
    return made;
  };
}

// A kernel's name: its module's label or entry, without what is made up for it.
const modules = new WeakMap();
const pipelines = new WeakMap();
const passes = new WeakMap();
const name = (label, code) => (label || code?.match(/fn\s+(\w+)\s*\(/)?.[1] || 'unnamed')
  .replace(/[0-9a-f]{8,}/g, '').slice(0, 60);
after('GPUDevice', 'createShaderModule', (module, [{ label, code }]) => {
  modules.set(module, { label: label || '', code });
});
const pipeline = (made, [{ label, compute }]) => {
  counts.pipelines += 1;
  const module = modules.get(compute.module);
  pipelines.set(made, name(label || module?.label || compute.entryPoint, module?.code));
};
after('GPUDevice', 'createComputePipeline', pipeline);
after('GPUDevice', 'createComputePipelineAsync', pipeline);
before('GPUComputePassEncoder', 'setPipeline', (pass, [of]) => passes.set(pass, pipelines.get(of)));
// Kernels to leave out, to see what they cost; what they compute is then wrong.
const skipped = new URLSearchParams(location.search).get('skip');
const skip = skipped ? new RegExp(skipped) : null;
for (const method of ['dispatchWorkgroups', 'dispatchWorkgroupsIndirect']) {
  const prototype = globalThis.GPUComputePassEncoder?.prototype;
  const own = prototype?.[method];
  if (!own) continue;
  prototype[method] = function (...given) {
    const kernel = passes.get(this);
    if (skip?.test(kernel)) return;
    const [x, y = 1, z = 1] = given;
    counts.dispatches += 1;
    const shader = counts.shaders[kernel] ??= { dispatches: 0, workgroups: 0 };
    shader.dispatches += 1;
    if (typeof x === 'number') shader.workgroups += x * y * z;
    own.apply(this, given);
  };
}
before('GPUDevice', 'createBuffer', (_, [{ size }]) => {
  counts.buffers += 1;
  counts.bufferBytes += size;
});
before('GPUDevice', 'createBindGroup', () => { counts.bindGroups += 1; });
before('GPUQueue', 'submit', () => { counts.submits += 1; });
before('GPUQueue', 'writeBuffer', (_, [, , data, offset = 0, size]) => {
  counts.writes += 1;
  counts.writtenBytes += (size ?? (data.byteLength - offset));
});
before('GPUCommandEncoder', 'copyBufferToBuffer', () => { counts.copies += 1; });
before('GPUBuffer', 'mapAsync', (_, [mode]) => { if (mode & 1) counts.reads += 1; });
