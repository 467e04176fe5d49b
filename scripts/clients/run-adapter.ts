import type { Connect, Connected, Target } from './client.ts';

/**
 * One client in a process of its own: `node run-adapter.ts ADAPTER`, told over the IPC channel what to do. What the
 * client starts is ended together with it.
 */
export type Order =
  | { readonly id: number; readonly do: 'connect'; readonly target: Target }
  | { readonly id: number; readonly do: 'tools' }
  | { readonly id: number; readonly do: 'close' }
  | { readonly id: number; readonly do: 'call'; readonly tool: string; readonly args: object }
  | { readonly id: number; readonly do: 'abort' };

export type Reply =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string }
  | { readonly id: number; readonly progress: number };

const { connect } = (await import(`./adapters/${process.argv[2]}.ts`)) as { connect: Connect };
let connected: Connected | undefined;
const running = new Map<number, AbortController>();

function say(reply: Reply): void {
  process.send?.(reply);
}

async function carryOut(order: Order): Promise<unknown> {
  if (order.do === 'connect') {
    connected = await connect(order.target);
    return undefined;
  }
  if (!connected) throw new Error('not connected');
  if (order.do === 'abort') return undefined;
  if (order.do === 'tools') return connected.tools();
  if (order.do === 'close') return connected.close();
  const controller = new AbortController();
  running.set(order.id, controller);
  return connected.call(order.tool, order.args as Record<string, unknown>, {
    signal: controller.signal,
    onProgress: (progress) => say({ id: order.id, progress }),
  });
}

// Clients leave promises behind that nobody waits for, for example after a call was cancelled.
process.on('unhandledRejection', (reason) => process.stderr.write(`unhandled: ${String(reason)}\n`));
process.on('message', (order: Order) => {
  // It carries the number of the call that it ends, which gets the reply.
  if (order.do === 'abort') return running.get(order.id)?.abort();
  carryOut(order).then(
    (result) => say({ id: order.id, result }),
    (error: unknown) => say({ id: order.id, error: error instanceof Error ? error.message : String(error) }),
  );
});
say({ id: 0, result: 'ready' });
