/** An IMF-fixdate (RFC 9110 section 5.6.7), from seconds since 1970. */
export function httpDate(seconds: number): string {
  return new Date(seconds * 1000).toUTCString();
}

export function isoDate(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}+00:00`;
}

export function parseHttpDate(text: string): number | undefined {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : Math.floor(ms / 1000);
}
