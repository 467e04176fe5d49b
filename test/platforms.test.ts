import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openVault, storePassword, vaultsFor } from '../src/accounts/open-vault.ts';
import { addTomlEntry, removeTomlEntry } from '../src/cli/clients/toml-file.ts';
import { writeJsonEntry } from '../src/cli/clients/json-file.ts';
import { ownServer } from '../src/cli/clients/server.ts';
import { clientOf } from '../src/cli/clients/table.ts';
import { openCommand } from '../src/cli/terminal/browser.ts';
import { exportLines } from '../src/cli/terminal/shell-lines.ts';
import { localName } from '../src/files/local/local-name.ts';
import { Secret } from '../src/log.ts';
import { homePath, systemFolders } from '../src/machine.ts';
import type { Machine } from '../src/machine.ts';

/** What differs between the systems. All of it runs on every system, with the platform as a value. */

const windows: Machine = { platform: 'win32', env: {}, home: 'C:\\Users\\alice' };
const mac: Machine = { platform: 'darwin', env: {}, home: '/Users/alice' };
const linux: Machine = { platform: 'linux', env: {}, home: '/home/alice' };

describe('paths', () => {
  test('those of Windows have a drive and backslashes', () => {
    for (const folder of Object.values(systemFolders(windows)))
      expect(folder).toMatch(/^C:\\Users\\alice\\AppData\\(Roaming|Local)\\nextcloud-files-mcp/);
    expect(clientOf('claude-desktop')?.file(windows)).toBe(
      'C:\\Users\\alice\\AppData\\Roaming\\Claude\\claude_desktop_config.json',
    );
    expect(clientOf('codex')?.file(windows)).toBe('C:\\Users\\alice\\.codex\\config.toml');
    expect(clientOf('cursor')?.file({ ...windows, home: '\\\\server\\homes\\alice' })).toBe(
      '\\\\server\\homes\\alice\\.cursor\\mcp.json',
    );
  });

  test.runIf(process.platform !== 'win32')('macOS has its Library', () => {
    expect(clientOf('vscode')?.file(mac)).toBe('/Users/alice/Library/Application Support/Code/User/mcp.json');
    expect(clientOf('zed')?.file(mac)).toBe('/Users/alice/.config/zed/settings.json');
  });

  test('a tilde is the home folder, in the way of each system', () => {
    expect(homePath('~/Downloads/x', linux)).toBe('/home/alice/Downloads/x');
    expect(homePath('~', mac)).toBe('/Users/alice');
    expect(homePath('~\\Downloads\\x', windows)).toBe('C:\\Users\\alice\\Downloads\\x');
    expect(homePath('~/Downloads', windows)).toBe('C:\\Users\\alice/Downloads');
    for (const path of ['~bob/x', 'a/~/b', './~', '', '~\\x']) expect(homePath(path, linux)).toBe(path);
  });

  test('a name of the Nextcloud that Windows cannot store gets one that it can', () => {
    expect(localName('a<b>:c?.txt', 'win32')).not.toMatch(/[<>:"/\\|?*]/);
    expect(localName('a<b>:c?.txt', 'linux')).toBe('a<b>:c?.txt');
    for (const device of ['CON', 'nul.txt', 'COM1', 'lpt9.log', 'AUX'])
      expect(localName(device, 'win32')).not.toBe(device);
  });
});

describe('commands', () => {
  test('npx is a batch file on Windows, which only cmd can run', () => {
    const cached = ['node', '/x/_npx/1/node_modules/.bin/nextcloud-files-mcp'];
    expect(ownServer(windows, [], cached)).toMatchObject({
      command: 'cmd',
      args: ['/c', 'npx', '-y', 'nextcloud-files-mcp'],
    });
    for (const machine of [mac, linux]) expect(ownServer(machine, [], cached).command).toBe('npx');
  });

  test('a page is opened without a shell, and not where there is no display', () => {
    expect(openCommand('win32', {})).toEqual(['rundll32', 'url.dll,FileProtocolHandler']);
    expect(openCommand('darwin', {})).toEqual(['open']);
    expect(openCommand('linux', {})).toBeUndefined();
    expect(openCommand('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toEqual(['xdg-open']);
  });

  test('lines to paste are those of PowerShell on Windows', () => {
    expect(exportLines('win32', { A: "it's" })).toEqual(["$env:A = 'it''s'"]);
    expect(exportLines('linux', { A: "it's" })).toEqual(["export A='it'\\''s'"]);
  });
});

describe('line ends', () => {
  const entry = { command: 'npx', args: ['-y', 'nextcloud-files-mcp'] };

  test('a JSON file of Windows keeps its own', () => {
    const text = '{\r\n  "mcpServers": {\r\n    "other": {}\r\n  }\r\n}\r\n';
    const after = writeJsonEntry(text, 'mcpServers', 'nextcloud', entry);
    expect(after.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(writeJsonEntry(after, 'mcpServers', 'nextcloud', undefined)).toBe(text);
  });

  test('a TOML file of Windows keeps its own', () => {
    const text = 'model = "x"\r\n';
    const after = addTomlEntry(text, 'mcp_servers', 'nextcloud', entry);
    expect(after.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(removeTomlEntry(after, 'mcp_servers', 'nextcloud')).toBe(text);
  });
});

describe('vaults', () => {
  let home: string;
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-platform-'));
  });
  afterAll(() => rmSync(home, { recursive: true }));

  test('each system has its own first, and an encrypted file for what fails', () => {
    expect(vaultsFor(windows)).toEqual(['credential-manager', 'encrypted-file']);
    expect(vaultsFor(mac)).toEqual(['keychain', 'encrypted-file']);
    expect(vaultsFor(linux)).toEqual(['secret-service', 'encrypted-file']);
  });

  // Not on the computer of a person, where the system may ask before it shows the keychain.
  test.runIf(process.platform === 'linux' || process.env['CI'])(
    'the vault of this very system keeps a password, gives it back and forgets it',
    async () => {
      const env = { ...process.env, HOME: home, APPDATA: home, LOCALAPPDATA: home };
      const clean = Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('XDG_')));
      const machine: Machine = { platform: process.platform, env: clean, home };
      const name = `test-${process.pid}`;
      const secret = 'p\u00e4ss "word" $(x) `y` \\ %Z%';
      const vault = await storePassword(machine, name, new Secret(secret));
      expect(vaultsFor(machine)).toContain(vault.place);
      const again = await openVault(vault.place, machine);
      expect((await again.get(name))?.reveal()).toBe(secret);
      await again.remove(name);
      expect(await again.get(name)).toBeUndefined();
    },
  );
});
