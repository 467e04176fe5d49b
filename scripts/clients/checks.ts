import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EmbeddedNextcloud } from '../../src/embedded-nextcloud/index.ts';
import type { FaultProxy } from '../../test/support/fault-proxy.ts';
import type { ClientProcess } from './client-process.ts';

/** A connected client, the server behind it and the Nextcloud behind that. */
export interface Subject {
  readonly client: ClientProcess;
  readonly cloud: EmbeddedNextcloud;
  /** Between the server and the Nextcloud. */
  readonly proxy: FaultProxy;
  /** Different for each client and transport. */
  readonly name: string;
}

export interface Check {
  readonly id: CheckId;
  /** What is expected, for the page of documentation. */
  readonly means: string;
  /** Rejects with what is wrong. */
  readonly run: (subject: Subject) => Promise<void>;
}

export type CheckId =
  'connect' | 'tools' | 'list' | 'PDF' | 'picture' | 'search' | 'upload' | 'error' | 'cancel' | 'progress';

const missing =
  'not_found: /Notes/Not there.md does not exist. list_files of "/Notes" or search_files shows what is there.';

const FILES_FOR_PROGRESS = 12;

/** Beside the samples of the embedded Nextcloud. */
export function addSamples(cloud: EmbeddedNextcloud): void {
  for (let index = 0; index < FILES_FOR_PROGRESS; index++)
    cloud.home().put(`/Long search/${index}.txt`, `Line ${index}\n`);
}

/** Of the default surface, and one of a toolset that is offered as well. */
const someTools = ['list_files', 'read_file', 'search_files', 'upload_file', 'delete_file'];

export const checks: readonly Check[] = [
  {
    id: 'connect',
    means: 'The client connects with nothing but the command, or the address and the token.',
    // It has happened when the other checks begin.
    run: async () => undefined,
  },
  {
    id: 'tools',
    means: 'It lists the tools.',
    run: async ({ client }) => {
      const names = await client.tools();
      for (const name of someTools)
        assert.ok(names.includes(name), `${name} is not among ${names.join(', ')}`);
    },
  },
  {
    id: 'list',
    means: 'The model is shown every name in a folder.',
    run: async ({ client, cloud }) => {
      const { text } = await client.call('list_files', { folder_path: '/Documents' }).shown;
      const names = cloud.home().list('/Documents');
      assert.ok(names.length > 5);
      for (const name of names) assert.ok(text.includes(name), `${name} is not in ${text}`);
    },
  },
  {
    id: 'PDF',
    means: 'The model is shown the text of a PDF.',
    run: async ({ client }) => {
      const { text } = await client.call('read_file', { file_path: '/Documents/Rental agreement.pdf' }).shown;
      assert.match(text, /Notice may be given/);
    },
  },
  {
    id: 'picture',
    means: 'The model is shown a picture as a picture.',
    run: async ({ client }) => {
      const { pictures, text } = await client.call('read_file', { file_path: '/Photos/avatar.png' }).shown;
      assert.deepEqual(pictures, ['image/png'], `no picture beside: ${text.slice(0, 300)}`);
    },
  },
  {
    id: 'search',
    means: 'A search finds files by name.',
    run: async ({ client }) => {
      const { text } = await client.call('search_files', { query: 'agreement', folder_path: '/' }).shown;
      assert.match(text, /\/Documents\/Rental agreement\.pdf/);
    },
  },
  {
    id: 'upload',
    means: 'A text with umlauts and quotation marks is stored as it was given.',
    run: async ({ client, cloud, name }) => {
      const remote_path = `/Uploads ${name}.txt`;
      const content = `Grüße von "${name}"\n\tzweite Zeile: 'a\\b' 100 % {}\n`;
      const { text } = await client.call('upload_file', { remote_path, content }).shown;
      assert.equal(cloud.home().get(remote_path)?.toString('utf8'), content, text);
    },
  },
  {
    id: 'error',
    means: 'After a call for a file that is not there, the model is shown what is wrong and what to do next.',
    run: async ({ client }) => {
      const { text } = await client.call('read_file', { file_path: '/Notes/Not there.md' }).shown;
      assert.ok(text.includes(missing), text);
    },
  },
  {
    id: 'cancel',
    means: 'A call that is cancelled ends at once, also in the server, and the next call works.',
    run: cancelled,
  },
  {
    id: 'progress',
    means: 'The progress of a call that takes seconds arrives while it runs.',
    run: async ({ client, proxy }) => {
      proxy.arm(
        async (passage) => {
          await sleep(200);
          await passage.answer(await passage.forward());
        },
        () => true,
      );
      const seen: number[] = [];
      const args = { pattern: 'Line', folder_path: '/Long search' };
      const { text } = await client.call('search_file_contents', args, (done) => seen.push(done)).shown;
      assert.match(text, /Line 1/);
      assert.ok(seen.length > 1, `the progress that arrived: ${seen.join(', ') || 'none'}`);
      assert.deepEqual(
        seen,
        seen.toSorted((a, b) => a - b),
      );
    },
  },
];

async function cancelled({ client, proxy }: Subject): Promise<void> {
  let arrived = 0;
  let left = 0;
  proxy.arm(
    async (passage) => {
      arrived++;
      await passage.silence();
      left++;
    },
    () => true,
  );
  const running = client.call('read_file', { file_path: '/Notes/ideas.txt' });
  const ended = running.shown.then(
    ({ text }) => `it was answered: ${text}`,
    () => 'it was broken off',
  );
  await until(() => arrived > 0, 'the call does not reach the Nextcloud');
  running.abort();
  await until(() => left === arrived, 'the server goes on with a call that was cancelled');
  proxy.disarm();
  await ended;
  const { text } = await client.call('read_file', { file_path: '/Notes/ideas.txt' }).shown;
  assert.match(text, /A map of all benches/);
}

const SECONDS_OF_PATIENCE = 10;

async function until(condition: () => boolean, otherwise: string): Promise<void> {
  for (let wait = 0; wait < SECONDS_OF_PATIENCE * 100; wait++) {
    if (condition()) return;
    await sleep(10);
  }
  throw new Error(otherwise);
}
