import type { HttpExchange } from '../http/http-exchange.ts';
import { escapeMarkup } from '../http/escape.ts';

export type OcsData =
  string | number | boolean | null | readonly OcsData[] | { readonly [key: string]: OcsData };

export class OcsError extends Error {
  readonly code: number;
  /** The HTTP status. It differs from the code for 997 to 999, which are OCS codes. */
  readonly status: number;

  constructor(code: number, message: string, status = code) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export function wantsJson(exchange: HttpExchange): boolean {
  const format = exchange.query.get('format');
  if (format !== null) return format === 'json';
  return (exchange.header('accept') ?? '').includes('application/json');
}

/**
 * The envelope of the Open Collaboration Services. v2 uses its code as the HTTP status; v1 has code 100 for success and
 * HTTP status 200 for nearly everything (lib/private/AppFramework/OCS/V1Response.php, V2Response.php).
 */
export function sendOcs(exchange: HttpExchange, data: OcsData, error?: OcsError): void {
  const v1 = exchange.path.startsWith('/ocs/v1.php');
  const code = error?.code ?? (v1 ? 100 : 200);
  const status = error ? (v1 && error.code !== 997 ? 200 : error.status) : 200;
  // Before version 30, an error before a route was found was XML, whatever the Accept header.
  const early = exchange.instance.major < 30 && (code === 997 || code === 998);
  const meta: Record<string, OcsData> = {
    status: error ? 'failure' : 'ok',
    statuscode: early && code === 998 ? 404 : code,
    message: error ? error.message : 'OK',
  };
  if (v1) Object.assign(meta, { totalitems: '', itemsperpage: '' });
  if (wantsJson(exchange) && !early) {
    exchange.json(status, { ocs: { meta, data } });
    return;
  }
  const body = `<?xml version="1.0"?>\n<ocs>\n${render('meta', meta, 1)}${render('data', data, 1)}</ocs>\n`;
  const type = early || code === 998 ? 'text/xml; charset=UTF-8' : 'application/xml; charset=utf-8';
  exchange.reply(status, body, { 'Content-Type': type });
}

function render(name: string, value: OcsData, depth: number): string {
  const indent = ' '.repeat(depth);
  if (value === null) return `${indent}<${name}/>\n`;
  if (typeof value !== 'object') {
    const text = typeof value === 'boolean' ? (value ? '1' : '') : String(value);
    return `${indent}<${name}>${escapeMarkup(text)}</${name}>\n`;
  }
  const entries: [string, OcsData][] = isList(value)
    ? value.map((each): [string, OcsData] => ['element', each])
    : Object.entries(value);
  if (entries.length === 0) return `${indent}<${name}/>\n`;
  const inner = entries.map(([key, each]) => render(key, each, depth + 1)).join('');
  return `${indent}<${name}>\n${inner}${indent}</${name}>\n`;
}

function isList(
  value: readonly OcsData[] | { readonly [key: string]: OcsData },
): value is readonly OcsData[] {
  return Array.isArray(value);
}
