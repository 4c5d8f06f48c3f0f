// The photograph that is restyled: the site's example, as a square of so many pixels.

/** `[side, side, 3]` bytes. */
export async function photo(side) {
  const file = await (await fetch('/styles/example.jpg')).blob();
  const bitmap = await createImageBitmap(file);
  const canvas = new OffscreenCanvas(side, side);
  const context = canvas.getContext('2d');
  context.drawImage(bitmap, 0, 0, side, side);
  const { data } = context.getImageData(0, 0, side, side);
  return Uint8Array.from({ length: side * side * 3 }, (_, at) => data[Math.floor(at / 3) * 4 + (at % 3)]);
}

/** Its side, of a net `restyle-SIDE`. */
export const sideOf = net => Number(/^restyle-(\d+)$/.exec(net)[1]);
