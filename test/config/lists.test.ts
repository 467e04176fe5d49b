import { describe, expect, it } from 'vitest';
import { load } from '../../src/config/config.ts';
import { readCommandLine } from '../../src/cli/command-line/arguments.ts';
import { AccessPolicy } from '../../src/files/context/access-policy.ts';
import { parsePath } from '../../src/path.ts';

const complete = {
  NEXTCLOUD_URL: 'https://cloud.example.com',
  NEXTCLOUD_USERNAME: 'alice',
  NEXTCLOUD_PASSWORD: 'app-pass',
};

const withEnv = (env: Record<string, string>) => load({}, { ...complete, ...env });
const withFlags = (...argv: string[]) => load(readCommandLine('serve', argv).settings, complete);

describe('NEXTCLOUD_DENY', () => {
  it.each<[string, string[]]>([
    ['**/.ssh,/Private/**', ['**/.ssh', '/Private/**']],
    ['**/{.ssh,.gnupg}', ['**/{.ssh,.gnupg}']],
    ['**/{.ssh,.gnupg},*.key', ['**/{.ssh,.gnupg}', '*.key']],
    ['{a,{b,c}}', ['{a,{b,c}}']],
    ['a[,]b,c', ['a[,]b', 'c']],
    ['**/.ssh\n**/.gnupg\n', ['**/.ssh', '**/.gnupg']],
  ])('%j', (text, deny) => {
    const config = withEnv({ NEXTCLOUD_DENY: text });
    expect([config.deny, config.problems]).toEqual([deny, []]);
  });

  it('denies both where it is not clear whether a comma separates', () => {
    const { deny, problems } = withFlags('--deny', '/a,/b', '/c');
    expect([deny, problems]).toEqual([['/a,/b', '/a', '/b', '/c'], []]);
  });

  it('denies what each of several flags says', () => {
    expect(withFlags('--deny', '**/.ssh', '--read-only', '--deny', '**/.gnupg').deny).toEqual([
      '**/.ssh',
      '**/.gnupg',
    ]);
    expect(withFlags('--deny=/a', '--deny=/b').deny).toEqual(['/a', '/b']);
  });

  it.each([
    ['**/{.ssh', 'has a { without a }'],
    ['**/{.ssh,.gnupg', 'has a { without a }'],
    ['.ssh},.gnupg', 'has a } without a {'],
    ['a[1,b', 'has a [ that no ] closes'],
    ['*.{key,pem}}', 'has a } without a {'],
    ['!(public)', 'has an extended pattern'],
    ['{1..9}', 'has a range in braces'],
    ['../x', 'has a folder . or ..'],
    [String.raw`Private\,Other`, 'has a backslash before a comma'],
    ['"**/.ssh"', 'quotes would be part of the value'],
    ["'**/.ssh,/b'", 'quotes would be part of the value'],
    [',', 'it names nothing'],
  ])('%j stops the start and opens nothing', (text, why) => {
    const { deny, problems } = withEnv({ NEXTCLOUD_DENY: text });
    expect(problems.join(' ')).toContain(why);
    expect(problems.join(' ')).toMatch(/^NEXTCLOUD_DENY is ".*Example: NEXTCLOUD_DENY=/);
    if (why.startsWith('has')) {
      const policy = new AccessPolicy([{ path: parsePath('/'), readOnly: false }], deny);
      expect(policy.isAllowed(parsePath('/any/file.txt'))).toBe(false);
    }
  });

  it('is not left out for two placeholders with a glob between them', () => {
    expect(withEnv({ NEXTCLOUD_DENY: '${a},/Private,${b}' }).deny).toEqual(['/Private']);
    expect(withEnv({ NEXTCLOUD_DENY: '${user_config.deny}' })).toMatchObject({ deny: [], problems: [] });
  });
});

describe('other lists', () => {
  it.each([
    ['NEXTCLOUD_ROOTS', ',', 'it names nothing'],
    ['NEXTCLOUD_ROOTS', '/Docs/*', 'is a glob, and must be a folder'],
    ['NEXTCLOUD_ROOTS', '"/Docs"', 'quotes would be part of the value'],
    ['NEXTCLOUD_ROOTS', '/a\\b', 'a backslash is not allowed'],
    ['NEXTCLOUD_LOCAL_FOLDERS', ',', 'it names nothing'],
    ['NEXTCLOUD_LOCAL_FOLDERS', '.', '"." is not an absolute path'],
    ['NEXTCLOUD_LOCAL_FOLDERS', '${HOME}/Downloads', 'is not an absolute path'],
    ['NEXTCLOUD_LOCAL_FOLDERS', '~bob/files', 'is not an absolute path'],
    ['NEXTCLOUD_LOCAL_FOLDERS', '"/a"', 'quotes would be part of the value'],
    ['NEXTCLOUD_TOOLSETS', ',', 'it names nothing'],
    ['NEXTCLOUD_TOOLSETS', 'files;trash', 'it can contain only'],
    ['NEXTCLOUD_TOOLSETS', 'Files', 'it can contain only'],
    ['NEXTCLOUD_TUNING', 'fast', 'it can contain only'],
  ])('%s=%s is refused', (name, text, why) => {
    expect(withEnv({ [name]: text }).problems.join(' ')).toContain(why);
  });

  it.each([
    ['MCP_HOSTS', 'https://mcp.example.com', 'is not a host name'],
    ['MCP_HOSTS', 'mcp.example.com:443', 'is not a host name'],
    ['MCP_HOSTS', '*.example.com', 'is not a host name'],
    ['MCP_CORS_ORIGINS', '*', 'is not the origin of a web page'],
    ['MCP_CORS_ORIGINS', 'null', 'is not the origin of a web page'],
  ])('%s=%s is refused', (name, text, why) => {
    expect(withEnv({ MCP_HTTP: '8787', [name]: text }).problems.join(' ')).toContain(why);
  });

  it('takes :ro in any case, and the stricter of two that name one folder', () => {
    const { roots, problems } = withEnv({ NEXTCLOUD_ROOTS: '/a,/a:RO' });
    expect(problems).toEqual([]);
    const policy = new AccessPolicy(roots, []);
    expect(() => policy.assertWritable(parsePath('/a/x'))).toThrow('read-only');
    expect(policy.isAllowed(parsePath('/a/x'))).toBe(true);
  });

  it('takes folders with commas from several arguments, and no placeholder', () => {
    const { localFolders, problems } = withFlags('--local-folders', '${user_config.x}', '/a, b', '/c');
    expect([localFolders, problems]).toEqual([['/a, b', '/c'], []]);
  });
});
