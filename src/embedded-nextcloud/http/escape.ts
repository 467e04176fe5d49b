const special = /[&<>"\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
const replacement: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Escapes text as PHP's DOM does: quotes are kept. */
export function escapeText(text: string): string {
  return escapeMarkup(text).replaceAll('&quot;', '"');
}

/** Escapes text for XML 1.0. Characters that XML cannot contain are dropped. */
export function escapeMarkup(text: string): string {
  return text.replaceAll(special, (char) => replacement[char] ?? '');
}
