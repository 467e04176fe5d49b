import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  comment,
  download,
  edit,
  info,
  isHidden,
  look,
  makeFolder,
  mark,
  Model,
  read,
  readBytes,
  relocate,
  remove,
  search,
  searchContents,
  shares,
  takeBack,
  upload,
  versions,
} from './model.ts';
import type { Operation } from './model.ts';
import { undoOf } from '../support/undo.ts';
import { agreed, openScene } from '../files/scene.ts';
import type { Scene } from '../files/scene.ts';

const SEQUENCES = Number(process.env['MODEL_SEQUENCES'] ?? 200);
const STEPS = 30;
/**
 * Sequences that run side by side, each in a folder of its own. The last 1,000 changes of an account are kept: those of
 * more sequences would push out one that is still to be taken back.
 */
const WIDTH = 12;
/** Then a cloud is given up, with all that has gathered in its trash. */
const PER_CLOUD = 500;

const SECRET = 'never to be read';

/** A share of the random sequences: the same again with `MODEL_SEED`, more of them with `MODEL_SEQUENCES`. */
export function holdToModel(share: number, of: number): void {
  const count = Math.ceil((SEQUENCES - share) / of);
  describe('random sequences of tools do what a plain tree does', () => {
    it(`${count} sequences of ${STEPS} steps`, { timeout: 24 * 60 * 60 * 1000 }, async () => {
      Error.stackTraceLimit = 0; // a third of the time, for refusals that are meant
      const seed = Number(process.env['MODEL_SEED'] ?? Date.now() % 2 ** 31);
      let made = 0;
      for (let begun = 0; begun < count; begun += PER_CLOUD) {
        const numbers = Array.from({ length: Math.min(PER_CLOUD, count - begun) }, (_, i) => begun + i);
        made += await onOneCloud(
          numbers.map((number) => share + number * of),
          seed,
        );
        if (process.env['MODEL_PROGRESS'])
          process.stdout.write(`${begun + numbers.length} of ${count}, seed ${seed}\n`);
      }
      // A test in which everything is refused would hold, too.
      expect(made).toBeGreaterThan(count * STEPS * 0.2);
    });
  });
}

async function onOneCloud(numbers: readonly number[], seed: number): Promise<number> {
  const scene = await openScene({
    NEXTCLOUD_DENY: 'deny',
    NEXTCLOUD_CACHE_SEARCH_SECONDS: '60',
    NEXTCLOUD_MAX_CONCURRENCY: '16',
    // A long run has to be patient beside other work.
    NEXTCLOUD_CALL_SECONDS: '3600',
    NEXTCLOUD_TIMEOUT_SECONDS: '600',
  });
  const queue = numbers.values();
  let made = 0;
  const worker = async (): Promise<void> => {
    for (const number of queue) {
      const root = `/s${number}`;
      const sequence = fc.array(operations(root, String(number)), { minLength: STEPS, maxLength: STEPS });
      const [steps = []] = fc.sample(sequence, { numRuns: 1, seed: seed + number });
      const done = await run(scene, root, steps, `MODEL_SEED=${seed}, sequence ${number}`);
      made += done; // others have added to it meanwhile
      const astray = scene.cloud.requests.find(({ path, headers }) =>
        /\/deny(\/|$)/.test(`${path} ${headers['destination'] ?? ''}`),
      );
      if (astray) throw new Error(`${astray.method} ${astray.path} reaches what is out of bounds`);
      scene.cloud.requests.length = 0;
    }
  };
  try {
    await Promise.all(Array.from({ length: WIDTH }, worker));
  } finally {
    await scene.close();
  }
  return made;
}

// Few names, so that operations meet; names of their own for each sequence, because two deletions of one
// name are kept a second apart.
function operations(root: string, tag: string): fc.Arbitrary<Operation> {
  const name = fc.constantFrom('a', 'b', 'c').map((letter) => `${letter}${tag}`);
  const part = fc.oneof({ weight: 12, arbitrary: name }, { weight: 1, arbitrary: fc.constant('deny') });
  const path = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => `${root}/${parts.join('/')}`);
  const text = fc.constantFrom('', 'x', 'one\ntwo\n', 'one one', 'gr\u00fcn\r\n');
  const word = fc.constantFrom('one', 'x', 'gr\u00fcn');
  const flag = fc.boolean();
  const some = (weight: number, arbitrary: fc.Arbitrary<Operation>): fc.WeightedArbitrary<Operation> => ({
    weight,
    arbitrary,
  });
  const local = fc.uuid().map((id) => `${tag}-${id}`); // never the same twice
  return fc.oneof(
    some(
      12,
      fc.tuple(path, text, flag).map((args) => upload(...args)),
    ),
    some(
      6,
      fc.tuple(path, word, fc.constantFrom('', 'x', 'two one')).map((args) => edit(...args)),
    ),
    some(8, path.map(makeFolder)),
    some(
      6,
      fc.tuple(path, path, flag).map((args) => relocate('move_file', ...args)),
    ),
    some(
      6,
      fc.tuple(path, path, flag).map((args) => relocate('copy_file', ...args)),
    ),
    some(4, path.map(remove)),
    some(6, fc.constant(takeBack)),
    some(3, fc.oneof(fc.constant(root), path).map(look)),
    some(3, path.map(read)),
    some(1, path.map(readBytes)),
    some(1, path.map(info)),
    some(1, path.map(versions)),
    some(1, path.map(shares)),
    some(
      1,
      fc.tuple(path, flag).map((args) => mark(...args)),
    ),
    some(1, path.map(comment)),
    some(
      1,
      fc.tuple(path, local).map((args) => download(...args)),
    ),
    some(
      2,
      fc.tuple(fc.constant(root), name).map((args) => search(...args)),
    ),
    some(
      1,
      word.map((wanted) => searchContents(root, wanted)),
    ),
  );
}

/** What an answer says takes a change back, and the tree from before it. */
interface Change {
  readonly undo: string;
  readonly before: Map<string, string | null>;
}

/** Makes the steps in both worlds and compares them after each. Answers how many were not refused. */
async function run(scene: Scene, root: string, steps: readonly Operation[], where: string): Promise<number> {
  const { cloud, bench } = scene;
  const home = cloud.home();
  const model = new Model();
  const changes: Change[] = [];
  home.mkdir(root);
  home.put(`${root}/deny/secret.txt`, SECRET);
  for (const path of [root, `${root}/deny`]) model.nodes.set(path, null);
  model.nodes.set(`${root}/deny/secret.txt`, SECRET);
  let made = 0;
  for (const [index, step] of steps.entries()) {
    const { tool, args } = step;
    if (step === takeBack) {
      const change = changes.pop();
      if (!change) continue;
      const at = `${where}, step ${index}: taking back by ${change.undo}`;
      const { data } = await agreed(scene, 'undo', { change: change.undo }).catch((cause: unknown) => {
        throw new Error(at, { cause });
      });
      if (data['kept'] !== undefined) throw new Error(`${at} leaves ${JSON.stringify(data['kept'])}`);
      model.nodes = change.before;
      compare(scene, root, model, at);
      made++;
      continue;
    }
    let answer = await bench.call(tool, args);
    const { confirm } = answer.data;
    const at = `${where}, step ${index}: ${tool} ${JSON.stringify(args)} -> ${answer.text.slice(0, 200)}`;
    if (typeof confirm === 'string') {
      compare(scene, root, model, `${at} (only planned)`);
      answer = await bench.call(tool, { ...args, confirm });
    }
    const before = new Map(model.nodes);
    const right = step.apply(model);
    if (right === answer.isError)
      throw new Error(`${at} is ${right ? 'refused' : 'accepted'}: ${answer.text}`);
    if (answer.isError && !/^[a-z_]+: .*\. /.test(answer.text)) throw new Error(`${at} is not clear`);
    if (/Something unexpected|It is not known/.test(answer.text) || answer.text.includes(SECRET))
      throw new Error(`${at}: ${answer.text}`);
    if (right) made++;
    compare(scene, root, model, at);
    if (right) compareSeen(step, answer, model, at);
    // The same contents once more, a tag or a comment change nothing in the tree, and are taken back all the same.
    const isNoted = !answer.isError && /^undo u\d/m.test(answer.text);
    if (isNoted || !same(before, model.nodes)) changes.push({ undo: undoOf(answer), before });
  }
  home.remove(root);
  return made;
}

function same(a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): boolean {
  return a.size === b.size && [...a].every(([path, node]) => b.get(path) === node && b.has(path));
}

function compare(scene: Scene, root: string, model: Model, at: string): void {
  const home = scene.cloud.home();
  const nodes = [...model.nodes].filter(([path]) => path !== '/' && path !== root);
  for (const [path, content] of nodes) {
    const there = home.stat(path);
    if (there?.type !== (content === null ? 'directory' : 'file'))
      throw new Error(`${at}: ${path} is missing`);
    if (content !== null && home.get(path)?.toString() !== content)
      throw new Error(`${at}: ${path} holds something else`);
  }
  const count = (folder: string): number =>
    home.list(folder).reduce((sum, name) => {
      const path = `${folder}/${name}`;
      return sum + 1 + (home.stat(path)?.type === 'directory' ? count(path) : 0);
    }, 0);
  if (count(root) !== nodes.length) throw new Error(`${at}: there is more than there should be`);
}

function compareSeen(
  { tool, args }: Operation,
  answer: { text: string; data: Record<string, unknown> },
  model: Model,
  at: string,
): void {
  if (tool === 'read_file') {
    const wanted = model.nodes.get(String(args['file_path']));
    const body = /<<<(\w+)\n([^]*?)\n?\1>>>/.exec(answer.text)?.[2] ?? '';
    if (body !== wanted?.replace(/\r?\n$/, '').replaceAll('\r\n', '\n'))
      throw new Error(`${at}: read something else`);
  }
  if (tool === 'read_file_bytes') {
    const wanted = Buffer.from(model.nodes.get(String(args['file_path'])) ?? '').toString('base64');
    const body = /<<<(\w+)\n([^]*?)\n?\1>>>/.exec(answer.text)?.[2] ?? '';
    if (body !== wanted) throw new Error(`${at}: read other bytes`);
  }
  if (tool === 'search_file_contents') {
    const word = String(args['pattern']);
    for (const [path, node] of model.nodes)
      if (path.startsWith(`${String(args['folder_path'])}/`) && !isHidden(path) && node !== null)
        if (node.includes(word) !== answer.text.includes(path))
          throw new Error(`${at}: ${path} is ${node.includes(word) ? 'not ' : ''}among the matches`);
  }
  if (tool !== 'list_files' && tool !== 'search_files') return;
  const paths = (answer.data['entries'] as { path: string }[]).map(({ path }) => path).toSorted();
  const folder = String(args['folder_path']);
  const query = typeof args['query'] === 'string' ? args['query'] : '';
  const deepest = folder.split('/').length + (typeof args['depth'] === 'number' ? args['depth'] : Infinity);
  const wanted = model
    .below(folder)
    .filter((path) => !isHidden(path) && (path.split('/').at(-1) ?? '').includes(query))
    .filter((path) => path.split('/').length <= deepest)
    .toSorted();
  if (JSON.stringify(paths) !== JSON.stringify(wanted)) throw new Error(`${at}: shows ${paths.join(' ')}`);
}
