import type { EmbeddedNextcloud } from '../../src/embedded-nextcloud/index.ts';
import type { Login } from './secrets.ts';

/** Looks at a home, and puts things there, past the client under test. */
export interface Witness {
  readonly userId: string;
  /** Writes a file; its folders are made. */
  put(path: string, content: string | Buffer): Promise<void>;
  makeFolder(path: string): Promise<void>;
  get(path: string): Promise<Buffer | undefined>;
  /** Names in a folder, sorted. */
  list(path: string): Promise<string[]>;
  /** Gone for good, with what lies of it in the trash. */
  remove(path: string): Promise<void>;
}

export function embeddedWitness(cloud: EmbeddedNextcloud, userId: string): Witness {
  const home = cloud.home(userId);
  return {
    userId,
    put: async (path, content) => home.put(path, content),
    makeFolder: async (path) => home.mkdir(path),
    get: async (path) => home.get(path),
    list: async (path) => home.list(path).toSorted(),
    remove: async (path) => home.remove(path),
  };
}

/** The same over plain WebDAV, written apart from the client. */
export async function davWitness(url: string, { username, password }: Login): Promise<Witness> {
  const root = url.replace(/\/+$/, '');
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const send = async (
    method: string,
    address: string,
    headers: Record<string, string> = {},
    body?: string | Buffer,
  ): Promise<Response> =>
    fetch(root + address, {
      method,
      headers: { authorization, ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) }),
    });
  const who = await send('GET', '/ocs/v2.php/cloud/user?format=json', { 'ocs-apirequest': 'true' });
  if (who.status !== 200) throw new Error(`${root} answered ${who.status} to the login of ${username}`);
  const { ocs } = (await who.json()) as { ocs: { data: { id: string } } };
  const userId = ocs.data.id;
  const encoded = (path: string): string => path.split('/').map(encodeURIComponent).join('/');
  const file = (path: string): string =>
    `/remote.php/dav/files/${encodeURIComponent(userId)}${encoded(path)}`;
  const must = async (wanted: readonly number[], answer: Promise<Response>): Promise<Response> => {
    const response = await answer;
    if (wanted.includes(response.status)) return response;
    throw new Error(`${response.url} answered ${response.status}: ${await response.text()}`);
  };
  const makeFolder = async (path: string): Promise<void> => {
    const names = path.split('/').filter(Boolean);
    for (let depth = 1; depth <= names.length; depth++)
      await must([201, 405], send('MKCOL', file(`/${names.slice(0, depth).join('/')}`)));
  };
  const hrefs = async (address: string, property: string): Promise<{ name: string; value: string }[]> => {
    const body = `<?xml version="1.0"?><d:propfind xmlns:d="DAV:" xmlns:nc="http://nextcloud.org/ns"><d:prop><${property}/></d:prop></d:propfind>`;
    const response = await send('PROPFIND', address, { depth: '1' }, body);
    if (response.status !== 207) return [];
    const parts = (await response.text()).split('<d:response>').slice(2);
    return parts.map((part) => ({
      name: decodeURIComponent(/<d:href>([^<]*?)\/?<\/d:href>/.exec(part)?.[1]?.split('/').at(-1) ?? ''),
      value: new RegExp(`<${property}>([^<]*)<`).exec(part)?.[1] ?? '',
    }));
  };
  return {
    userId,
    makeFolder,
    async put(path, content) {
      const parent = path.slice(0, path.lastIndexOf('/'));
      if (parent !== '') await makeFolder(parent);
      await must([201, 204], send('PUT', file(path), {}, content));
    },
    async get(path) {
      const response = await must([200, 404], send('GET', file(path), { 'accept-encoding': 'identity' }));
      const bytes = Buffer.from(await response.arrayBuffer());
      return response.status === 200 ? bytes : undefined;
    },
    list: async (path) => (await hrefs(file(path), 'd:getetag')).map(({ name }) => name).toSorted(),
    async remove(path) {
      await must([204, 404], send('DELETE', file(path), { 'x-nc-skip-trashbin': 'true' }));
      const trash = `/remote.php/dav/trashbin/${encodeURIComponent(userId)}/trash`;
      for (const { name, value } of await hrefs(trash, 'nc:trashbin-original-location')) {
        const place = `/${value.replace(/^\//, '')}`;
        if (place === path || place.startsWith(`${path}/`))
          await must([204, 404], send('DELETE', `${trash}/${encodeURIComponent(name)}`));
      }
    },
  };
}
