import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TOKEN } from '../../support/line.ts';
import { House, rpcHeaders } from './house.ts';
import type { Answered } from './house.ts';
import { modernHeaders, modernMeta } from './modern-request.ts';

type Params = Readonly<Record<string, unknown>> | null | undefined;

const NAMES: Readonly<Record<string, string>> = {
  'resources/read': 'uri',
  'tools/call': 'name',
  'prompts/get': 'name',
};

describe.each(['2025-06-18', '2026-07-28'])('requests of the revision %s', (revision) => {
  const isCurrent = revision === '2026-07-28';
  let house: House;
  beforeAll(async () => {
    house = await House.open();
    for (const path of ['/Notes/a.txt', '/Numbers/b.txt', '/Nothing.txt']) house.cloud.home().put(path, 'x');
  });
  afterAll(async () => house.close());

  async function ask(method: string, params: Params, more: Record<string, string> = {}): Promise<Answered> {
    const name = params?.[NAMES[method] ?? ''];
    return house.send('/mcp', {
      method: 'POST',
      headers: {
        ...rpcHeaders,
        authorization: `Bearer ${TOKEN}`,
        ...(isCurrent ? modernHeaders(method, typeof name === 'string' ? name : undefined) : {}),
        ...more,
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method,
        params: isCurrent ? { ...params, _meta: modernMeta } : params,
      }),
    });
  }
  const errorOf = ({ text }: Answered): { code: number; message: string; data?: unknown } =>
    (JSON.parse(text.replace(/^[^]*?data: /, '')) as { error: { code: number; message: string } }).error;

  it.each(['tools/list', 'prompts/list', 'resources/list', 'resources/templates/list'])(
    'refuse a cursor of %s that was never given out, and take an empty one',
    async (method) => {
      for (const cursor of ['bogus', 'eyJvIjoxfQ==', 1])
        expect(errorOf(await ask(method, { cursor }))).toMatchObject({
          code: -32_602,
          message: expect.stringContaining('Call it without a cursor'),
        });
      for (const cursor of ['', null]) expect((await ask(method, { cursor })).text).toContain('"result"');
    },
  );

  it('have the code of this revision for a resource that is not there', async () => {
    for (const uri of ['nextcloud://none.txt', 'nextcloud://Notes/none', 'file:///etc/hostname'])
      expect(errorOf(await ask('resources/read', { uri }))).toMatchObject({
        code: isCurrent ? -32_602 : -32_002,
        data: { uri },
      });
    expect(errorOf(await ask('resources/read', { uri: 'nextcloud://a%00b' })).code).toBe(-32_602);
    expect((await ask('resources/read', { uri: 'nextcloud://Notes/a.txt' })).text).toContain('"text":"x"');
  });

  it.each(['brief_folder', 'tidy_folder'])('complete the folder of the prompt %s', async (name) => {
    const complete = async (value: string): Promise<string> =>
      (
        await ask('completion/complete', {
          ref: { type: 'ref/prompt', name },
          argument: { name: 'folder', value },
        })
      ).text;
    expect(await complete('/N')).toContain('"values":["/Notes/","/Numbers/"]');
    expect(await complete('/Not')).toContain('"values":["/Notes/"]');
    expect(await complete('')).toContain('"values":["Notes/","Numbers/"]');
    expect(await complete('/none/')).toContain('"values":[]');
  });

  it.each(['constructor', 'toString', '__proto__'])('name the argument %s as unknown', async (key) => {
    const args: unknown = JSON.parse(`{"folder_path":"/","${key}":"x"}`);
    const { text } = await ask('tools/call', { name: 'list_files', arguments: args });
    expect(text).toContain(` no parameter ${key}`);
  });
});

describe('a client that', () => {
  let house: House;
  beforeAll(async () => {
    house = await House.open();
  });
  afterAll(async () => house.close());

  it('writes null for no parameters is answered', async () => {
    const headers = { ...rpcHeaders, authorization: `Bearer ${TOKEN}` };
    const one = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: null };
    for (const body of [one, [one, { ...one, id: 2, method: 'ping' }]]) {
      const answer = await house.send('/mcp', { method: 'POST', headers, body: JSON.stringify(body) });
      expect([answer.status, answer.text]).toEqual([200, expect.stringContaining('"tools"')]);
    }
    const done = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized', params: null });
    expect((await house.send('/mcp', { method: 'POST', headers, body: done })).status).toBe(202);
  });

  it('still has the id of a session from before a restart begins a new one', async () => {
    const lost = { 'mcp-session-id': crypto.randomUUID() };
    // With this status clients begin again.
    expect((await house.rpc('tools/list', {}, lost)).status).toBe(404);
    const begun = await house.initialize(lost);
    const id = begun.headers.get('mcp-session-id') ?? '';
    expect([begun.status, id]).toEqual([200, expect.stringMatching(/^[0-9a-f-]{36}$/)]);
    expect(id).not.toBe(lost['mcp-session-id']);
    expect((await house.rpc('tools/list', {}, { 'mcp-session-id': id })).status).toBe(200);
  });
});
