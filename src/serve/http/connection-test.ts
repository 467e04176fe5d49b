import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';
import { isAppError } from '../../errors.ts';
import { testConnection } from '../../files/health/connection.ts';
import type { JsonLimits } from '../../text/json-measure.ts';
import { readJsonRequest } from './body.ts';
import type { Caller } from './caller.ts';
import { HttpError, sendJson } from './http-error.ts';

const LIMITS: JsonLimits = { bytes: 16 * 1024, depth: 10, values: 100, keys: 100, names: 1000 };
const asked = z.object({ service_name: z.literal('nextcloud') });

/**
 * `POST /api/integrations/test-connection`: the result of the tool `test_connection` as JSON.
 *
 * @param admit finds out who the request is for. A rejected login is a result, not an error
 */
export async function serveConnectionTest(
  request: IncomingMessage,
  response: ServerResponse,
  admit: () => Promise<Caller>,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  try {
    const { session } = await admit();
    if (!asked.safeParse(await readJsonRequest(request, LIMITS)).success)
      throw new HttpError(400, 'Send {"service_name":"nextcloud"}');
    if (session.unusable) throw session.unusable;
    sendJson(response, 200, await testConnection(session.workspace, { signal: gone.signal }));
  } catch (error) {
    if (!isAppError(error)) throw error;
    const fix = error.hint === undefined ? {} : { fix: error.hint };
    const check = { name: 'settings', ok: false, detail: error.message, ...fix };
    sendJson(response, 200, { ok: false, features: [], checks: [check] });
  }
}
