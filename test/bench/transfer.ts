import { execFileSync, spawnSync } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createClient } from 'webdav';
import { fork } from 'node:child_process';

/**
 * Transfers beside curl, rclone and the `webdav` package: the same bytes, one after the other within each
 * round, so that what else the machine does hits all of them. Prints the best of the rounds.
 *
 *     node test/bench/transfer.ts [--rounds 3] [--bytes 1000000000] [--files 1000]
 *
 * Works on the embedded cloud, or with NEXTCLOUD_URL, NEXTCLOUD_USERNAME and NEXTCLOUD_PASSWORD set on that one.
 */
const option = (name: string, fallback: number): number => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
};
const rounds = option('rounds', 3);
const size = option('bytes', 1_000_000_000);
const count = option('files', 1000);

interface Login {
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

interface Contender {
  readonly name: string;
  putFile(from: string, to: string): Promise<void> | void;
  getFile(from: string, to: string): Promise<void> | void;
  putFolder(from: string, to: string): Promise<void> | void;
  getFolder(from: string, to: string): Promise<void> | void;
}

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): void {
  const done = spawnSync(command, args, { env: { ...process.env, ...env }, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${command} failed: ${done.stderr}${done.stdout}`);
}

function ours({ url, username, password }: Login, state: string): Contender {
  const env = {
    NEXTCLOUD_URL: url,
    NEXTCLOUD_USERNAME: username,
    NEXTCLOUD_PASSWORD: password,
    NEXTCLOUD_STATE_FOLDER: state,
  };
  const main = join(import.meta.dirname, '../../dist/main.js');
  const call = (...args: string[]): void => run(process.execPath, [main, ...args], env);
  const put = (from: string, to: string): void => call('put', from, to);
  const get = (from: string, to: string): void => call('get', from, to);
  return { name: 'nextcloud-files-mcp', putFile: put, getFile: get, putFolder: put, getFolder: get };
}

function curl({ url, username, password }: Login): Contender {
  const base = `${url}/remote.php/dav/files/${username}`;
  const login = ['-sS', '--fail', '-u', `${username}:${password}`];
  const all = (lines: string[]): void => {
    const config = join(mkdtempSync(join(tmpdir(), 'curl-')), 'config');
    writeFileSync(config, lines.join('\n'));
    run('curl', [...login, '--parallel', '--parallel-max', '4', '-K', config]);
  };
  return {
    name: 'curl',
    putFile: (from, to) => run('curl', [...login, '-T', from, base + to]),
    getFile: (from, to) => run('curl', [...login, '-o', to, base + from]),
    putFolder(from, to) {
      run('curl', [...login, '-X', 'MKCOL', base + to]);
      all(
        readdirSync(from).map((name) => `upload-file = "${join(from, name)}"\nurl = "${base}${to}/${name}"`),
      );
    },
    getFolder(from, to) {
      mkdirSync(to);
      const names = Array.from({ length: count }, (_, index) => `f${index}`);
      all(names.map((name) => `url = "${base}${from}/${name}"\noutput = "${join(to, name)}"`));
    },
  };
}

function rclone({ url, username, password }: Login): Contender {
  const env = {
    RCLONE_CONFIG: '/dev/null',
    RCLONE_CONFIG_NC_TYPE: 'webdav',
    RCLONE_CONFIG_NC_VENDOR: 'nextcloud',
    RCLONE_CONFIG_NC_URL: `${url}/remote.php/dav/files/${username}`,
    RCLONE_CONFIG_NC_USER: username,
    RCLONE_CONFIG_NC_PASS: execFileSync('rclone', ['obscure', password], { encoding: 'utf8' }).trim(),
  };
  const call = (...args: string[]): void => run('rclone', args, env);
  return {
    name: 'rclone',
    putFile: (from, to) => call('copyto', from, `nc:${to}`),
    getFile: (from, to) => call('copyto', `nc:${from}`, to),
    putFolder: (from, to) => call('copy', from, `nc:${to}`),
    getFolder: (from, to) => call('copy', `nc:${from}`, to),
  };
}

function webdav({ url, username, password }: Login): Contender {
  const client = createClient(`${url}/remote.php/dav/files/${username}`, { username, password });
  const each = async (names: readonly string[], work: (name: string) => Promise<unknown>): Promise<void> => {
    const left = [...names];
    const lane = async (): Promise<void> => {
      for (let name = left.shift(); name !== undefined; name = left.shift()) await work(name);
    };
    await Promise.all([lane(), lane(), lane(), lane()]);
  };
  const getFile = async (from: string, to: string): Promise<void> =>
    pipeline(client.createReadStream(from) as Readable, createWriteStream(to));
  return {
    name: 'webdav package',
    putFile: async (from, to) => {
      await client.putFileContents(to, createReadStream(from), { contentLength: size });
    },
    getFile,
    putFolder: async (from, to) => {
      await client.createDirectory(to);
      await each(readdirSync(from), async (name) =>
        client.putFileContents(`${to}/${name}`, readFileSync(join(from, name))),
      );
    },
    getFolder: async (from, to) => {
      mkdirSync(to);
      const names = Array.from({ length: count }, (_, index) => `f${index}`);
      await each(names, async (name) =>
        writeFileSync(join(to, name), (await client.getFileContents(`${from}/${name}`)) as Buffer),
      );
    },
  };
}

async function measure(login: Login, folder: string): Promise<void> {
  const big = join(folder, 'big.bin');
  const small = join(folder, 'small');
  const file = openSync(big, 'w');
  const block = Buffer.alloc(10_000_000);
  for (let at = 0; at < size; at += block.length)
    writeSync(file, randomFillSync(block), 0, Math.min(block.length, size - at));
  closeSync(file);
  mkdirSync(small);
  for (let i = 0; i < count; i++) writeFileSync(join(small, `f${i}`), randomFillSync(Buffer.alloc(10_240)));
  const contenders = [ours(login, join(folder, 'state')), curl(login), rclone(login), webdav(login)];
  const signIn = ['-sS', '--fail', '-u', `${login.username}:${login.password}`];
  const remove = (path: string): void => {
    const target = `${login.url}/remote.php/dav/files/${login.username}${path}`;
    run('curl', [...signIn, '-X', 'DELETE', '-H', 'X-NC-Skip-Trashbin: true', target]);
  };
  const best = new Map<string, number>();
  const time = async (what: string, work: () => Promise<void> | void): Promise<void> => {
    const began = performance.now();
    await work();
    const ms = performance.now() - began;
    console.error(`${what}: ${Math.round(ms)} ms`);
    best.set(what, Math.min(best.get(what) ?? Infinity, ms));
  };
  for (let round = 0; round < rounds; round++) {
    for (const one of contenders) {
      const to = join(folder, 'out');
      await time(`put 1 ${one.name}`, async () => one.putFile(big, '/bench-big.bin'));
      await time(`get 1 ${one.name}`, async () => one.getFile('/bench-big.bin', to));
      if (!readFileSync(to).equals(readFileSync(big))) throw new Error(`${one.name} did it wrong`);
      rmSync(to);
      remove('/bench-big.bin');
      await time(`put n ${one.name}`, async () => one.putFolder(small, '/bench-small'));
      await time(`get n ${one.name}`, async () => one.getFolder('/bench-small', to));
      if (readdirSync(to).length !== count) throw new Error(`${one.name} did it wrong`);
      rmSync(to, { recursive: true });
      remove('/bench-small');
    }
  }
  const what = {
    'put 1': `upload of ${size / 1e6} MB`,
    'get 1': `download of ${size / 1e6} MB`,
    'put n': `upload of ${count} files of 10 KB`,
    'get n': `download of ${count} files of 10 KB`,
  };
  for (const [key, title] of Object.entries(what)) {
    const own = best.get(`${key} ${contenders[0]?.name}`) ?? NaN;
    console.log(`\n${title}`);
    for (const { name } of contenders) {
      const ms = best.get(`${key} ${name}`) ?? NaN;
      console.log(
        `  ${name.padEnd(20)} ${(ms / 1000).toFixed(2).padStart(7)} s   ours / this ${(own / ms).toFixed(2)}`,
      );
    }
  }
}

const { NEXTCLOUD_URL: url, NEXTCLOUD_USERNAME: username, NEXTCLOUD_PASSWORD: password } = process.env;
const folder = mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-bench-'));
try {
  if (url && username && password) await measure({ url, username, password }, folder);
  else {
    const cloud = fork(join(import.meta.dirname, 'cloud.ts'));
    const address = await new Promise<string>((resolve) =>
      cloud.once('message', (message) => resolve(message as string)),
    );
    try {
      await measure({ url: address, username: 'demo', password: 'demo-app-password' }, folder);
    } finally {
      cloud.kill();
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
