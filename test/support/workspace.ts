import { randomBytes } from 'node:crypto';
import { createApp } from '../../src/app/app.ts';
import { load } from '../../src/config/config.ts';
import { DocumentPool } from '../../src/documents/index.ts';
import { AccessPolicy } from '../../src/files/context/access-policy.ts';
import { ConfirmTokens } from '../../src/files/context/confirm-tokens.ts';
import { Cursors } from '../../src/files/entry/cursor.ts';
import { LocalFolders } from '../../src/files/local/local-folders.ts';
import { createWorkspace } from '../../src/files/workspace.ts';
import type { Workspace, WorkspaceOptions } from '../../src/files/workspace.ts';
import { createLog } from '../../src/log.ts';
import { transferLimiter } from '../../src/nextcloud/transport/request-limiter.ts';
import { ROOT } from '../../src/path.ts';
import { Store } from '../../src/store/store.ts';

/** The workspace of one account, as the server puts it together from its settings. */
export function openWorkspace(
  url: string,
  env: Readonly<Record<string, string>> = {},
): { workspace: Workspace; close: () => Promise<void> } {
  const account = { NEXTCLOUD_USERNAME: 'demo', NEXTCLOUD_PASSWORD: 'demo-app-password' };
  const config = load({}, { NEXTCLOUD_URL: url, ...account, ...env });
  const app = createApp(config, createLog('silent'), { local: true });
  return { workspace: app.session.workspace, close: async () => app.close() };
}

/** A workspace around an account that a test brings: nothing is cached, nothing out of bounds, no call ends early. */
export function workspaceOf(
  options: Pick<WorkspaceOptions, 'account' | 'stateFolder'> & Partial<WorkspaceOptions>,
): Workspace {
  return createWorkspace({
    owner: 'test',
    policy: new AccessPolicy([{ path: ROOT, readOnly: false }], []),
    local: new LocalFolders([]),
    documentPool: new DocumentPool(),
    confirmTokens: new ConfirmTokens(randomBytes(32), 'test', Date.now),
    cursors: new Cursors(randomBytes(32), 'test', 'test'),
    cacheListingSeconds: 0,
    cacheSearchSeconds: 0,
    transferLimiter: transferLimiter(4),
    maxResultChars: 60_000,
    tuning: { directIo: true, minorGc: true },
    patienceMs: Infinity,
    log: createLog('silent'),
    store: new Store(options.stateFolder, createLog('silent')),
    ...options,
  });
}
