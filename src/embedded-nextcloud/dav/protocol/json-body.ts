import type { HttpExchange } from '../../http/http-exchange.ts';

/** The JSON object in a request body. Anything else is read as an empty object. */
export async function readJsonBody(exchange: HttpExchange): Promise<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(await exchange.text());
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
