import { randomBytes } from 'node:crypto';
import { isAppError } from '../../errors.ts';
import type { Account } from '../../nextcloud/account.ts';
import { davSearch } from '../../nextcloud/dav/search.ts';
import { searchBody } from '../../nextcloud/dav/search-query.ts';
import { runParallel } from '../../parallel.ts';
import { join, parsePath, ROOT } from '../../path.ts';
import type { AccessPolicy } from '../context/access-policy.ts';
import type { Call } from '../context/call.ts';
import { davMethods } from '../context/dav-methods.ts';
import type { Check } from './checklist.ts';

const AT_ONCE = 3;

/**
 * Tries the methods that a listing does not use, because a proxy may let only some of them through. Nothing is changed:
 * those that change something are sent for what does not exist, in a folder that does not exist.
 */
export async function checkMethods(
  { account, policy }: { readonly account: Account; readonly policy: AccessPolicy },
  call: Call,
): Promise<Check[]> {
  const probes = [
    async () => search(account, call),
    ...(mayWrite(policy) ? await writes(account, call) : []),
  ];
  const blocked: Check[] = [];
  await runParallel(probes, AT_ONCE, call.signal, async (probe) => {
    try {
      await probe();
    } catch (error) {
      if (!isAppError(error) || error.code === 'cancelled') throw error;
      // Nextcloud itself says of all of them that what they are for does not exist.
      if (!isAppError(error, 'forbidden', 'invalid_response')) return;
      blocked.push({ name: 'methods', ok: false, detail: error.message, fix: error.hint ?? '' });
    }
  });
  return blocked;
}

function mayWrite(policy: AccessPolicy): boolean {
  try {
    policy.assertWritable(ROOT);
    return true;
  } catch {
    return false;
  }
}

async function search(account: Account, call: Call): Promise<void> {
  const query = { folder: ROOT, names: [], sortBy: 'name', order: 'asc', limit: 1, offset: 0 } as const;
  await davSearch(account, (userId) => searchBody(query, userId), call);
}

async function writes(account: Account, call: Call): Promise<(() => Promise<unknown>)[]> {
  const { davCopy, davDelete, davMkcol, davMove, davPut } = await davMethods();
  const nowhere = parsePath(`/.nextcloud-files-mcp-${randomBytes(8).toString('hex')}`);
  const [from, to] = [join(nowhere, 'a'), join(nowhere, 'b')];
  return [
    async () => davPut(account, to, { ...call, body: Buffer.from('x'), length: 1 }),
    async () => davMkcol(account, to, call),
    async () => davMove(account, from, to, call),
    async () => davCopy(account, from, to, call),
    async () => davDelete(account, from, call),
  ];
}
