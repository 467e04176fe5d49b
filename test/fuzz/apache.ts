const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Where a request target leads on a Nextcloud, told by rules of its own: Apache collapses dots and slashes
 * and refuses encoded slashes, PHP decodes once. Written apart from the client, to judge it.
 *
 * @returns the decoded path below `base`, `undefined` for a target outside of it or one with a second meaning
 */
export function destination(target: string, base: string): string | undefined {
  const raw = target.replace(/^https?:\/\/[^/]*/, '');
  if (/[?#\\\s\u0000-\u0020\u007f-\uffff]/.test(raw) || /%(2f|5c|00)/i.test(raw)) return undefined;
  const stack: string[] = [];
  for (const part of raw.split('/').slice(1)) {
    const bytes = Buffer.from(
      part.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => fromHex(hex)),
      'latin1',
    );
    const name = utf8.decode(bytes);
    if (name === '..') stack.pop();
    else if (name !== '.' && name !== '') stack.push(name);
  }
  const path = `/${stack.join('/')}`;
  const home = decodeURIComponent(base);
  if (path === home) return '/';
  return path.startsWith(`${home}/`) ? path.slice(home.length) : undefined;
}

function fromHex(hex: string): string {
  return String.fromCharCode(Number.parseInt(hex, 16));
}
