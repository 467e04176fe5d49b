import { lines } from '../../../src/embedded-nextcloud/index.ts';
import type { Hand } from './hand.ts';

const LINES = 130_000;
const LAST_ERROR = 84_210;
const begin = Date.UTC(2025, 1, 3);

function appLine(index: number): string {
  const at = new Date(begin + index * 4000).toISOString();
  const request = 500_000 + index;
  if (index === LAST_ERROR)
    return `${at} ERROR worker-3 request ${request} failed: disk quota of tenant 88 exceeded`;
  if (index < LAST_ERROR && index % 997 === 0)
    return `${at} ERROR worker-${index % 4} request ${request} failed: upstream closed the connection`;
  // What looks like an error to a search for the word.
  if (index % 5003 === 0) return `${at} INFO  monitor rule "ERROR rate" ok, 0 ERROR in the last hour`;
  if (index % 61 === 0)
    return `${at} WARN  worker-${index % 4} request ${request} was slow, ${index % 900} ms`;
  return `${at} INFO  worker-${index % 4} request ${request} took ${(index * 37) % 900} ms`;
}

export const lastError = {
  request: 500_000 + LAST_ERROR,
  at: new Date(begin + LAST_ERROR * 4000),
  tenant: 88,
};

const PROXY_LINES = 45_000;
const proxyBegin = Date.UTC(2025, 2, 10);
const window = Date.UTC(2025, 2, 14, 2);
/** Of the sixty requests in the ten minutes. */
const failing = new Set([4, 11, 12, 27, 38, 51, 58]);
export const badGateways = { count: failing.size, path: '/api/export' };

function proxyLine(index: number): string {
  const time = proxyBegin + index * 10_000;
  const at = new Date(time).toISOString().replace('.000', '');
  const place = (time - window) / 10_000;
  if (place >= 0 && place < 60) {
    if (failing.has(place)) return `${at} GET ${badGateways.path} 502 0.41s`;
    if (place % 13 === 7) return `${at} GET /help/502 200 0.02s`;
    if (place % 17 === 5) return `${at} GET /api/export 504 30.00s`;
  } else if (index % 211 === 0) return `${at} GET /api/reports 502 0.40s`;
  return `${at} GET /page/${(index * 31) % 4000} 200 0.0${index % 10}s`;
}

export function putLogs(hand: Hand): void {
  const at = { mtime: new Date('2025-03-20') };
  hand.home.put('/Logs/app.log', lines(LINES, appLine), at);
  hand.home.put('/Logs/proxy.log', lines(PROXY_LINES, proxyLine), at);
  hand.put('/Logs/backup.log', 'Backup finished, 0 ERROR\n'.repeat(400), '2025-03-19');
}
