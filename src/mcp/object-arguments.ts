import { McpServer } from '@modelcontextprotocol/server';
import { WHOLE } from '../tools/arguments/read-arguments.ts';

type Transport = Parameters<McpServer['connect']>[0];

/**
 * Some clients send the arguments of a call as `null` or as JSON text, which the SDK refuses with the words of its
 * validator. Here they reach the reader of arguments, which takes them or says in a sentence what is wrong.
 */
export class ObjectArgumentsServer extends McpServer {
  override async connect(transport: Transport): Promise<void> {
    await super.connect(transport);
    const inner = transport.onmessage;
    const onmessage: Transport['onmessage'] = (message, extra) =>
      inner?.(withObjectArguments(message), extra);
    Object.assign(transport, { onmessage });
  }
}

function withObjectArguments<M extends object>(message: M): M {
  if (!('method' in message) || message.method !== 'tools/call' || !('params' in message)) return message;
  const { params } = message;
  if (typeof params !== 'object' || params === null || !('arguments' in params)) return message;
  const { arguments: given } = params;
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) return message;
  return { ...message, params: { ...params, arguments: given === null ? {} : { [WHOLE]: given } } };
}
