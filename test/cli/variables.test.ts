import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEmbeddedNextcloud } from '../../src/embedded-nextcloud/index.ts';
import type { EmbeddedNextcloud } from '../../src/embedded-nextcloud/index.ts';
import { Home } from './home.ts';
import type { Ran } from './home.ts';

/** An account is stored, and variables of the terminal name another login, or a part of one. */
describe('variables beside a stored account', () => {
  let home: Home;
  let cloud: EmbeddedNextcloud;
  let other: Record<string, string>;
  const login = async (env: Record<string, string>): Promise<Ran> => {
    let granted = false;
    return home.run(['login', cloud.url], {
      env,
      watch: (out) => {
        const link = /http:\S+\/login\/v2\/flow\/\S+/.exec(out)?.[0];
        if (link === undefined || granted) return;
        granted = true;
        cloud.grant(link, 'demo');
      },
    });
  };
  beforeAll(async () => {
    home = new Home();
    cloud = await startEmbeddedNextcloud({
      users: [
        { id: 'demo', password: 'demo-app-password' },
        { id: 'eve', password: 'eves-app-password' },
      ],
    });
    other = { NEXTCLOUD_URL: cloud.url, NEXTCLOUD_USERNAME: 'eve', NEXTCLOUD_PASSWORD: 'eves-app-password' };
    await login({});
  });
  afterAll(async () => {
    await cloud.close();
    home.close();
  });

  const plain = (text: string): string => text.replaceAll(/\s+/g, ' ');
  const names = 'NEXTCLOUD_URL, NEXTCLOUD_USERNAME and NEXTCLOUD_PASSWORD';
  const instead = (): string =>
    `${names} are set here and are used instead of the account "default" (demo at ${cloud.url})`;

  test('login says which of them is used', async () => {
    const { code, err } = await login(other);
    expect([code, plain(err)]).toEqual([0, `! ${instead()}. Unset them. `]);
  });

  test('doctor names where the login comes from, and what is put aside', async () => {
    const { code, out } = await home.run(['doctor'], { env: other });
    expect(code).toBe(0);
    expect(out).toContain(`✔ settings      address and login from ${names}\n`);
    expect(plain(out)).toContain(`! settings ${instead()} → Unset them.`);
    const same = await home.run(['doctor'], { env: { ...other, NEXTCLOUD_USERNAME: 'demo' } });
    expect(same.out).not.toContain('instead of');
  });

  test('install says which of them the assistant uses', async () => {
    const { code, err } = await home.run(['install', 'cursor', '--dry-run'], { env: other });
    expect([code, plain(err)]).toEqual([
      0,
      expect.stringContaining(
        `Cursor uses the account "default" (demo at ${cloud.url}), and not ${names} of this terminal.`,
      ) as string,
    ]);
  });

  test('without an account install says that an assistant does not see them', async () => {
    const bare = new Home();
    const { code, err } = await bare.run(['install', 'cursor'], { env: other });
    expect([code, plain(err)]).toEqual([
      2,
      expect.stringContaining(
        `There is no stored account yet. The assistant does not see ${names} of this terminal, and passwords are not written into its configuration. Sign in first: nextcloud-files-mcp login ${cloud.url} `,
      ) as string,
    ]);
    bare.close();
  });

  test.each([['ls'], ['doctor'], ['put', 'a', '/a']])(
    '%s says why the account is not used when only the address is left over',
    async (...argv) => {
      const { code, out, err } = await home.run(argv, { env: { NEXTCLOUD_URL: cloud.url } });
      expect([code, plain(out + err)]).toEqual([
        2,
        expect.stringContaining(
          'NEXTCLOUD_URL is set, so the account "default" is not used. Unset it, or set NEXTCLOUD_USERNAME and NEXTCLOUD_PASSWORD too.',
        ) as string,
      ]);
    },
  );

  test('serve --http names a port that is taken once, and another one', async () => {
    const port = Number(new URL(cloud.url).port); // the cloud itself listens there
    const { code, err } = await home.run(['serve', '--http', `127.0.0.1:${port}`], { env: other });
    expect([code, err.split('\n').find((line) => line.startsWith('config:'))]).toEqual([
      2,
      `config: Cannot listen at 127.0.0.1:${port}: another program uses it. Choose another port with --http 127.0.0.1:${port + 1} or MCP_HTTP.`,
    ]);
  });
});
