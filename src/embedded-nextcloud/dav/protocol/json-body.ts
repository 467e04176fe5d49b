import type { HttpExchange } from '../../http/http-exchange.ts';

/** A JSON object of a request; anything else counts as an empty one. */
export async function readJsonBody(exchange: HttpExchange): Promise<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(await exchange.text());
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
