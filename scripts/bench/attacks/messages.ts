import { megabytes } from './attack.ts';
import type { Attack, Blow, Group } from './attack.ts';

/** Messages as such, whatever tool they are for. */

let lastId = 1_000_000;

/** A request whose parameters are given as JSON. Clients put the id first or last. */
function request(method: string, params: string): Blow {
  const id = ++lastId;
  return { id, line: `{"jsonrpc":"2.0","method":"${method}","params":${params},"id":${id}}` };
}

function toolCall(args: string, tool = 'edit_file'): Blow {
  return request('tools/call', `{"name":"${tool}","arguments":${args}}`);
}

function attack(name: string, ...blows: (() => Blow)[]): Attack {
  return { name, blows: () => blows.map((make) => make()) };
}

const list = (count: number, item: string): string => `[${`${item},`.repeat(count - 1)}${item}]`;
const keys = (count: number): string =>
  `{${Array.from({ length: count }, (_, index) => `"key ${index}":0`).join()}}`;
const deep = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;
const edits = (value: string): string => `{"file_path":"/a.txt","edits":${value}}`;

const flood = (count: number): Blow => {
  const first = lastId + 1;
  lastId += count;
  const lines = Array.from(
    { length: count },
    (_, index) => `{"jsonrpc":"2.0","id":${first + index},"method":"ping"}`,
  );
  return { id: lastId, line: lines.join('\n') };
};

export const messages: Group = {
  attacks: [
    attack('11 MB in one line', () =>
      toolCall(`{"remote_path":"/big.txt","content":"${megabytes(11)}"}`, 'upload_file'),
    ),
    attack('4 MB of content, which is allowed', () =>
      toolCall(`{"remote_path":"/big.txt","content":"${megabytes(4)}"}`, 'upload_file'),
    ),
    attack('4 MB of content in escapes, which is allowed', () =>
      toolCall(`{"remote_path":"/escapes.txt","content":"${megabytes(4, '\\u0041')}"}`, 'upload_file'),
    ),
    attack('4 MB of base64, which is allowed', () =>
      toolCall(`{"remote_path":"/base64.bin","content_base64":"${megabytes(4, 'AAAA')}"}`, 'upload_file'),
    ),
    attack('49,000 keys as arguments', () => toolCall(keys(49_000))),
    attack('100,000 keys as arguments', () => toolCall(keys(100_000))),
    attack('600,000 keys as arguments', () => toolCall(keys(600_000))),
    attack('49,000 keys as parameters', () => request('tools/list', keys(49_000))),
    attack('600,000 keys as parameters', () => request('tools/list', keys(600_000))),
    attack('49,000 keys as _meta', () => request('tools/list', `{"_meta":${keys(49_000)}}`)),
    attack('49,000 keys as clientInfo of initialize', () =>
      request(
        'initialize',
        `{"protocolVersion":"2025-06-18","capabilities":${keys(20_000)},"clientInfo":${keys(20_000)}}`,
      ),
    ),
    attack('5,000,000 values', () => toolCall(edits(list(4_900_000, '0')))),
    attack('5,000 numbers as edits', () => toolCall(edits(list(5000, '0')))),
    attack('90,000 numbers as edits', () => toolCall(edits(list(90_000, '0')))),
    attack('90,000 lists as edits', () => toolCall(edits(list(90_000, '[]')))),
    attack('2,000,000 lists as edits', () => toolCall(edits(list(2_000_000, '[]')))),
    attack('5,000 objects with a wrong key as edits', () => toolCall(edits(list(5000, '{"oldText":0}')))),
    attack('one edit of 49,000 keys', () => toolCall(edits(`[${keys(49_000)}]`))),
    attack('2,000 edits of 20 keys', () => toolCall(edits(list(2000, keys(20))))),
    attack('199 levels', () => toolCall(edits(deep(190)))),
    attack('5,000,000 levels', () => toolCall(edits(deep(4_900_000)))),
    attack('5,000,000 levels that are not closed', () => ({ id: null, line: '['.repeat(5_000_000) })),
    attack('4,000,000 levels in a text', () => toolCall(edits(`"${deep(4_000_000)}"`))),
    attack('4,000,000 values in a text', () => toolCall(edits(`"${list(4_000_000, '0')}"`))),
    attack('1,000,000 lists in a text', () => toolCall(edits(`"${list(1_000_000, '[]')}"`))),
    attack('4,000,000 levels in a text as arguments', () => toolCall(`"${'{'.repeat(4_000_000)}"`)),
    attack('1,000,000 arguments in themselves', () =>
      toolCall(`"${'{\\"arguments\\":'.repeat(600_000)}1${'}'.repeat(600_000)}"`),
    ),
    attack('90,000 values as arguments', () => toolCall(list(90_000, '0'))),
    attack('a key of 9 MB', () => toolCall(`{"${megabytes(9)}":0}`)),
    attack('a name of a tool of 9 MB', () => toolCall('{}', megabytes(9))),
    attack('a method of 9 MB', () => request(megabytes(9), '{}')),
    attack('9 MB beside the parameters', () => {
      const id = ++lastId;
      return { id, line: `{"jsonrpc":"2.0","id":${id},"method":"ping","more":"${megabytes(9)}"}` };
    }),
    attack(
      'a resource of 9 MB',
      () => request('resources/read', `{"uri":"nextcloud://${megabytes(9)}"}`),
      () => request('resources/read', `{"uri":"nextcloud://${megabytes(9, '/a')}"}`),
      () => request('resources/read', `{"uri":"${megabytes(9, '%41')}"}`),
    ),
    attack('a prompt with 49,000 arguments', () =>
      request('prompts/get', `{"name":"x","arguments":${keys(49_000).replaceAll(':0', ':"0"')}}`),
    ),
    attack('a completion of 9 MB', () =>
      request(
        'completion/complete',
        `{"ref":{"type":"ref/prompt","name":"x"},"argument":{"name":"x","value":"${megabytes(9)}"}}`,
      ),
    ),
    attack('a cursor of 9 MB', () => request('tools/list', `{"cursor":"${megabytes(9)}"}`)),
    attack('20,000 messages at once', () => flood(20_000)),
    attack('5,000,000 empty lines', () => {
      const { line, id } = flood(1) as { line: string; id: number };
      return { id, line: `${'\n'.repeat(5_000_000)}${line}` };
    }),
    attack('300,000 lines that are no JSON', () => {
      const { line, id } = flood(1) as { line: string; id: number };
      return { id, line: `${'{"jsonrpc":"2.0\n'.repeat(300_000)}${line}` };
    }),
  ],
};
