import { z } from 'zod';
import type { Account } from './account.ts';
import { readOcs } from './ocs.ts';

/** What this server can do for this account (OCS, `cloud/capabilities`). */
export interface Capabilities {
  readonly trash: boolean;
  readonly versions: boolean;
  /** WebDAV class 2 locks, by the app files_lock. */
  readonly locks: boolean;
  readonly tags: boolean;
  readonly comments: boolean;
  readonly sharing: boolean;
}

const schema = z.object({
  capabilities: z.record(z.string(), z.record(z.string(), z.unknown()).catch({})),
});

export async function readCapabilities(account: Account, signal?: AbortSignal): Promise<Capabilities> {
  const { capabilities } = schema.parse(await readOcs(account, '/ocs/v2.php/cloud/capabilities', signal));
  const has = (app: string, key: string): boolean => Boolean(capabilities[app]?.[key]);
  return {
    trash: has('files', 'undelete'),
    versions: has('files', 'versioning'),
    locks: has('files', 'locking'),
    tags: has('systemtags', 'enabled'),
    comments: has('files', 'comments'),
    sharing: has('files_sharing', 'api_enabled'),
  };
}
