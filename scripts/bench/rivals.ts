import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createClient } from 'webdav';
import { runParallel } from '../../src/parallel.ts';
import type { Assistant } from './assistant.ts';
import type { Login } from './login.ts';

/** A program that transfers a file or a flat folder to a Nextcloud and back. Remote paths start with `/`. */
export interface Mover {
  readonly name: string;
  putFile(from: string, to: string): Promise<unknown>;
  getFile(from: string, to: string): Promise<unknown>;
  putFolder(from: string, to: string): Promise<unknown>;
  getFolder(from: string, to: string): Promise<unknown>;
}

/** Parallel requests: as many as ours uses, and the default of rclone. */
const SIDE_BY_SIDE = 4;

/** Tool calls to a server that is already running, as it is while an assistant is open. */
export function ours(assistant: Assistant): Mover {
  const put = async (source_path: string, remote_path: string): Promise<unknown> =>
    assistant.call('upload_file', { source_path, remote_path });
  const get = async (remote_path: string, local_path: string): Promise<unknown> =>
    assistant.call('download_file', { remote_path, local_path });
  return { name: 'ours', putFile: put, getFile: get, putFolder: put, getFolder: get };
}

export function curl({ url, username, password }: Login, scratch: string, names: readonly string[]): Mover {
  const base = `${url}/remote.php/dav/files/${username}`;
  const login = ['-sS', '--fail', '-u', `${username}:${password}`];
  const all = async (lines: readonly string[]): Promise<void> => {
    const config = join(scratch, 'curl-config');
    writeFileSync(config, lines.join('\n'));
    await run('curl', [...login, '--parallel', '--parallel-max', String(SIDE_BY_SIDE), '-K', config]);
  };
  return {
    name: 'curl',
    putFile: async (from, to) => run('curl', [...login, '-T', from, base + to]),
    getFile: async (from, to) => run('curl', [...login, '-o', to, base + from]),
    putFolder: async (from, to) => {
      await run('curl', [...login, '-X', 'MKCOL', base + to]);
      await all(names.map((name) => `upload-file = "${join(from, name)}"\nurl = "${base}${to}/${name}"`));
    },
    getFolder: async (from, to) => {
      mkdirSync(to);
      await all(names.map((name) => `url = "${base}${from}/${name}"\noutput = "${join(to, name)}"`));
    },
  };
}

/** With the vendor `nextcloud`, for which it uploads in chunks. */
export function rclone({ url, username, password }: Login): Mover {
  const env = {
    RCLONE_CONFIG: '/dev/null',
    RCLONE_CONFIG_NC_TYPE: 'webdav',
    RCLONE_CONFIG_NC_VENDOR: 'nextcloud',
    RCLONE_CONFIG_NC_URL: `${url}/remote.php/dav/files/${username}`,
    RCLONE_CONFIG_NC_USER: username,
    RCLONE_CONFIG_NC_PASS: execFileSync('rclone', ['obscure', password], { encoding: 'utf8' }).trim(),
  };
  const call = async (...args: string[]): Promise<void> => run('rclone', args, env);
  return {
    name: 'rclone',
    putFile: async (from, to) => call('copyto', from, `nc:${to}`),
    getFile: async (from, to) => call('copyto', `nc:${from}`, to),
    putFolder: async (from, to) => call('copy', from, `nc:${to}`),
    getFolder: async (from, to) => call('copy', `nc:${from}`, to),
  };
}

/** The package in this process, so that it has no start-up time either. */
export function webdav({ url, username, password }: Login, names: readonly string[], size: number): Mover {
  const client = createClient(`${url}/remote.php/dav/files/${username}`, { username, password });
  const each = async (work: (name: string) => Promise<unknown>): Promise<void> =>
    runParallel(names, SIDE_BY_SIDE, undefined, async (name) => void (await work(name)));
  return {
    name: 'webdav',
    putFile: async (from, to) => client.putFileContents(to, createReadStream(from), { contentLength: size }),
    getFile: async (from, to) => pipeline(client.createReadStream(from) as Readable, createWriteStream(to)),
    putFolder: async (from, to) => {
      await client.createDirectory(to);
      await each(async (name) => client.putFileContents(`${to}/${name}`, readFileSync(join(from, name))));
    },
    getFolder: async (from, to) => {
      mkdirSync(to);
      await each(async (name) =>
        writeFileSync(join(to, name), (await client.getFileContents(`${from}/${name}`)) as Buffer),
      );
    },
  };
}

export async function run(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<void> {
  const child = spawn(command, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${said.join('')}`);
}
