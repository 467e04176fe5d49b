import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TOKEN } from '../../support/line.ts';
import { House } from './house.ts';

const bearer = { authorization: `Bearer ${TOKEN}` };

describe('the service around the protocol', () => {
  let house: House;
  beforeEach(async () => {
    house = await House.open();
    house.cloud.home().put('/Notes/a.txt', 'hello');
  });
  afterEach(async () => house.close());

  const names = ({ text }: { text: string }): string[] => [
    ...new Set([...text.matchAll(/"name":"([a-z_]+)"/g)].map(([, name]) => name ?? '')),
  ];

  it('offers nothing that works with files of the computer it runs on', async () => {
    const { text } = await house.rpc('tools/list', {});
    expect(text).toContain('"upload_file"');
    expect(text).not.toMatch(/download_file|transfer_status|local_path|(file|on) this computer/);
    const tried = await house.tool('upload_file', { remote_path: '/x', source_path: '/etc/hostname' });
    expect(tried.text).toContain('upload_file has no parameter source_path');
    expect(
      (await house.tool('download_file', { remote_path: '/Notes/a.txt', local_path: '/tmp' })).text,
    ).toContain('-32602');
    expect(house.cloud.home().list('/')).toEqual(['Notes']);
  });

  it('lets a request narrow the tools and never widen them', async () => {
    const all = names(await house.rpc('tools/list', {}));
    expect(all).toContain('delete_file');
    const reading = names(await house.rpc('tools/list', {}, { 'x-mcp-readonly': 'true' }));
    expect(reading).toContain('read_file');
    for (const name of ['delete_file', 'upload_file', 'move_file', 'copy_file', 'create_folder'])
      expect(reading).not.toContain(name);
    const forbidden = await house.tool('delete_file', { file_path: '/Notes' }, { 'x-mcp-readonly': '1' });
    expect(forbidden.text).toContain('-32602');
    expect(house.cloud.home().list('/')).toEqual(['Notes']);
    expect(names(await house.rpc('tools/list', {}, { 'x-mcp-toolsets': 'none' }))).not.toContain(
      'list_files',
    );
    expect(names(await house.rpc('tools/list', {}, { 'x-mcp-toolsets': 'all' }))).toEqual(all);

    const strict = await House.open({ env: { NEXTCLOUD_READ_ONLY: 'true' } });
    const within = names(
      await strict.rpc('tools/list', {}, { 'x-mcp-readonly': 'false', 'x-mcp-toolsets': 'all' }),
    );
    expect(within).toContain('read_file');
    expect(within).not.toContain('delete_file');
    await strict.close();
  });

  it('says whether it lives, and whether the Nextcloud answers', async () => {
    expect((await house.send('/healthz')).status).toBe(200);
    expect(house.cloud.requests).toEqual([]);
    for (let i = 0; i < 5; i++) expect((await house.send('/readyz')).status).toBe(200);
    expect(house.cloud.requests.map(({ path }) => path)).toEqual(['/status.php']);
    expect(house.cloud.requests.some(({ authorization }) => authorization)).toBe(false);
    const resting = await House.open({ cloud: { maintenance: true } });
    const answer = await resting.send('/readyz');
    expect(answer.status).toBe(503);
    expect(JSON.parse(answer.text)).toEqual({ ok: false, reason: 'unavailable' });
    await resting.close();
  });

  it('counts what it does', async () => {
    await house.tool('list_files', { folder_path: '/Notes' });
    await house.tool('list_files', { folder_path: '/Notes' });
    await house.tool('read_file', { file_path: '/none.txt' });
    const { text, headers } = await house.send('/metrics', { headers: bearer });
    expect(headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    for (const line of [
      'calls_total{tool="list_files",outcome="ok"} 2',
      'calls_total{tool="read_file",outcome="not_found"} 1',
      'call_seconds_count{tool="list_files"} 2',
      'cache_lookups_total{cache="listing",result="hit"} 1',
      'upstream_requests_total{method="PROPFIND",status="207"} 2',
      'http_requests_total{path="/mcp",status="200"} 3',
    ])
      expect(text).toContain(`nextcloud_files_mcp_${line}`);
    expect(text).toMatch(/upstream_bytes_total\{direction="received"\} [1-9]/);
    expect(text).not.toMatch(/demo|Notes|password/);
  });

  it('gives its request id to the Nextcloud', async () => {
    const { headers } = await house.tool('list_files', {}, { 'x-request-id': 'mine-1' });
    expect(headers.get('x-request-id')).toBe('mine-1');
    expect(house.cloud.requests.map((request) => request.headers['x-request-id'])).toEqual(['mine-1']);
  });

  it('tests the connection for a settings page', async () => {
    const test = async (body: unknown): Promise<{ status: number; data: Record<string, unknown> }> => {
      const { status, text } = await house.send('/api/integrations/test-connection', {
        method: 'POST',
        headers: { ...bearer, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return { status, data: JSON.parse(text) as Record<string, unknown> };
    };
    const { status, data } = await test({ service_name: 'nextcloud' });
    expect(status).toBe(200);
    expect(data).toMatchObject({ ok: true, user: { id: 'demo' } });
    const called = await house.tool('test_connection', {});
    const { result } = JSON.parse(called.text.replace(/^[^]*?data: /, '')) as {
      result: { structuredContent: Record<string, unknown> };
    };
    expect(Object.keys(data)).toEqual(Object.keys(result.structuredContent));
    expect((await test({ service_name: 'dropbox' })).status).toBe(400);
    expect((await test([])).status).toBe(400);
    house.cloud.revoke('demo');
    const refused = await test({ service_name: 'nextcloud' });
    expect(refused.status).toBe(200);
    expect(refused.data['ok']).toBe(false);
  });

  it('lets a running call end before it stops, and takes no new one', async () => {
    house.cloud.set({ latencyMs: 800 });
    const running = house.tool('list_files', { folder_path: '/Notes' });
    await new Promise((resolve) => setTimeout(resolve, 200));
    const stopping = house.server.stop();
    await expect(house.send('/healthz')).rejects.toThrow(/fetch failed/);
    const { status, text } = await running;
    expect(status).toBe(200);
    expect(text).toContain('a.txt');
    await stopping;
  });
});
