import { INVALID_PARAMS, isJSONRPCRequest, McpServer, ProtocolErrorCode } from '@modelcontextprotocol/server';
import { WHOLE } from '../tools/arguments/read-arguments.ts';

type Transport = Parameters<McpServer['connect']>[0];
type Message = Parameters<Transport['send']>[0];

/**
 * The protocol where the SDK is stricter than clients are, or laxer than the specification: arguments in other forms,
 * cursors, and the code of a missing resource.
 */
export class LenientServer extends McpServer {
  override async connect(transport: Transport): Promise<void> {
    await super.connect(transport);
    const inner = transport.onmessage;
    const send = transport.send.bind(transport);
    const onmessage: Transport['onmessage'] = (message, extra) => {
      const refusal = refusedCursor(message);
      // The SDK's HTTP transports take an answer only after they have passed on the message.
      if (refusal) queueMicrotask(() => void send(refusal).catch(() => undefined));
      else inner?.(withoutEmptyCursor(withObjectArguments(message)), extra);
    };
    const sendCoded: Transport['send'] = async (message, options) =>
      send(this.server.getNegotiatedProtocolVersion() === CURRENT ? message : withOldCode(message), options);
    Object.assign(transport, { onmessage, send: sendCoded });
  }
}

/** The revision in which the codes of errors differ from those of the older ones. */
const CURRENT = '2026-07-28';

/**
 * Some clients send the arguments of a call as `null` or as JSON text, which the SDK refuses with the words of its
 * validator, and it drops a key `__proto__` from them. Here they reach the reader of arguments, which takes them or
 * says in a sentence what is wrong.
 */
function withObjectArguments<M extends object>(message: M): M {
  const params = paramsOf(message, 'tools/call');
  if (!params || !('arguments' in params)) return message;
  const { arguments: given } = params;
  if (isPlainObject(given) && !Object.hasOwn(given, '__proto__')) return message;
  return { ...message, params: { ...params, arguments: given === null ? {} : { [WHOLE]: given } } };
}

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const lists: ReadonlySet<string> = new Set([
  'tools/list',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
]);

/** Each list is one page, so that no cursor is valid. */
function refusedCursor(message: Message): Message | undefined {
  if (!isJSONRPCRequest(message) || !lists.has(message.method)) return undefined;
  const cursor = message.params?.['cursor'];
  if (isNoCursor(cursor)) return undefined;
  return {
    jsonrpc: '2.0',
    id: message.id,
    error: {
      code: INVALID_PARAMS,
      message: `The cursor is not valid: ${message.method} has one page. Call it without a cursor.`,
    },
  };
}

function withoutEmptyCursor<M extends object>(message: M): M {
  const params = [...lists].map((method) => paramsOf(message, method)).find((found) => found !== undefined);
  if (!params || !('cursor' in params) || !isNoCursor(params['cursor'])) return message;
  const { cursor: _, ...others } = params;
  return { ...message, params: others };
}

function isNoCursor(cursor: unknown): boolean {
  return cursor === undefined || cursor === null || cursor === '';
}

function paramsOf(message: object, method: string): Readonly<Record<string, unknown>> | undefined {
  if (!('method' in message) || message.method !== method || !('params' in message)) return undefined;
  const { params } = message;
  return isPlainObject(params) ? (params as Record<string, unknown>) : undefined;
}

/** The code that the revisions before 2026-07-28 name for a missing resource. The SDK has only that of the current one. */
function withOldCode(message: Message): Message {
  if (!('error' in message) || message.error.code !== INVALID_PARAMS) return message;
  const { data } = message.error;
  const isMissing = isPlainObject(data) && Object.keys(data).join(',') === 'uri';
  if (!isMissing) return message;
  return { ...message, error: { ...message.error, code: ProtocolErrorCode.ResourceNotFound } };
}
