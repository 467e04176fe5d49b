import { HttpError } from '../http-error.ts';

const JSON_TYPE = 'application/json';
const STREAM_TYPE = 'text/event-stream';

/** What the SDK wants to read in an Accept header. What the client accepts is seen to here. */
export const BOTH_TYPES = `${JSON_TYPE}, ${STREAM_TYPE}`;

/** The form of a response: one JSON text, an event stream, or whichever of them the SDK chooses. */
export type Form = 'json' | 'stream' | 'either';

/**
 * The form that a client reads. The protocol says that a client names both types; one that does not is most likely a
 * plain HTTP client, so that a stream is sent only where it is named, or where there is nothing else to send.
 *
 * @param accept the Accept header; absent means that everything is accepted (RFC 9110, section 12.5.1)
 * @param onlyStream whether the response is an event stream in any case
 * @throws HttpError 406
 */
export function formFor(accept: string | undefined, onlyStream: boolean): Form {
  const ranges = rangesOf(accept ?? '*/*');
  const json = !onlyStream && isIn(ranges, JSON_TYPE);
  const stream = isIn(ranges, STREAM_TYPE);
  if (json) return stream && namesStream(ranges) ? 'either' : 'json';
  if (stream) return 'stream';
  throw new HttpError(
    406,
    onlyStream
      ? `This is answered with an event stream. Send "Accept: ${STREAM_TYPE}".`
      : `Send "Accept: ${BOTH_TYPES}", or one of the two.`,
  );
}

/** The response of the SDK in the form that the client reads. */
export async function inForm(response: Response, form: Form, isBatch: boolean): Promise<Response> {
  const type = response.headers.get('content-type')?.split(';', 1)[0]?.trim();
  if (form === 'json' && type === STREAM_TYPE && response.body) return asJson(response, isBatch);
  if (form === 'stream' && type === JSON_TYPE && response.status === 200) return asStream(response);
  return response;
}

interface Range {
  readonly type: string;
  readonly wanted: boolean;
}

function rangesOf(accept: string): Range[] {
  return accept.split(',').map((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    return { type, wanted: !parameters.some((parameter) => /^q\s*=\s*0(?:\.0*)?$/.test(parameter)) };
  });
}

/** The most exact range decides. */
function isIn(ranges: readonly Range[], type: string): boolean {
  const [family] = type.split('/');
  const names = [type, `${family}/*`, '*/*'];
  const found = names.map((name) => ranges.find((range) => range.type === name));
  return found.find((range) => range !== undefined)?.wanted ?? false;
}

function namesStream(ranges: readonly Range[]): boolean {
  return ranges.some(({ type, wanted }) => wanted && type === STREAM_TYPE);
}

/** Waits for the end of the stream. Notifications and requests of the server have no place in a JSON response. */
async function asJson(response: Response, isBatch: boolean): Promise<Response> {
  const answers: unknown[] = [];
  for await (const message of messagesIn(response)) if (!('method' in message)) answers.push(message);
  if (answers.length === 0) throw new HttpError(503, 'The server ended this call. Try again later.');
  return new Response(JSON.stringify(isBatch ? answers : answers[0]), {
    headers: withType(response.headers, JSON_TYPE),
  });
}

async function* messagesIn({ body }: Response): AsyncGenerator<object> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body ?? []) {
    const events = (text + decoder.decode(chunk, { stream: true })).split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      const data = /^data: (.+)$/m.exec(event)?.[1];
      if (data !== undefined) yield JSON.parse(data) as object;
    }
  }
}

async function asStream(response: Response): Promise<Response> {
  return new Response(`event: message\ndata: ${await response.text()}\n\n`, {
    headers: withType(response.headers, STREAM_TYPE),
  });
}

function withType(headers: Headers, type: string): Headers {
  const changed = new Headers(headers);
  changed.set('content-type', type);
  changed.delete('content-length');
  return changed;
}
