/** V8 searches for texts of up to this length in linear time; for longer ones it takes their product in bad cases. */
const NATIVE_CHARS = 250;

/** Whether a text is in another, in time proportional to both. */
export function includes(text: string, wanted: string): boolean {
  if (wanted.length <= NATIVE_CHARS) return text.includes(wanted);
  // Knuth, Morris and Pratt, 1977.
  const borders = new Int32Array(wanted.length);
  for (let at = 1, length = 0; at < wanted.length; at++) {
    while (length > 0 && wanted.charCodeAt(at) !== wanted.charCodeAt(length))
      length = borders[length - 1] ?? 0;
    if (wanted.charCodeAt(at) === wanted.charCodeAt(length)) length++;
    borders[at] = length;
  }
  for (let at = 0, length = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    while (length > 0 && char !== wanted.charCodeAt(length)) length = borders[length - 1] ?? 0;
    if (char === wanted.charCodeAt(length)) length++;
    if (length === wanted.length) return true;
  }
  return false;
}
