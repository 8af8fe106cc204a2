/** A form as a browser sends it: `about` as JSON, `file` as bytes; or whatever parts a test wants. */
export async function aForm(
  parts: Readonly<Record<string, unknown>>,
): Promise<{ payload: Buffer; headers: Record<string, string> }> {
  const form = new FormData();
  for (const [name, value] of Object.entries(parts)) {
    if (value instanceof Uint8Array) form.append(name, new Blob([new Uint8Array(value)]), 'IMG_0001.HEIC');
    else form.append(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  const encoded = new Response(form);
  return {
    payload: Buffer.from(await encoded.arrayBuffer()),
    headers: { 'content-type': encoded.headers.get('content-type') ?? '' },
  };
}
