import { describe, expect, it } from 'vitest';
import { readCommandLine } from '../../src/cli/command-line/arguments.ts';
import { load } from '../../src/config/config.ts';

const complete = {
  NEXTCLOUD_URL: 'https://cloud.example.com',
  NEXTCLOUD_USERNAME: 'alice',
  NEXTCLOUD_PASSWORD: 'app-pass',
};

describe('readCommandLine', () => {
  it.each<[string[], string[]]>([
    [
      ['--local-folders', '/a,/b'],
      ['/a', '/b'],
    ],
    [
      ['--local-folders', '/a', '/b, c', '/d', '--read-only'],
      ['/a', '/b, c', '/d'],
    ],
    [['--read-only', '--local-folders=/a'], ['/a']],
    [['--local-folders', '${user_config.local_folders}', '--local-folders', '/z'], ['/z']],
  ])('takes several values of a list: %j', (argv, folders) => {
    const config = load(readCommandLine('serve', argv).settings, complete);
    expect([config.localFolders, config.problems]).toEqual([folders, []]);
  });

  it('throws for a flag that does not exist', () => {
    for (const argv of [['--nope'], ['-x'], ['extra'], ['--', 'extra']])
      expect(() => readCommandLine('serve', argv)).toThrow(expect.objectContaining({ code: 'config' }));
  });

  it('throws for a setting without its value', () => {
    for (const argv of [['--url'], ['--url', '--read-only']])
      expect(() => readCommandLine('serve', argv)).toThrow(/--url needs a value/);
  });

  it.each([
    [['--http'], { http: '127.0.0.1:8787' }],
    [['--http', '--no-auth'], { http: '127.0.0.1:8787', noAuth: 'true' }],
    [['--http', '[::1]:1'], { http: '[::1]:1' }],
    [['--read-only', '${user_config.read_only}'], { readOnly: '${user_config.read_only}' }],
    [['--read-only=false', '--min-interval-ms', '-5'], { readOnly: 'false', minIntervalMs: '-5' }],
    [['--url', 'a', '--url=b'], { url: 'b' }],
  ])('reads the settings of a command without operands: %j', (argv, settings) => {
    expect(readCommandLine('serve', argv).settings).toEqual(settings);
  });

  it('tells operands from the values of flags', () => {
    const argv = ['--read-only', 'a', '--roots', '/x', 'b', '--overwrite', '--account=work'];
    expect(readCommandLine('put', argv)).toEqual({
      places: ['a', 'b'],
      flags: { overwrite: '' },
      settings: { readOnly: 'true', roots: '/x', account: 'work' },
      settingsArgs: ['--read-only', '--roots', '/x', '--account=work'],
    });
    expect(readCommandLine('login', ['--account', 'work', 'cloud.example.com', '--read-only', 'no'])).toEqual(
      {
        operand: 'cloud.example.com',
        places: [],
        flags: { account: 'work' },
        settings: { readOnly: 'no' },
        settingsArgs: ['--read-only', 'no'],
      },
    );
  });
});
