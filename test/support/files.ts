import { createApp } from '../../src/app/app.ts';
import { load } from '../../src/config/config.ts';
import type { Files } from '../../src/files/files.ts';
import { createLog } from '../../src/log.ts';

/** The file service of one account, as the server puts it together. */
export function openFiles(
  url: string,
  env: Readonly<Record<string, string>> = {},
): { files: Files; close: () => Promise<void> } {
  const account = { NEXTCLOUD_USERNAME: 'demo', NEXTCLOUD_PASSWORD: 'demo-app-password' };
  const config = load([], { NEXTCLOUD_URL: url, ...account, ...env });
  const app = createApp(config, createLog('silent'), { local: true });
  return { files: app.session.files, close: async () => app.close() };
}
