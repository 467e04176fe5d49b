import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { options } from '../../src/config/options.ts';
import { toolsets } from '../../src/tools/toolsets.ts';
import { Stage } from '../support/stage.ts';
import type { ClientKind } from '../support/stage.ts';
import { everyTool } from './every-tool.ts';

const MAX_BYTES = 14_000;
const folder = join(import.meta.dirname, '../tools/snapshots');

describe.each<ClientKind>(['modern', 'legacy'])('what the %s client is told', (client) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open({ client });
  });
  afterAll(async () => stage.close());

  test('the list of tools fits into 14 KB', async () => {
    const { tools } = await stage.client.listTools();
    expect(Buffer.byteLength(JSON.stringify({ tools }))).toBeLessThanOrEqual(MAX_BYTES);
    expect(tools.length).toBeLessThanOrEqual(16);
  });

  test('every tool is as its reviewed snapshot says, and every snapshot has its tool', async () => {
    const whole = await Stage.open({ client, env: { NEXTCLOUD_TOOLSETS: 'all' } });
    const { tools } = await whole.client.listTools();
    await whole.close();
    for (const tool of tools) {
      const reviewed: unknown = JSON.parse(readFileSync(join(folder, `${tool.name}.json`), 'utf8'));
      expect(JSON.parse(JSON.stringify(tool)), tool.name).toEqual(reviewed);
    }
    const names = tools.map(({ name }) => `${name}.json`);
    expect(readdirSync(folder).toSorted()).toEqual(names.toSorted());
  });

  test('every tool keeps the rules of the directories and gateways', async () => {
    const { tools } = await stage.client.listTools();
    for (const { name, title, description = '', annotations } of tools) {
      expect(name).toMatch(/^[a-z][a-z_]{1,39}$/);
      expect(title, name).toBeTruthy();
      expect(description, name).toMatch(/^[\x20-\x3a\x3c-\x7e]{20,2000}$/);
      expect(description, name).not.toContain('->');
      expect(annotations?.readOnlyHint === true || annotations?.destructiveHint !== undefined, name).toBe(
        true,
      );
    }
  });

  test('every tool is called somewhere in the table of all tools', async () => {
    const { tools } = await stage.client.listTools();
    const called = new Set(everyTool.map(([name]) => name));
    expect(tools.map(({ name }) => name).filter((name) => !called.has(name))).toEqual([]);
  });

  test('an unknown tool is an error of the protocol', async () => {
    await expect(stage.call('format_disk')).rejects.toThrow(/format_disk/);
  });
});

test('the setting for toolsets names each of them', () => {
  const option = options.find(({ key }) => key === 'toolsets');
  expect(option).toHaveProperty('choices', [...toolsets.map(({ name }) => name), 'all']);
});
