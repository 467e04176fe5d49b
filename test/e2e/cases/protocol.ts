import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from '../../support/case.ts';
import type { Stage } from '../../support/stage.ts';
import { bodyOf, entriesOf } from './expectation.ts';

const template = 'nextcloud://{+path}';

function at(path: string): string {
  return `nextcloud:/${path.split('/').map(encodeURIComponent).join('/')}`;
}

async function completions(stage: Stage, value: string): Promise<string[]> {
  const { completion } = await stage.client.complete({
    ref: { type: 'ref/resource', uri: template },
    argument: { name: 'path', value },
  });
  return completion.values;
}

async function resource(stage: Stage, uri: string): Promise<{ text: string; mimeType: unknown }> {
  const { contents } = await stage.client.readResource({ uri });
  const [only] = contents;
  assert.ok(only && 'text' in only && contents.length === 1);
  return { text: only.text, mimeType: only.mimeType };
}

/** What the protocol offers beside tools, and how calls live together. */
export const protocolCases: readonly Case<Stage>[] = [
  {
    name: 'a file and a folder are resources under their path',
    run: async (stage, folder) => {
      await stage.server.put(`${folder}/a b%20#.md`, '# Hello\n');
      const listed = await stage.client.listResourceTemplates();
      assert.deepEqual(
        listed.resourceTemplates.map(({ uriTemplate }) => uriTemplate),
        [template],
      );
      const file = await resource(stage, at(`${folder}/a b%20#.md`));
      assert.equal(file.text.trim(), '# Hello');
      assert.equal(file.mimeType, 'text/markdown');
      const { entries } = JSON.parse((await resource(stage, at(folder))).text) as {
        entries: { name: string }[];
      };
      assert.deepEqual(
        entries.map(({ name }) => name),
        ['a b%20#.md'],
      );
      await assert.rejects(resource(stage, at(`${folder}/none.md`)), /does not exist/);
      await assert.rejects(resource(stage, 'nextcloud://a/b%2f..%2f..%2fc'), /path/);
    },
  },
  {
    name: 'paths are completed as they are typed',
    run: async (stage, folder) => {
      await stage.server.put(`${folder}/Letters/one.txt`, '1');
      await stage.server.put(`${folder}/letter.txt`, '2');
      const typed = folder.slice(1);
      assert.deepEqual(await completions(stage, `${typed}/let`), [
        `${typed}/Letters/`,
        `${typed}/letter.txt`,
      ]);
      assert.deepEqual(await completions(stage, `/${typed}/Letters/`), [`/${typed}/Letters/one.txt`]);
      assert.deepEqual(await completions(stage, `${typed}/nowhere/x`), []);
      assert.deepEqual(await completions(stage, '../'), []);
    },
  },
  {
    name: 'three prompts are offered and filled in as typed',
    run: async (stage) => {
      const { prompts } = await stage.client.listPrompts();
      assert.deepEqual(prompts.map(({ name }) => name).toSorted(), [
        'brief_folder',
        'find_document',
        'tidy_folder',
      ]);
      for (const { name, arguments: [argument] = [] } of prompts) {
        assert.ok(argument);
        const filled = await stage.client.getPrompt({ name, arguments: { [argument.name]: '/A $& B' } });
        const [message] = filled.messages;
        assert.ok(message && message.content.type === 'text');
        assert.ok(message.content.text.includes('/A $& B'));
        assert.ok(!message.content.text.includes('${'));
      }
    },
  },
  {
    name: 'a larger download reports its progress up to the end',
    run: async (stage, folder) => {
      const size = 40 * 1024 * 1024;
      await stage.server.put(`${folder}/big.bin`, Buffer.alloc(size, 7));
      const inside = mkdtempSync(join(stage.localFolder, 'case-'));
      const seen: { progress: number; total?: number | undefined }[] = [];
      await stage.ok(
        'download_file',
        { remote_path: `${folder}/big.bin`, local_path: inside },
        { onprogress: (progress) => seen.push(progress) },
      );
      assert.ok(seen.length >= 1);
      assert.ok(seen.every(({ progress, total }) => total === size && progress <= size));
      const steps = seen.map(({ progress }) => progress);
      assert.deepEqual(
        steps,
        steps.toSorted((a, b) => a - b),
      );
    },
  },
  {
    name: 'a running download that is cancelled leaves no file',
    run: async (stage, folder) => {
      await stage.server.put(`${folder}/big.bin`, Buffer.alloc(40 * 1024 * 1024, 7));
      const inside = mkdtempSync(join(stage.localFolder, 'case-'));
      const controller = new AbortController();
      const running = stage.call(
        'download_file',
        { remote_path: `${folder}/big.bin`, local_path: inside },
        { signal: controller.signal, onprogress: () => controller.abort() },
      );
      await assert.rejects(running);
      // The next answer comes after the server has dealt with the cancellation.
      await stage.ok('list_files', { folder_path: folder });
      for (let wait = 0; wait < 50 && (await readdir(inside)).length > 0; wait++)
        await new Promise((resolve) => setTimeout(resolve, 20));
      assert.deepEqual(await readdir(inside), []);
    },
  },
  {
    name: 'several tools called at once each get their own answer',
    run: async (stage, folder) => {
      const names = Array.from({ length: 12 }, (_, i) => `p${i}.txt`);
      await Promise.all(
        names.map(async (name) =>
          stage.ok('upload_file', { remote_path: `${folder}/${name}`, content: `content of ${name}` }),
        ),
      );
      const [listed, found, info, ...bodies] = await Promise.all([
        stage.ok('list_files', { folder_path: folder }),
        stage.ok('search_files', { query: 'p1', folder_path: folder }),
        stage.ok('get_file_info', { file_path: `${folder}/p3.txt` }),
        ...names.map(async (name) => stage.ok('read_file', { file_path: `${folder}/${name}` })),
      ]);
      assert.equal(listed.data['total'], names.length);
      assert.equal(entriesOf(found).length, 3);
      assert.equal(info.data['name'], 'p3.txt');
      assert.deepEqual(
        bodies.map((answer) => bodyOf(answer)),
        names.map((name) => `content of ${name}`),
      );
    },
  },
];
