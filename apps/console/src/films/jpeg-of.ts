/** What the catalogue takes at most. */
const BYTES_MAX = 2 * 1024 * 1024;
/** A backdrop on a screen of 4K. */
const LONG_SIDE_MAX = 3_840;
const QUALITIES = [0.92, 0.85, 0.75, 0.6, 0.4] as const;

/** A picture in any form that the browser reads, as a JPEG that the catalogue takes; null when it is none or stays too large. */
export async function jpegOf(file: Blob): Promise<Uint8Array<ArrayBuffer> | null> {
  const picture = await createImageBitmap(file).catch(() => null);
  if (picture === null) return null;
  const scale = Math.min(1, LONG_SIDE_MAX / Math.max(picture.width, picture.height));
  const canvas = new OffscreenCanvas(Math.max(1, Math.round(picture.width * scale)), Math.max(1, Math.round(picture.height * scale)));
  const context = canvas.getContext('2d');
  if (context === null) return null;
  // JPEG knows no transparency.
  context.fillStyle = '#000';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  for (const quality of QUALITIES) {
    const jpeg = await canvas.convertToBlob({ type: 'image/jpeg', quality });
    if (jpeg.size <= BYTES_MAX) return new Uint8Array(await jpeg.arrayBuffer());
  }
  return null;
}
