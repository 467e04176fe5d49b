import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A Nextcloud, and the login that a benchmark uses there. */
export interface Login {
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

/**
 * Runs a benchmark against the Nextcloud that NEXTCLOUD_URL, NEXTCLOUD_USERNAME and NEXTCLOUD_PASSWORD name,
 * or against the embedded one in a process of its own.
 */
export async function withNextcloud<Result>(work: (login: Login) => Promise<Result>): Promise<Result> {
  const { NEXTCLOUD_URL: url, NEXTCLOUD_USERNAME: username, NEXTCLOUD_PASSWORD: password } = process.env;
  if (url && username && password) return work({ url, username, password });
  const child = fork(join(import.meta.dirname, 'cloud.ts'));
  try {
    const [message] = (await once(child, 'message')) as [{ url: string }];
    return await work({ url: message.url, username: 'demo', password: 'demo-app-password' });
  } finally {
    child.disconnect();
  }
}
