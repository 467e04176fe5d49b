import { describe, expect, it } from 'vitest';
import { baseName, parsePath } from '../../src/path.ts';
import { cases } from '../faults/cases.ts';
import { Scene } from '../faults/scene.ts';

/** Some clients show a model the text of an answer alone, others the structured content alone. */

type Arguments = Readonly<Record<string, unknown>>;

/** Beside each call of the fault matrix: plans, pages and lists that fail in part. */
const more: readonly { readonly tool: string; readonly args: Arguments }[] = [
  { tool: 'delete_file', args: { file_path: '/Docs' } },
  { tool: 'delete_file', args: { file_paths: ['/Docs/letter.txt', '/None'] } },
  { tool: 'move_file', args: { source_path: ['/Docs/letter.txt', '/None'], destination_path: '/Pictures' } },
  { tool: 'copy_file', args: { source_path: ['/Docs/letter.txt', '/None'], destination_path: '/Pictures' } },
  { tool: 'get_file_info', args: { file_paths: ['/Docs/letter.txt', '/None'] } },
  { tool: 'list_files', args: { folder_path: '/Docs', limit: 1 } },
  { tool: 'list_files', args: { folder_path: '/Docs', limit: 100_000 } },
  { tool: 'search_files', args: { query: 't', limit: 1 } },
];

/** What a later call is made with. */
const needed =
  /(?:^|\.)(?:\w*path|\w*cursor|confirm|item|version|share_id|transfer_id|url|next|notes\[\]|error)$/;

function valuesOf(value: unknown, key = ''): [key: string, value: string][] {
  if (Array.isArray(value)) return value.flatMap((each) => valuesOf(each, `${key}[]`));
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([name, each]) =>
      valuesOf(each, key === '' ? name : `${key}.${name}`),
    );
  return [[key, String(value)]];
}

describe.concurrent('the text and the structured content say the same', () => {
  it.each([...cases, ...more])('$tool $args', { timeout: 60_000 }, async ({ tool, args }) => {
    const scene = await Scene.open();
    const { text, data } = await scene.bench.call(tool, { ...args });
    await scene.close();
    if (Object.keys(data).length === 0) return;
    const values = valuesOf(data);
    const isSaid = (value: string): boolean =>
      // A path that the call itself named, and one in a listing of its folder, are known.
      text.includes(value) ||
      JSON.stringify(args).includes(JSON.stringify(value)) ||
      (value.startsWith('/') && text.includes(baseName(parsePath(value))));
    expect(values.filter(([key, value]) => needed.test(key) && !isSaid(value))).toEqual([]);
    const all = values.map(([, value]) => value).join('\n');
    for (const [, found = ''] of text.matchAll(/^(?:More: cursor=|confirm: )(\S+)$/gm))
      expect(all).toContain(found);
    for (const [, code = ''] of text.matchAll(/^NO {2}\S+ {2}(\w+):/gm)) expect(all).toContain(code);
    if (/undo/i.test(text) && !text.startsWith('Nothing was changed yet'))
      expect(values.some(([key]) => key.includes('undo'))).toBe(true);
    if (text.includes('make the same call with confirm'))
      expect(all).toContain('make the same call with confirm');
  });
});
