// Starts a worker: streams its wasm so that the page can show how much is there,
// says when it compiles, and hands over. Written by `cargo xtask workers`.
import init from "./@JS@";

const TOTAL = @BYTES@;

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
  const response = await fetch(new URL("./@WASM@", import.meta.url));
  if (!response.ok) throw new Error(`@WASM@: ${response.status} ${response.statusText}`);
  const module = await WebAssembly.compileStreaming(counted(response));
  await init({ module_or_path: module });
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  self.postMessage({ m: { event: { Failed: { NoDevice: { device: "@NAME@", reason } } } }, p: [] });
}
