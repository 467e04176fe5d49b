import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { AccountBook } from '../../src/accounts/account-book.ts';
import type { Machine } from '../../src/machine.ts';
import { applyChange, planInstall, planUninstall } from '../../src/cli/clients/configuration.ts';
import { isOnThisComputer } from '../../src/cli/clients/presence.ts';
import { cloneFolder, ownServer } from '../../src/cli/clients/server.ts';
import { clientOf, clients } from '../../src/cli/clients/table.ts';
import type { Client } from '../../src/cli/clients/table.ts';
import { addTomlEntry, removeTomlEntry } from '../../src/cli/clients/toml-file.ts';
import { writeJsonEntry } from '../../src/cli/clients/json-file.ts';
import { Home } from './home.ts';

function isValid(text: string): boolean {
  try {
    writeJsonEntry(text, 'none', 'none', undefined);
    return true;
  } catch {
    return false;
  }
}

const server = { command: '/usr/bin/node', args: ['/opt/nextcloud-files-mcp/dist/main.js'] };

function client(id: string): Client {
  const found = clientOf(id);
  if (!found) throw new Error(id);
  return found;
}

describe('the files of each system', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-clients-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const support = 'home/Library/Application Support';
  const places: Record<string, readonly [linux: string, darwin: string, win32: string]> = {
    'claude-desktop': [
      'home/.config/Claude/claude_desktop_config.json',
      `${support}/Claude/claude_desktop_config.json`,
      'Roaming/Claude/claude_desktop_config.json',
    ],
    'claude-code': ['home/.claude.json', 'home/.claude.json', 'home/.claude.json'],
    vscode: [
      'home/.config/Code/User/mcp.json',
      `${support}/Code/User/mcp.json`,
      'Roaming/Code/User/mcp.json',
    ],
    cursor: ['home/.cursor/mcp.json', 'home/.cursor/mcp.json', 'home/.cursor/mcp.json'],
    windsurf: [
      'home/.codeium/windsurf/mcp_config.json',
      'home/.codeium/windsurf/mcp_config.json',
      'home/.codeium/windsurf/mcp_config.json',
    ],
    zed: ['home/.config/zed/settings.json', 'home/.config/zed/settings.json', 'Roaming/Zed/settings.json'],
    'gemini-cli': ['home/.gemini/settings.json', 'home/.gemini/settings.json', 'home/.gemini/settings.json'],
    codex: ['home/.codex/config.toml', 'home/.codex/config.toml', 'home/.codex/config.toml'],
    'lm-studio': ['home/.lmstudio/mcp.json', 'home/.lmstudio/mcp.json', 'home/.lmstudio/mcp.json'],
  };

  test('every client has its places here', () => {
    expect(Object.keys(places)).toEqual(clients.map(({ id }) => id));
  });

  const systems = ['linux', 'darwin', 'win32'] as const;
  const rows = systems.flatMap((platform, at) =>
    clients.map(({ id }) => [id, platform, places[id]?.[at] ?? ''] as const),
  );
  test.each(rows)('%s on %s is written, found and taken back', async (id, platform, place) => {
    const machine: Machine = { platform, home: join(root, 'home'), env: { APPDATA: join(root, 'Roaming') } };
    const change = planInstall(client(id), machine, 'nextcloud', server);
    expect(relative(root, change.file)).toBe(place);
    expect(await applyChange(change, new Date())).toBeUndefined();
    const text = readFileSync(change.file, 'utf8');
    expect(text).toContain('/opt/nextcloud-files-mcp/dist/main.js');
    if (client(id).format === 'json') {
      const { [client(id).key]: servers } = JSON.parse(text) as Record<string, Record<string, unknown>>;
      expect(servers?.['nextcloud']).toMatchObject(server);
    }
    expect(statSync(change.file).mode & 0o777).toBe(0o600);
    expect(planInstall(client(id), machine, 'nextcloud', server).after).toBe(text);
    const taken = planUninstall(client(id), machine, 'nextcloud');
    expect(await applyChange(taken, new Date())).toBeUndefined();
    // Nothing is left of it that would be taken for an assistant.
    expect(readdirSync(dirname(change.file))).toEqual([]);
    expect(isOnThisComputer(client(id), machine)).toBe(false);
    expect(planUninstall(client(id), machine, 'nextcloud')).toMatchObject({
      before: undefined,
      after: undefined,
    });
  });

  const additions = {
    json: (text: string): string => text.replace(/"args"/, '"env": { "A": "b" },\n      $&'),
    toml: (text: string): string => `${text}\n[mcp_servers.nextcloud.env]\nA = "b"\n`,
  };
  test.each(clients.map(({ id }) => id))(
    '%s: what a person has added to the entry is kept in a backup',
    async (id) => {
      const machine: Machine = { platform: 'linux', home: join(root, 'home'), env: {} };
      const change = planInstall(client(id), machine, 'nextcloud', server);
      await applyChange(change, new Date());
      const text = additions[client(id).format](readFileSync(change.file, 'utf8'));
      writeFileSync(change.file, text);
      const back = planUninstall(client(id), machine, 'nextcloud');
      const copy = await applyChange(back, new Date('2026-03-04T05:06:07Z'));
      expect(copy).toBe(`${change.file}.20260304050607.backup`);
      expect(readFileSync(copy ?? '', 'utf8')).toBe(text);
      expect(readFileSync(change.file, 'utf8')).not.toContain('nextcloud');
    },
  );

  test('real paths of Windows are joined in its way', () => {
    const machine: Machine = {
      platform: 'win32',
      home: 'C:\\Users\\a',
      env: { APPDATA: 'C:\\Users\\a\\AppData\\Roaming' },
    };
    expect(client('claude-desktop').file(machine)).toBe(
      'C:\\Users\\a\\AppData\\Roaming\\Claude\\claude_desktop_config.json',
    );
    expect(client('cursor').file(machine)).toBe('C:\\Users\\a\\.cursor\\mcp.json');
  });

  test('a link stays a link, and the mode stays', async () => {
    const machine: Machine = { platform: 'linux', home: join(root, 'home'), env: {} };
    const file = client('cursor').file(machine);
    mkdirSync(dirname(file), { recursive: true });
    const real = join(root, 'dotfiles.json');
    writeFileSync(real, '{}', { mode: 0o644 });
    symlinkSync(real, file);
    await applyChange(planInstall(client('cursor'), machine, 'nextcloud', server), new Date());
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
    expect(readFileSync(real, 'utf8')).toContain('nextcloud');
    expect(statSync(real).mode & 0o777).toBe(0o644);
    writeFileSync(real, '');
    await applyChange(planInstall(client('cursor'), machine, 'nextcloud', server), new Date());
    await applyChange(planUninstall(client('cursor'), machine, 'nextcloud'), new Date());
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
    expect(JSON.parse(readFileSync(real, 'utf8'))).toEqual({ mcpServers: {} });
  });

  test('a file that changes meanwhile is not written over', async () => {
    const machine: Machine = { platform: 'linux', home: join(root, 'home'), env: {} };
    const file = client('cursor').file(machine);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '{}');
    const change = planInstall(client('cursor'), machine, 'nextcloud', server);
    writeFileSync(file, '{"mcpServers":{}}');
    await expect(applyChange(change, new Date())).rejects.toThrow(/was changed by another program/);
    expect(readFileSync(file, 'utf8')).toBe('{"mcpServers":{}}');
  });
});

describe('all else in a file stays as it is', () => {
  const entry = { command: 'node', args: ['main.js'] };
  const texts: readonly (readonly [string, string])[] = [
    [
      'comments',
      '// mine\n{\n  // the servers\n  "mcpServers": {\n    "other": { "command": "x" }, // keep\n  },\n  /* end */ "a": 1\n}\n',
    ],
    [
      'tabs and Windows line ends',
      '{\r\n\t"mcpServers": {\r\n\t\t"other": {\r\n\t\t\t"command": "x"\r\n\t\t}\r\n\t},\r\n\t"b": [1,2]\r\n}\r\n',
    ],
    ['one line', '{"theme":"dark","mcpServers":{"other":{"command":"x"}}}'],
    ['a byte order mark', '\ufeff{\n    "mcpServers": {\n        "other": {}\n    }\n}'],
    ['odd numbers and escapes', '{\n  "n": 1.0e2,\n  "s": "\\u00e4\\/",\n  "mcpServers": { "z": {} }\n}\n'],
  ];
  const more: readonly (readonly [string, string])[] = [
    ['no servers yet', '{\n    "theme": "dark" // as always\n}\n'],
    ['no servers yet, in one line', '{"theme":"dark"}'],
    ['a trailing comma', '{\n  "mcpServers": {\n    "other": {}, // mine\n  },\n}\n'],
  ];
  test.each(more)('%s', (_what, text) => {
    const with_ = writeJsonEntry(text, 'mcpServers', 'nextcloud', entry);
    let at = 0;
    for (const char of with_) if (char === text[at]) at++;
    expect(at).toBe(text.length);
    expect(with_).toMatchSnapshot();
  });

  test('any file comes back as it was', () => {
    const space = fc.constantFrom('', ' ', '\n', '\n  ', '\r\n\t', ' // c\n', '/* c */');
    const value = fc.constantFrom('{}', '1.50', '"a\\u00e4"', '[ 1,2 ]', '{ "x": { "nextcloud": 1 } }');
    const object = (name: fc.Arbitrary<string>, content: fc.Arbitrary<string>): fc.Arbitrary<string> =>
      fc
        .tuple(
          fc.uniqueArray(fc.tuple(name, space, content, space, space), {
            maxLength: 4,
            selector: ([one]) => one,
          }),
          space,
          fc.boolean(),
        )
        .map(([all, end, trailing]) => {
          const parts = all.map(([one, a, b, c, d]) => `${c}"${one}":${a}${b}${d}`).join(',');
          return `{${parts}${trailing && all.length > 0 ? ',' : ''}${end}}`;
        });
    const servers = object(fc.constantFrom('a', 'b', 'c', 'nextcloud2'), value);
    const file = fc
      .tuple(object(fc.constantFrom('d', 'e'), value), servers, fc.boolean())
      .map(([rest, own, first]) =>
        rest === '{}' || /^\{\s*\}$/.test(rest)
          ? `{"mcpServers":${own}}`
          : first
            ? rest.replace('{', `{"mcpServers": ${own},`)
            : `{ "z": ${rest},\n  "mcpServers": ${own}\n}`,
      );
    fc.assert(
      fc.property(file, (text) => {
        const valid = isValid(text);
        fc.pre(valid);
        const with_ = writeJsonEntry(text, 'mcpServers', 'nextcloud', entry);
        const back = writeJsonEntry(with_, 'mcpServers', 'nextcloud', undefined);
        let at = 0;
        for (const char of with_) if (char === text[at]) at++;
        expect(at).toBe(text.length);
        // An object without a member may lose the blanks in it, or gain them before a comment.
        expect(back.replaceAll(/\s/g, '')).toBe(text.replaceAll(/\s/g, ''));
        if (!/\{[^"]*\}/.test(text)) expect(back).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  test.each(texts)('%s, and taking it back gives the same bytes', (_what, text) => {
    const with_ = writeJsonEntry(text, 'mcpServers', 'nextcloud', entry);
    expect(with_).not.toBe(text);
    // Whatever was put in, what was there is there still, every character in its order.
    let at = 0;
    for (const char of with_) if (char === text[at]) at++;
    expect(at).toBe(text.length);
    expect(writeJsonEntry(with_, 'mcpServers', 'nextcloud', undefined)).toBe(text);
  });

  test('an entry of one`s own is replaced in its place', () => {
    const text =
      '{\n  "mcpServers": {\n    "a": {},\n    "nextcloud": { "command": "old" },\n    "z": {}\n  }\n}\n';
    const after = writeJsonEntry(text, 'mcpServers', 'nextcloud', entry);
    expect(Object.keys((JSON.parse(after) as { mcpServers: object }).mcpServers)).toEqual([
      'a',
      'nextcloud',
      'z',
    ]);
  });

  test.each([
    ['{ "mcpServers": [] }', /not an object/],
    ['{ "mcpServers": {', /not valid JSON.*line 1/],
    ['[1]', /does not contain a JSON object/],
    ['{\n\n"a": b }', /line 3/],
  ])('%j is refused and left alone', (text, shown) => {
    expect(() => writeJsonEntry(text, 'mcpServers', 'nextcloud', entry)).toThrow(shown);
  });

  const tomls: readonly (readonly [string, string])[] = [
    ['nothing', ''],
    ['settings without a line end', 'model = "x"'],
    ['other servers', '# mine\nmodel = "x"\n\n[mcp_servers.other]\ncommand = "y"\nargs = ["[z]"]\n'],
    ['Windows line ends', 'model = "x"\r\n\r\n[mcp_servers.other]\r\ncommand = "y"\r\n'],
    ['a table with a name that begins the same', '[mcp_servers.nextcloud-photos]\ncommand = "y"\n'],
  ];
  test.each(tomls)('TOML: %s', (_what, text) => {
    const after = addTomlEntry(text, 'mcp_servers', 'nextcloud', { ...entry, env: { A: 'b "c"' } });
    expect(after.startsWith(text)).toBe(true);
    expect(after).toContain('[mcp_servers.nextcloud.env]');
    expect(after).toContain('A = "b \\"c\\""');
    expect(removeTomlEntry(after, 'mcp_servers', 'nextcloud')).toBe(
      text === 'model = "x"' ? 'model = "x"\n' : text,
    );
  });

  test('TOML: comes out of the middle, and what follows keeps its comment', () => {
    const text =
      'a = 1\n[mcp_servers.nextcloud]\ncommand = "node"\nargs = ["main.js"]\n\n# the other\n[mcp_servers.other]\ncommand = "y"\n';
    expect(removeTomlEntry(text, 'mcp_servers', 'nextcloud')).toBe(
      'a = 1\n\n# the other\n[mcp_servers.other]\ncommand = "y"\n',
    );
  });
});

describe('how it is started', () => {
  const on = (platform: NodeJS.Platform): Machine => ({ platform, env: {}, home: '/' });
  test('from where it lies, or by npx out of npx`s cache', () => {
    const installed = ['/usr/bin/node', '/usr/lib/node_modules/nextcloud-files-mcp/dist/main.js'];
    expect(ownServer(on('linux'), ['--read-only'], installed)).toEqual({
      command: '/usr/bin/node',
      args: ['/usr/lib/node_modules/nextcloud-files-mcp/dist/main.js', '--read-only'],
    });
    const cached = ['/usr/bin/node', '/home/a/.npm/_npx/1f/node_modules/.bin/nextcloud-files-mcp'];
    expect(ownServer(on('darwin'), [], cached)).toEqual({
      command: 'npx',
      args: ['-y', 'nextcloud-files-mcp'],
    });
    expect(ownServer(on('win32'), [], ['node.exe', 'C:\\a\\_npx\\1f\\main.js'])).toEqual({
      command: 'cmd',
      args: ['/c', 'npx', '-y', 'nextcloud-files-mcp'],
    });
  });
});

describe('Claude Desktop as a package of Windows, from the Microsoft Store', () => {
  let folder: string;
  let windows: Machine;
  const at = (...names: string[]): string => join(folder, ...names);
  const claude = clientOf('claude-desktop');
  if (!claude) throw new Error('no Claude Desktop');
  const usual = ['Roaming', 'Claude', 'claude_desktop_config.json'];
  const own = [
    'Local',
    'Packages',
    'Claude_pzs8sxrjxfjjc',
    'LocalCache',
    'Roaming',
    'Claude',
    'claude_desktop_config.json',
  ];
  const put = (names: readonly string[]): void => {
    mkdirSync(dirname(at(...names)), { recursive: true });
    writeFileSync(at(...names), '{}');
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-store-'));
    const env = { APPDATA: at('Roaming'), LOCALAPPDATA: at('Local') };
    windows = { platform: 'win32', env, home: folder };
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('the file of its own is written where there is one', () => {
    put(usual);
    put(own);
    expect(claude.file(windows)).toBe(at(...own));
    expect(planInstall(claude, windows, 'nextcloud', { command: 'npx', args: [] }).file).toBe(at(...own));
  });

  test('before its first start, the file of its own is made', () => {
    mkdirSync(at(...own.slice(0, 3)), { recursive: true });
    expect(claude.file(windows)).toBe(at(...own));
  });

  test('once it has run, the usual file is not read, even if there is one', () => {
    mkdirSync(at(...own.slice(0, 5)), { recursive: true });
    put(usual);
    expect(claude.file(windows)).toBe(at(...own));
  });

  test('a folder of a package that never ran does not replace a file that is in use', () => {
    mkdirSync(at(...own.slice(0, 3)), { recursive: true });
    put(usual);
    expect(claude.file(windows)).toBe(at(...usual));
  });

  test('without the package the usual file is meant, and so it is elsewhere', () => {
    mkdirSync(at('Local', 'Packages', 'Other_x'), { recursive: true });
    expect(claude.file(windows)).toBe(at(...usual));
    expect(claude.file({ platform: 'linux', env: {}, home: folder })).toBe(
      at('.config', 'Claude', 'claude_desktop_config.json'),
    );
  });
});

describe('which assistants are there', () => {
  test.each(clients.map((client) => [client.id, client] as const))('%s', (_id, client) => {
    const home = mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-there-'));
    const bin = join(home, 'bin');
    mkdirSync(bin);
    const here = (): boolean => isOnThisComputer(client, { platform: 'linux', env: { PATH: bin }, home });
    expect(here()).toBe(false);
    const [command = ''] = client.commands;
    writeFileSync(join(bin, command), '');
    expect(here()).toBe(true);
    rmSync(join(bin, command));
    const file = client.file({ platform: 'linux', env: {}, home });
    mkdirSync(dirname(file), { recursive: true });
    expect(here()).toBe(false);
    writeFileSync(file, '');
    expect(here()).toBe(true);
    rmSync(home, { recursive: true });
  });

  test('a command on Windows has an ending', () => {
    const home = mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-there-'));
    writeFileSync(join(home, 'cursor.cmd'), '');
    const cursor = clientOf('cursor');
    const machine: Machine = { platform: 'win32', env: { PATH: `C:\\x;${home}` }, home: join(home, 'none') };
    expect(cursor && isOnThisComputer(cursor, machine)).toBe(true);
    rmSync(home, { recursive: true });
  });
});

describe('the command', () => {
  let home: Home;
  beforeAll(async () => {
    home = new Home();
    const book = new AccountBook({ platform: 'linux', env: {}, home: home.path });
    const account = { url: 'https://cloud.example.com', place: 'encrypted-file' } as const;
    await book.put({ name: 'default', username: 'alice', ...account }, true);
    await book.put({ name: 'work', username: 'bob', ...account }, false);
  });
  afterAll(() => home.close());

  test('shows the change, writes it with a copy beside, and takes it back', async () => {
    const file = join(home.path, '.config/Claude/claude_desktop_config.json');
    const before =
      '{\n  "mcpServers": {\n    "other": {\n      "command": "x",\n      "env": { "KEY": "of-another-server" }\n    }\n  }\n}\n';
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, before);
    const dry = await home.run(['install', 'claude-desktop', '--dry-run']);
    expect([dry.code, readFileSync(file, 'utf8')]).toEqual([0, before]);
    const { code, out } = await home.run(['install', 'claude-desktop', '--account', 'work', '--read-only']);
    expect(code).toBe(0);
    expect(out).toContain('+     "nextcloud": {');
    expect(out).not.toContain('of-another-server');
    const written = JSON.parse(readFileSync(file, 'utf8')) as {
      mcpServers: Record<string, { args: string[] }>;
    };
    expect(written.mcpServers['nextcloud']).toMatchObject({ command: process.execPath });
    expect(written.mcpServers['nextcloud']?.args.slice(1)).toEqual(['--account', 'work', '--read-only']);
    const copies = (): string[] => readdirSync(dirname(file)).filter((name) => name.endsWith('.backup'));
    expect(copies()).toHaveLength(1);
    expect(readFileSync(join(dirname(file), copies()[0] ?? ''), 'utf8')).toBe(before);
    expect((await home.run(['install', 'claude-desktop', '--account', 'work', '--read-only'])).out).toContain(
      'already has this server',
    );
    expect((await home.run(['install'])).out).toMatch(/claude-desktop +Claude Desktop has this server/);
    expect((await home.run(['uninstall', 'claude-desktop'])).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(before);
    expect((await home.run(['uninstall', 'claude-desktop'])).out).toContain('does not have this server');
  });

  test('uninstall where nothing was installed writes nothing', async () => {
    const other = new Home();
    const configurations = (): string[] => other.files().filter((name) => !name.startsWith('.cache/'));
    for (const { id } of clients) {
      const { code, out } = await other.run(['uninstall', id]);
      const words = expect.stringMatching(/ has no configuration file, so there is nothing to remove: /);
      expect([id, code, out, configurations()]).toEqual([id, 0, words as string, []]);
    }
    other.close();
  });

  test('uninstall says what to do after an uninstall, and not what to do after an install', async () => {
    await home.run(['install', 'lm-studio']);
    const { out } = await home.run(['uninstall', 'lm-studio']);
    expect(out).toContain('Deleted: there was nothing else in the file.');
    expect(out).toContain('If LM Studio is running, it has the server until you restart it.');
    expect(out).not.toContain('Switch the server on');
  });

  test('says which assistants are there, and warns of one that is not', async () => {
    const other = new Home();
    const account = { url: 'https://cloud.example.com', place: 'encrypted-file' } as const;
    const book = new AccountBook({ platform: 'linux', env: {}, home: other.path });
    await book.put({ name: 'default', username: 'alice', ...account }, true);
    const none = await other.run(['install']);
    expect(none.out).toContain('None of the supported assistants was found on this computer.');
    for (const { id } of clients) expect(none.out).toContain(id);
    const warned = await other.run(['install', 'cursor']);
    expect([warned.code, warned.err]).toEqual([
      0,
      expect.stringMatching(/^Warning: Cursor was not found on this computer\./m) as string,
    ]);
    writeFileSync(join(other.bin, 'claude'), '');
    const some = await other.run(['install']);
    expect(some.out).toMatch(/^cursor +Cursor has this server$/m);
    expect(some.out).toMatch(/^claude-code +Claude Code is here$/m);
    expect(some.out).toMatch(/^Not found: claude-desktop, vscode/m);
    const known = await other.run(['install', 'claude-code']);
    expect([known.code, known.err]).toEqual([0, expect.not.stringContaining('not found') as string]);
    const clone = join(import.meta.dirname, '../..');
    expect(known.err).toContain(`Claude Code starts the program out of this clone, ${clone}. If you move`);
    other.close();
  });

  test('a program that npm has installed is not taken for a clone', () => {
    const root = realpathSync(mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-clone-')));
    for (const [folder, wanted] of [
      ['lib/node_modules/nextcloud-files-mcp/dist', undefined],
      ['clone/dist', join(root, 'clone')],
    ] as const) {
      mkdirSync(join(root, folder), { recursive: true });
      const script = join(root, folder, 'main.js');
      writeFileSync(script, '');
      const link = join(root, `link-${wanted ?? ''}`.replaceAll('/', '-').slice(-20));
      symlinkSync(script, link);
      for (const path of [script, link]) expect(cloneFolder(['node', path])).toBe(wanted);
    }
    rmSync(root, { recursive: true });
  });

  test.each<[string[], RegExp]>([
    [['install', 'emacs'], /assistant "emacs" is not supported.*claude-desktop/],
    [['install', 'cursor', '--password', 'secret-word-9'], /--password would be stored in plain text.*login/],
    [['install', 'cursor', '--account', 'none'], /no stored account "none".*Sign in first/],
    [['install', 'cursor', '--colour'], /does not know "--colour"/],
  ])('%j is refused', async (argv, shown) => {
    const { code, err } = await home.run(argv);
    expect(code).toBe(2);
    expect(err).toMatch(shown);
    expect(existsSync(join(home.path, '.cursor'))).toBe(false);
  });

  test('leaves a server of that name alone that is another one', async () => {
    const file = join(home.path, '.gemini/settings.json');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '{"mcpServers":{"nextcloud":{"command":"someone-else"}}}');
    for (const command of ['install', 'uninstall']) {
      const { code, err } = await home.run([command, 'gemini-cli']);
      expect([code, err]).toEqual([2, expect.stringContaining('--name') as string]);
    }
    expect((await home.run(['install', 'gemini-cli', '--name', 'files'])).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toContain('"someone-else"');
    expect(readFileSync(file, 'utf8')).toContain('"files"');
    expect(basename(file)).toBe('settings.json');
  });
});
