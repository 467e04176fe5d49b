import type { Exchange } from '../http/exchange.ts';
import type { Node } from '../store/node.ts';

/** A file or folder of the asker by its id; those of others are as if they were not there. */
export function ownNode(exchange: Exchange, id: string): Node | undefined {
  const node = exchange.instance.tree.nodeById(Number(id));
  let root = node;
  while (root?.parent) root = root.parent;
  return root === exchange.user.home ? node : undefined;
}
