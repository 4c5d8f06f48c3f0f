// Starts a worker: streams its wasm so that the page can show how much is there,
// says when it compiles, and hands over. Written by `cargo xtask workers`.

const BUILDS = {
@BUILDS@
};

// A function that multiplies and adds by `f32x4.relaxed_madd`: a browser takes it for
// valid only where it has relaxed vectors.
const RELAXED = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 19, 1, 17, 0, 65, 0, 253, 15,
  65, 0, 253, 15, 65, 0, 253, 15, 253, 133, 2, 11,
];

/** The fastest build that this browser can run; `?plain` asks for the plain one. */
function chosen() {
  const { plain, relaxed } = BUILDS;
  const asked = self.location.search !== "?plain";
  return asked && relaxed && WebAssembly.validate(new Uint8Array(RELAXED)) ? relaxed : plain;
}

const { script, wasm, bytes: TOTAL } = chosen();

async function* pieces(body) {
  const reader = body.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
}

/** The response, its body counted as it comes. */
function counted(response) {
  const counter = new ReadableStream({
    async start(controller) {
      let received = 0;
      let told = 0;
      try {
        for await (const piece of pieces(response.body)) {
          received += piece.byteLength;
          controller.enqueue(piece);
          // A hundred messages at most: each wakes the page.
          if (received - told >= TOTAL / 100) {
            told = received;
            self.postMessage({ loading: [received, TOTAL] });
          }
        }
        self.postMessage({ loading: [TOTAL, TOTAL] });
        self.postMessage({ preparing: true });
        controller.close();
      } catch (error) {
        controller.error(error);
      }
    },
  });
  return new Response(counter, { headers: { "Content-Type": "application/wasm" } });
}

try {
  self.postMessage({ loading: [0, TOTAL] });
  const [{ default: init }, response] = await Promise.all([
    import(script),
    fetch(new URL(wasm, import.meta.url)),
  ]);
  if (!response.ok) throw new Error(`${wasm}: ${response.status} ${response.statusText}`);
  const module = await WebAssembly.compileStreaming(counted(response));
  await init({ module_or_path: module });
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  self.postMessage({ m: { event: { Failed: { NoDevice: { device: "@NAME@", reason } } } }, p: [] });
}
