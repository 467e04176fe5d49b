import { expect, test } from 'vitest';
import { startEmbeddedNextcloud } from '../../src/embedded-nextcloud/index.ts';
import { faults } from '../support/fault-table.ts';
import { FaultProxy } from '../support/fault-proxy.ts';
import { Stage } from '../support/stage.ts';

const short = [
  'reset before the request was read, always',
  'reset in the middle of the body, always',
  'truncated chunked body, always',
  '423, once',
  'a web page with status 200, always',
  'a web page with the right status',
  'entity bomb',
  'XML cut off',
  'href of another user',
  'session of another user',
  'redirect to another host',
  'not HTTP, always',
  'gzip claimed, not gzipped',
  'endless headers',
];

test(
  'the server process outlives what its network does, and leaks no secret',
  { timeout: 60_000 },
  async () => {
    const users = [
      { id: 'demo', password: 'demo-app-password' },
      { id: 'bob', password: 'bob-app-password' },
    ];
    const cloud = await startEmbeddedNextcloud({ users });
    cloud.home().put('/a.txt', 'a\n'.repeat(1000));
    const proxy = await FaultProxy.start(cloud.url);
    const stage = await Stage.open(
      { env: { NEXTCLOUD_URL: proxy.url, NEXTCLOUD_TIMEOUT_SECONDS: '1' } },
      cloud,
    );
    try {
      await stage.ok('list_files');
      for (const fault of faults.filter(({ name }) => short.includes(name))) {
        if (fault.spoil) proxy.arm(fault.spoil, () => true);
        await Promise.all([
          stage.call('read_file', { file_path: '/a.txt' }),
          stage.call('upload_file', { remote_path: `/${fault.name.length}.txt`, content: 'x' }),
          stage.call('get_file_info', { file_path: '/missing' }),
        ]);
        proxy.disarm();
        expect((await stage.ok('read_file', { file_path: '/a.txt', limit: 1 })).text).toContain('a');
      }
      expect(faults.filter(({ name }) => short.includes(name))).toHaveLength(short.length);
      expect(stage.printed.join('')).not.toMatch(/unexpected error|demo-app-password|Basic [A-Za-z0-9]/);
    } finally {
      await stage.close();
      await proxy.close();
      await cloud.close();
    }
  },
);
