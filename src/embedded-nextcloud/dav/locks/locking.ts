import type { HttpExchange } from '../../http/http-exchange.ts';
import { locked } from '../protocol/sabre-error.ts';
import type { Node } from '../../store/node.ts';
import { submittedTokens } from '../protocol/preconditions.ts';

/**
 * Checks the lock of a node before a write.
 *
 * @throws {SabreError} 423 for a lock of another user, or a class 2 lock whose token was not submitted.
 */
export function assertWritable(exchange: HttpExchange, node: Node | undefined): void {
  const lock = node?.lock;
  if (!node || !lock) return;
  const mine = lock.owner === exchange.user.id;
  if (lock.kind === 0 && mine) return;
  if (lock.kind === 2 && submittedTokens(exchange.header('if')).includes(lock.token)) return;
  throw locked(`files/${exchange.user.id}${node.path}`);
}
