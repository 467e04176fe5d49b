import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { edit, isHidden, look, makeFolder, Model, read, relocate, remove, search, upload } from './model.ts';
import type { Operation } from './model.ts';
import { openScene } from './scene.ts';
import type { Scene } from './scene.ts';

const SEQUENCES = Number(process.env['MODEL_SEQUENCES'] ?? 200);
const STEPS = 30;
/** Sequences that run side by side, each in a folder of its own. */
const WIDTH = 200;

const SECRET = 'never to be read';

describe(`random sequences of tools do what a plain tree does`, () => {
  let scene: Scene;

  beforeAll(async () => {
    scene = await openScene({
      NEXTCLOUD_DENY: 'deny',
      NEXTCLOUD_CACHE_SEARCH_SECONDS: '60',
      NEXTCLOUD_MAX_CONCURRENCY: '16',
    });
  });

  afterAll(async () => {
    await scene.close();
  });

  // Few names, so that operations meet; names of their own for each sequence, because two deletions of one
  // name are kept a second apart.
  const operations = (root: string, tag: string): fc.Arbitrary<Operation> => {
    const name = fc.constantFrom('a', 'b', 'c').map((letter) => `${letter}${tag}`);
    const part = fc.oneof({ weight: 12, arbitrary: name }, { weight: 1, arbitrary: fc.constant('deny') });
    const path = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => `${root}/${parts.join('/')}`);
    const text = fc.constantFrom('', 'x', 'one\ntwo\n', 'one one', 'grün\r\n');
    const flag = fc.boolean();
    return fc.oneof(
      { weight: 6, arbitrary: fc.tuple(path, text, flag).map((args) => upload(...args)) },
      {
        weight: 3,
        arbitrary: fc
          .tuple(path, fc.constantFrom('one', 'x', 'grün'), fc.constantFrom('', 'x', 'two one'))
          .map((args) => edit(...args)),
      },
      { weight: 4, arbitrary: path.map(makeFolder) },
      { weight: 3, arbitrary: fc.tuple(path, path, flag).map((args) => relocate('move_file', ...args)) },
      { weight: 3, arbitrary: fc.tuple(path, path, flag).map((args) => relocate('copy_file', ...args)) },
      { weight: 2, arbitrary: path.map(remove) },
      { weight: 2, arbitrary: fc.oneof(fc.constant(root), path).map(look) },
      { weight: 2, arbitrary: path.map(read) },
      { weight: 1, arbitrary: fc.tuple(fc.constant(root), name).map((args) => search(...args)) },
    );
  };

  it(`${SEQUENCES} sequences of ${STEPS} steps`, { timeout: 6 * 60 * 60 * 1000 }, async () => {
    const seed = Number(process.env['MODEL_SEED'] ?? Date.now() % 2 ** 31);
    let next = 0;
    let made = 0;
    const worker = async (): Promise<void> => {
      for (let number = next++; number < SEQUENCES; number = next++) {
        const root = `/s${number}`;
        const sequence = fc.array(operations(root, String(number)), { minLength: STEPS, maxLength: STEPS });
        const [steps = []] = fc.sample(sequence, { numRuns: 1, seed: seed + number });
        const done = await run(scene, root, steps, `seed ${seed}, sequence ${number}`);
        made += done;
        scene.cloud.home().remove(root);
        scene.cloud.requests.length = 0;
      }
    };
    await Promise.all(Array.from({ length: WIDTH }, worker));
    // A test in which everything is refused would hold, too.
    expect(made).toBeGreaterThan(SEQUENCES * STEPS * 0.2);
  });
});

/** Makes the steps in both worlds and compares them after each. Answers how many were not refused. */
async function run(scene: Scene, root: string, steps: readonly Operation[], where: string): Promise<number> {
  const { cloud, bench } = scene;
  const home = cloud.home();
  const model = new Model();
  home.mkdir(root);
  home.put(`${root}/deny/secret.txt`, SECRET);
  for (const path of [root, `${root}/deny`]) model.nodes.set(path, null);
  model.nodes.set(`${root}/deny/secret.txt`, SECRET);
  let made = 0;
  for (const [index, step] of steps.entries()) {
    const { tool, args } = step;
    let answer = await bench.call(tool, args);
    const { confirm } = answer.data;
    const at = `${where}, step ${index}: ${tool} ${JSON.stringify(args)} -> ${answer.text.slice(0, 200)}`;
    if (typeof confirm === 'string') {
      compare(scene, root, model, `${at} (only planned)`);
      answer = await bench.call(tool, { ...args, confirm });
    }
    const right = step.apply(model);
    if (right === answer.isError)
      throw new Error(`${at} is ${right ? 'refused' : 'accepted'}: ${answer.text}`);
    if (answer.isError && !/^[a-z_]+: .*\. /.test(answer.text)) throw new Error(`${at} is not clear`);
    if (/Something unexpected|It is not known/.test(answer.text) || answer.text.includes(SECRET))
      throw new Error(`${at}: ${answer.text}`);
    if (right) made++;
    compare(scene, root, model, at);
    if (right) compareSeen(step, answer, model, at);
  }
  return made;
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
  if (tool !== 'list_files' && tool !== 'search_files') return;
  const paths = (answer.data['entries'] as { path: string }[]).map(({ path }) => path).toSorted();
  const query = typeof args['query'] === 'string' ? args['query'] : '';
  const wanted = model
    .below(String(args['folder_path']))
    .filter((path) => !isHidden(path) && (path.split('/').at(-1) ?? '').includes(query))
    .toSorted();
  if (JSON.stringify(paths) !== JSON.stringify(wanted)) throw new Error(`${at}: shows ${paths.join(' ')}`);
}
