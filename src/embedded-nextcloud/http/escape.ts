const special = /[&<>"\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
const replacement: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text as PHP's DOM writes it, which leaves quotes alone. */
export function escapeText(text: string): string {
  return escapeXml(text).replaceAll('&quot;', '"');
}

/** Text for XML 1.0; characters that XML cannot carry are dropped. */
export function escapeXml(text: string): string {
  return text.replaceAll(special, (char) => replacement[char] ?? '');
}
