// Opens a peer in a frame of its own, and waits until it can take a step.
async function openPeer(url, id) {
  const frame = document.createElement('iframe');
  frame.id = id;
  frame.src = url;
  document.body.append(frame);
  await new Promise(resolve => { frame.onload = resolve; });
  const { peer } = frame.contentWindow;
  await peer.ready;
  return peer;
}
