import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nearest } from '../../src/text/nearest.ts';
import { unknownVariables } from '../../src/config/unknown-variables.ts';
import { options } from '../../src/config/options.ts';
import type { Option } from '../../src/config/option.ts';
import { commands } from '../../src/cli/command-line/command-table.ts';
import { startEmbeddedNextcloud } from '../../src/embedded-nextcloud/index.ts';
import { unusableBecause } from '../../src/app/principal.ts';
import { load } from '../../src/config/config.ts';
import { Home } from './home.ts';

let home: Home;
beforeAll(() => {
  home = new Home();
});
afterAll(() => home.close());

describe('what is mistyped', () => {
  test.each([
    [['doctr'], 'Did you mean doctor?'],
    [['helo'], 'Did you mean help?'],
    [['upload'], 'Did you mean put?'],
    [['cat'], 'Did you mean get?'],
    [['uplaod'], 'Did you mean put?'],
    [['rm'], 'does not delete files at a terminal. An assistant that is connected can'],
    [['mkdir'], 'does not create folders at a terminal'],
    [['version'], 'Did you mean --version?'],
    [['logout', 'work'], 'Did you mean --account work?'],
    [['--versoin'], 'Did you mean --version?'],
    [['--raed-only'], 'Did you mean --read-only?'],
    [['doctor', '--jsno'], 'Did you mean --json?'],
    [['put', 'a', '/a', '--overwrit'], 'Did you mean --overwrite?'],
    [['install', 'claude'], 'Did you mean claude-desktop or claude-code?'],
    [['install', 'vs-code'], 'Did you mean vscode?'],
    [['help', 'instal'], 'Did you mean install'],
  ])('%j is refused, and what is meant is named', async (argv, meant) => {
    const { code, err } = await home.run(argv);
    expect([code, err]).toEqual([2, expect.stringContaining(meant) as string]);
    expect(err).not.toMatch(/^config: |More: /m);
  });

  test.each(commands.map(({ name }) => name))('a slip in the command %s finds it', (name) => {
    const names = commands.map((one) => one.name);
    expect(nearest(name, names)[0]).toBe(name);
    if (name.length > 3) expect(nearest(name.slice(0, 1) + name.slice(2), names)).toContain(name);
  });

  const optionOf = (env: string): Option => options.find((one) => one.env === env) ?? expect.fail(env);

  test.each(options.map(({ env }) => env).filter((env) => /^(NEXTCLOUD|MCP)_/.test(env)))(
    'a slip in %s is named with what is meant, and without its value',
    (env) => {
      const slip = env.slice(0, -2) + env.slice(-1) + env.slice(-2, -1);
      const { problems, warnings } = unknownVariables({ [slip]: 'a secret', [env]: 'x' });
      const [warning] = [...problems, ...warnings];
      const { limits = false } = optionOf(env);
      if (slip !== env) expect(problems.length > 0, 'stops the program').toBe(limits);
      if (slip === env) expect(warning).toBeUndefined();
      else expect(warning).toMatch(new RegExp(`^${slip} is not a setting.* Did you mean .*${env}`));
      expect(warning ?? '').not.toContain('a secret');
    },
  );

  test('a value after an equals sign is not repeated: it may be a password', async () => {
    const { code, err } = await home.run(['doctor', '--passwrod=hunter2-hunter2']);
    expect([code, err]).toEqual([2, expect.stringContaining('Did you mean --password?') as string]);
    expect(err).not.toContain('hunter2');
  });

  test('nothing is said about the variables of other programs, and nothing is made up', () => {
    expect(
      unknownVariables({ MCP_TIMEOUT: '1', NEXTCLOUD_BENCH_FOLDER: '/b', NEXTCLOUD_ADMIN_USER: 'a' }),
    ).toEqual({ problems: [], warnings: [] });
    expect(unknownVariables({ NEXTCLOUD_XYZZY: '1' })).toEqual({
      problems: [],
      warnings: ['NEXTCLOUD_XYZZY is not a setting, and has no effect.'],
    });
    expect(nearest('frobnicate', ['login', 'logout'])).toEqual([]);
  });

  test('an unknown variable is warned of by the server and by a command', async () => {
    const cloud = await startEmbeddedNextcloud();
    const env = {
      NEXTCLOUD_ULR: cloud.url,
      NEXTCLOUD_URL: cloud.url,
      NEXTCLOUD_USERNAME: 'demo',
      NEXTCLOUD_PASSWORD: 'demo-app-password',
    };
    cloud.home().put('/a.txt', 'a');
    const served = await home.run(['serve'], { env });
    const got = await home.run(['get', '/a.txt', 'a.txt'], { env });
    const login = await home.run(['login'], { env: { NEXTCLOUD_ULR: cloud.url } });
    const install = await home.run(['install', 'cursor'], { env });
    await cloud.close();
    for (const { err } of [served, got, login, install])
      expect(err).toContain('NEXTCLOUD_ULR is not a setting, and has no effect. Did you mean NEXTCLOUD_URL?');
    expect(got.code).toBe(0);
  });

  const limiting = [
    'NEXTCLOUD_READONLY',
    'NEXTCLOUD_ROOT',
    'NEXTCLOUD_DENEY',
    'NEXTCLOUD_TOOLSET',
    'NEXTCLOUD_LOCALFOLDERS',
    'MCP_NOAUTH',
    'MCP_TOKENS',
    'MCP_TOKEN_FIEL',
  ];
  test.each(limiting)('%s stops the program, because what it means limits it', (name) => {
    const { problems } = unknownVariables({ [name]: 'x' });
    expect(problems).toEqual([expect.stringMatching(`^${name} is not a setting. Did you mean `) as string]);
  });

  test('a command, the server over HTTP and every call of an assistant refuse to work then', async () => {
    const cloud = await startEmbeddedNextcloud();
    const env = {
      NEXTCLOUD_READONLY: 'true',
      NEXTCLOUD_URL: cloud.url,
      NEXTCLOUD_USERNAME: 'demo',
      NEXTCLOUD_PASSWORD: 'demo-app-password',
    };
    writeFileSync(join(home.path, 'a.txt'), 'a');
    const words =
      'NEXTCLOUD_READONLY is not a setting. Did you mean NEXTCLOUD_READ_ONLY? Correct or remove it.';
    for (const argv of [
      ['put', 'a.txt', '/a.txt'],
      ['serve', '--http', '127.0.0.1:0'],
    ]) {
      const { code, err } = await home.run(argv, { env });
      expect([code, err]).toEqual([2, expect.stringContaining(words) as string]);
    }
    // What every call of an assistant is answered with.
    expect(unusableBecause(load({}, env))?.message).toContain(words);
    const doctor = await home.run(['doctor'], { env });
    expect(doctor.code).toBe(2);
    expect(doctor.out).toContain(`✘ settings      ${words}`);
    const seen = cloud.home().exists('/a.txt');
    await cloud.close();
    expect(seen).toBe(false);
  });
});
