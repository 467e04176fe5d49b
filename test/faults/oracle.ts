import { errorCodes } from '../../src/errors.ts';
import type { Outcome } from '../support/bench.ts';
import type { Fault } from '../support/fault-table.ts';
import type { Case } from './case.ts';
import { same } from './scene.ts';
import type { Scene } from './scene.ts';

export type Verdict = 'right result' | 'clear error' | 'not met';

/** A quiet machine needs less than half of it; assistants wait for a minute. */
export const LIMIT_MS = 15_000;

const clear = new RegExp(`^(${errorCodes.join('|')}): [^]+[.!?] \\S[^]+[.!?]$`);

/**
 * Makes one call while the fault is on. Throws what must not be: a wrong result, an error that is not
 * clear, a partial file, two effects, a lie about whether a change was made, a hang, a dead server.
 */
export async function judge(scene: Scene, fault: Fault, one: Case): Promise<Verdict> {
  const { cloud, proxy, bench } = scene;
  await warmUp(scene);
  if (one.before) await prepare(scene, one.before);
  const before = { remote: scene.remote(), local: scene.local() };
  const trashed = cloud.home().trash().length;
  const seen = cloud.requests.length;
  await arm(scene, fault, one);
  const outcome = await bench.call(one.tool, { ...one.args }, AbortSignal.timeout(LIMIT_MS));
  proxy.disarm();
  if (!fault.spoil) await proxy.up();
  if (fault.late) await proxy.lateWork();
  const verdict = weigh(outcome, one);
  const after = { remote: scene.remote(), local: scene.local() };
  const wanted = {
    remote: one.remote?.(before.remote) ?? before.remote,
    local: one.local?.(before.local) ?? before.local,
  };
  const made = same(after.remote, wanted.remote) && same(after.local, wanted.local);
  const untouched = same(after.remote, before.remote) && same(after.local, before.local);
  const { text } = outcome;
  const unsure = /It is not known whether the change was made/.test(text);
  const inPart = one.parts?.some(
    ({ tree, told }) =>
      same(after.remote, tree(before.remote)) && (!told || unsure || text.includes('Already done: ')),
  );
  if (verdict === 'right result' && !made) throw new Error(`says it is done, but it is not: ${text}`);
  if (verdict === 'clear error' && !untouched && !(made && unsure) && !inPart)
    throw new Error(`${made ? 'keeps silent about a change that was made' : 'half or twice made'}: ${text}`);
  if (unsure && !/Look with \w+|nobody has seen the link/.test(text))
    throw new Error(`does not say where to look: ${text}`);
  if (unsure && /try again/i.test(text))
    throw new Error(`says to try again what may have been made: ${text}`);
  const effects = cloud.requests
    .slice(seen)
    .filter(({ method, status }) => method === one.verb && [201, 204].includes(status)).length;
  if (effects > (one.effects ?? 1)) throw new Error(`${effects} effects`);
  if (cloud.home().trash().length > trashed + 1) throw new Error('two things in the trash');
  await aliveAfter(scene, fault);
  return proxy.hits === 0 && fault.spoil ? 'not met' : verdict;
}

// A first call like any other: the session is open, the fault comes into the middle of it.
async function warmUp({ bench }: Scene): Promise<void> {
  const outcome = await withPatience(() => bench.call('list_files', { folder_path: '/' }));
  if (outcome.isError) throw new Error(`the scene does not work: ${outcome.text}`);
}

async function prepare({ bench }: Scene, [tool, args]: NonNullable<Case['before']>): Promise<void> {
  const outcome = await withPatience(() => bench.call(tool, { ...args }));
  if (outcome.isError) throw new Error(`the scene cannot be prepared: ${outcome.text}`);
}

/** A call that no fault meets may still run into the short time limit on a busy machine. */
async function withPatience(call: () => Promise<Outcome>): Promise<Outcome> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await call();
    if (attempt === 5 || !outcome.isError || !outcome.text.startsWith('timeout:')) return outcome;
  }
}

/** Lets the proxy spoil the requests that the fault is meant for. */
export async function arm(
  { proxy }: Pick<Scene, 'proxy'>,
  fault: Pick<Fault, 'spoil' | 'hits'>,
  one: Pick<Case, 'verb'>,
): Promise<void> {
  if (!fault.spoil) return proxy.down();
  proxy.arm(fault.spoil, ({ method }) => {
    if (fault.hits === 'every') return true;
    return proxy.hits === 0 && (fault.hits === 'first' || method === one.verb);
  });
}

function weigh(outcome: Outcome, one: Case): Verdict {
  const { isError, text, data, ms } = outcome;
  if (ms > LIMIT_MS) throw new Error(`took ${Math.round(ms)} ms`);
  if (isError) {
    if (!clear.test(text) || /Something unexpected/.test(text)) throw new Error(`not a clear error: ${text}`);
    return 'clear error';
  }
  if (one.tool === 'test_connection' && data['ok'] === false) {
    const checks = data['checks'] as { ok: boolean; detail: string; fix?: string }[];
    if (checks.some((check) => !check.ok && (check.fix ?? '') === ''))
      throw new Error(`no way out: ${JSON.stringify(checks)}`);
    return 'clear error';
  }
  const wrong = one.wrong(outcome);
  if (wrong !== undefined) throw new Error(`wrong result: ${wrong}`);
  return 'right result';
}

async function aliveAfter({ bench, cloud, proxy }: Scene, fault: Fault): Promise<void> {
  const asked = cloud.requests.length;
  const next = await withPatience(() => bench.call('list_files', { folder_path: '/Docs/Sub' }));
  if (fault.closes && proxy.hits > 0) {
    if (!next.isError || !next.text.startsWith('unauthorized:')) throw new Error('the account stayed open');
    if (cloud.requests.length !== asked) throw new Error('asked again after a 401');
  } else if (next.isError) throw new Error(`the next call does not work: ${next.text}`);
}
