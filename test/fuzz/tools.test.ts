import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isAppError } from '../../src/errors.ts';
import { ConfirmationRequired } from '../../src/files/context/confirm-tokens.ts';
import { AccessPolicy } from '../../src/files/context/access-policy.ts';
import { resolveLink } from '../../src/files/context/link.ts';
import type { Workspace } from '../../src/files/workspace.ts';
import { LocalFolders } from '../../src/files/local/local-folders.ts';
import { createLog, Secret } from '../../src/log.ts';
import { Account } from '../../src/nextcloud/account.ts';
import { BasicCredentials } from '../../src/nextcloud/transport/credentials.ts';
import { parsePath } from '../../src/path.ts';
import { readArguments } from '../../src/tools/arguments/read-arguments.ts';
import type { Tool } from '../../src/tools/define.ts';
import { select } from '../../src/tools/catalogue.ts';
import { workspaceOf } from '../support/workspace.ts';
import { destination } from './apache.ts';
import { BASE, nastyPath, ORIGIN, ROOT_PATH, USER } from './nasty.ts';
import { Recorder } from './recorder.ts';
import type { Recorded } from './recorder.ts';
import { part, TIMEOUT } from './runs.ts';

const ROOTS = ['/Work', '/Shared/Team'];
const READ_ONLY = '/Shared/Team';
const DENIED = /(^|\/)(secret\.zip!|Private)(\/|$)/i;

const log = createLog('silent');
const recorder = new Recorder();
const signal = new AbortController().signal;
let folder = '';
let workspace: Workspace;

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-')));
  const account = new Account({
    dispatcher: recorder,
    url: new URL(ORIGIN + ROOT_PATH),
    username: USER,
    credentials: new BasicCredentials(USER, new Secret('x')),
    userAgent: 'fuzz',
    minIntervalMs: 0,
    timeoutSeconds: 30,
    log,
  });
  workspace = workspaceOf({
    account,
    stateFolder: folder,
    policy: new AccessPolicy(
      [
        { path: parsePath('/Work'), readOnly: false },
        { path: parsePath('/Shared/Team'), readOnly: true },
      ],
      ['secret.zip!', '/**/Private/'],
    ),
    local: new LocalFolders([folder]),
  });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const tools = select({ toolsets: ['all'], readOnly: false, local: true }).filter(
  ({ paths }) => paths.length > 0,
);

const fixed: Readonly<Record<string, Record<string, unknown>>> = {
  upload_file: { content: 'x', overwrite: true },
  move_file: { overwrite: true },
  copy_file: { overwrite: true },
  download_file: { local_path: 'x.bin', overwrite: true },
  search_file_contents: { pattern: 'x' },
  read_version: { version: '1700000000' },
  restore_version: { version: '1700000000' },
  add_comment: { message: 'x' },
  create_share: { type: 'link' },
  restore_from_trash: { item: '/Work/x' },
  edit_file: { edits: [{ old_text: 'hello', new_text: 'bye' }] },
};

async function call(tool: Tool, args: Record<string, unknown>): Promise<void> {
  try {
    const resolve = async (link: string): Promise<string> => resolveLink(workspace, link, { signal });
    const { input } = await readArguments(tool, args, resolve, signal);
    await tool.run(input, { workspace, signal, report: () => undefined });
  } catch (error) {
    // An assistant that agrees to everything goes furthest.
    if (error instanceof ConfirmationRequired && args['confirm'] === undefined)
      return call(tool, { ...args, confirm: error.token });
    if (!isAppError(error)) throw error;
  }
}

const within = (path: string, root: string): boolean => path === root || path.startsWith(`${root}/`);
const given = (path: string): boolean => ROOTS.some((root) => within(path, root)) && !DENIED.test(path);
const onTheWay = (path: string): boolean => ROOTS.some((root) => within(root, path) || path === '/');
const writes = new Set(['PUT', 'MKCOL', 'MOVE', 'DELETE', 'PROPPATCH', 'POST', 'LOCK', 'UNLOCK']);

/** What belongs to a file and lies elsewhere: named by the file's id, or by a hash of its path. */
const beside = [
  new RegExp(`^${ROOT_PATH}/remote\\.php/dav/uploads/${USER}/edit-[0-9a-f]{32}$`),
  new RegExp(`^${ROOT_PATH}/remote\\.php/dav/versions/${USER}/versions/7$`),
  new RegExp(`^${ROOT_PATH}/remote\\.php/dav/(systemtags-relations|comments)/files/7$`),
  new RegExp(`^${ROOT_PATH}/remote\\.php/dav/systemtags$`),
  new RegExp(`^${ROOT_PATH}/remote\\.php/dav/trashbin/${USER}/trash$`),
  new RegExp(`^${ROOT_PATH}/ocs/v2\\.php/apps/(files_sharing/api/v1/shares|dav/api/v1/direct)(\\?.*)?$`),
];

/** What is wrong with a request, if anything. */
function escape({ method, origin, path, destination: to, body }: Recorded): string | undefined {
  if (origin !== ORIGIN) return `went to ${origin}`;
  if (method === 'SEARCH') return searchEscape(path, body);
  if (/^\/nextcloud\/(index\.php\/core\/preview\?fileId=7&|ocs\/v2\.php\/cloud\/)/.test(path))
    return undefined;
  if (beside.some((place) => place.test(path))) return undefined;
  const at = destination(path, BASE);
  if (at === undefined) return 'left the base of the account';
  if (method === 'PROPFIND') return given(at) || onTheWay(at) ? undefined : `looked at ${at}`;
  if (!given(at)) return `${method} of ${at}`;
  if (writes.has(method) && within(at, READ_ONLY)) return `${method} in the read-only ${at}`;
  if (to === undefined) return undefined;
  const target = destination(to, BASE);
  const uploads = to.includes('/remote.php/dav/uploads/');
  return !uploads && target !== undefined && given(target) && !within(target, READ_ONLY)
    ? undefined
    : `${method} to ${to}`;
}

function searchEscape(path: string, body: string): string | undefined {
  if (path !== `${ROOT_PATH}/remote.php/dav/`) return `searched at ${path}`;
  const scopes = [...body.matchAll(/<d:href>([^<]*)<\/d:href>/g)].map((match) =>
    (match[1] ?? '').replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code))),
  );
  const [scope = ''] = scopes;
  if (scopes.length !== 1 || !within(scope, `/files/${USER}`)) return `searched ${scopes.join()}`;
  const at = scope.slice(`/files/${USER}`.length) || '/';
  return given(at) || onTheWay(at) ? undefined : `searched in ${at}`;
}

describe('no string given as a path leaves what the assistant was given', { timeout: TIMEOUT }, () => {
  test.each(tools.map((tool) => [tool.name, tool] as const))('%s', async (name, tool) => {
    let reached = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(nastyPath, { minLength: 2, maxLength: 2 }), async (texts) => {
        recorder.requests = [];
        workspace.trashQueue.clear(); // two of one name in a second would be kept apart by waiting
        const args: Record<string, unknown> = { ...fixed[name] };
        for (const [index, key] of tool.paths.entries()) args[key] = texts[index] ?? '/Work/x';
        await call(tool, args);
        reached += recorder.requests.length;
        const escapes = recorder.requests.map(escape).filter((what) => what !== undefined);
        if (escapes.length > 0) throw new Error(escapes.join('. '));
      }),
      part(0.01),
    );
    // Otherwise nothing was tried.
    expect(reached).toBeGreaterThan(0);
  });

  test('the recorder would see an escape', () => {
    const request = { method: 'GET', origin: ORIGIN, destination: undefined, body: '' };
    expect(escape({ ...request, path: `${BASE}/Work/x` })).toBeUndefined();
    expect(escape({ ...request, path: `${BASE}/Work/%2e%2e/Private/x` })).toBeDefined();
    expect(escape({ ...request, path: `${BASE}/../bob/x` })).toBeDefined();
    expect(escape({ ...request, path: `${BASE}/Work%2f..%2fx` })).toBeDefined();
    expect(escape({ ...request, path: `${BASE}/Work/x?y` })).toBeDefined();
    expect(escape({ ...request, path: `${BASE}/Work/Private/x` })).toBeDefined();
    expect(escape({ ...request, method: 'PUT', path: `${BASE}/Shared/Team/x` })).toBeDefined();
    expect(escape({ ...request, origin: 'https://evil.test', path: `${BASE}/Work/x` })).toBeDefined();
    expect(
      escape({ ...request, method: 'MOVE', path: `${BASE}/Work/x`, destination: `${ORIGIN}${BASE}/y` }),
    ).toBeDefined();
  });
});
