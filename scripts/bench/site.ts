import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Wire } from './wire.ts';

/** A Nextcloud that holds the material, and raw requests to it. */
export interface Site {
  readonly kind: 'embedded' | 'real';
  readonly env: Readonly<Record<string, string>>;
  /** Where the material is. */
  readonly folder: string;
  readonly wire: Wire;
  /** Writes a file as another client. */
  put(path: string): Promise<void>;
  close(): Promise<void>;
}

/** @param env `NEXTCLOUD_*` with a URL for a real Nextcloud, which has the material in `NEXTCLOUD_BENCH_FOLDER` */
export async function openSite(env: NodeJS.ProcessEnv): Promise<Site> {
  return env['NEXTCLOUD_URL'] ? real(env) : embedded();
}

async function embedded(): Promise<Site> {
  const child = fork(join(import.meta.dirname, 'cloud.ts'), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [{ url }] = (await once(child, 'message')) as [{ url: string }];
  const account = { NEXTCLOUD_URL: url, NEXTCLOUD_USERNAME: 'demo', NEXTCLOUD_PASSWORD: 'demo-app-password' };
  const wire = new Wire(url, 'demo', 'demo-app-password');
  return {
    kind: 'embedded',
    env: account,
    folder: '',
    wire,
    put: async (path) => {
      const done = once(child, 'message');
      child.send({ path });
      await done;
    },
    close: async () => {
      await wire.close();
      child.disconnect();
    },
  };
}

function real(env: NodeJS.ProcessEnv): Site {
  const { NEXTCLOUD_URL = '', NEXTCLOUD_USERNAME = '', NEXTCLOUD_PASSWORD = '' } = env;
  const folder = env['NEXTCLOUD_BENCH_FOLDER'];
  if (!folder)
    throw new Error(
      'NEXTCLOUD_BENCH_FOLDER must name the folder with the material: make it with `npm run bench -- --fill DIR` where the Nextcloud keeps the files, then `occ files:scan`',
    );
  const wire = new Wire(NEXTCLOUD_URL, NEXTCLOUD_USERNAME, NEXTCLOUD_PASSWORD);
  return {
    kind: 'real',
    env: { NEXTCLOUD_URL, NEXTCLOUD_USERNAME, NEXTCLOUD_PASSWORD },
    folder,
    wire,
    put: async (path) => wire.put(folder + path),
    close: async () => wire.close(),
  };
}
