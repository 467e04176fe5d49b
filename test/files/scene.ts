import { startEmbeddedNextcloud } from '../../src/embedded-nextcloud/index.ts';
import type { EmbeddedNextcloud, EmbeddedOptions } from '../../src/embedded-nextcloud/index.ts';
import { Bench } from '../support/bench.ts';
import type { Outcome } from '../support/bench.ts';
import { FaultProxy } from '../support/fault-proxy.ts';

/** An embedded cloud and the server before it, with all toolsets. */
export interface Scene {
  readonly cloud: EmbeddedNextcloud;
  readonly bench: Bench;
  ok(tool: string, args: Record<string, unknown>): Promise<Outcome>;
  fails(tool: string, args: Record<string, unknown>): Promise<string>;
  close(): Promise<void>;
}

export async function openScene(
  env: Readonly<Record<string, string>> = {},
  options: EmbeddedOptions = {},
  way: (url: string) => string | Promise<string> = (url) => url,
): Promise<Scene> {
  const cloud = await startEmbeddedNextcloud(options);
  const scene = await openSceneOn({ cloud }, { NEXTCLOUD_URL: await way(cloud.url), ...env });
  return {
    ...scene,
    close: async () => {
      await scene.close();
      await cloud.close();
    },
  };
}

/** Another server before a cloud that is running already. */
export async function openSceneOn(
  { cloud }: Pick<Scene, 'cloud'>,
  env: Readonly<Record<string, string>> = {},
): Promise<Scene> {
  const bench = await Bench.open({ NEXTCLOUD_URL: cloud.url, NEXTCLOUD_TOOLSETS: 'all', ...env });
  return {
    cloud,
    bench,
    ok: async (tool, args) => {
      const answer = await bench.call(tool, args);
      if (answer.isError) throw new Error(`${tool} ${JSON.stringify(args)} failed: ${answer.text}`);
      return answer;
    },
    fails: async (tool, args) => {
      const answer = await bench.call(tool, args);
      if (!answer.isError) throw new Error(`${tool} ${JSON.stringify(args)} succeeded: ${answer.text}`);
      return answer.text;
    },
    close: async () => bench.close(),
  };
}

/** The same with a proxy between the two, which can be armed with faults. */
export async function openProxiedScene(
  env: Readonly<Record<string, string>> = {},
  options: EmbeddedOptions = {},
): Promise<Scene & { readonly proxy: FaultProxy }> {
  let proxy: FaultProxy | undefined;
  const scene = await openScene(env, options, async (url) => {
    proxy = await FaultProxy.start(url);
    return proxy.url;
  });
  if (!proxy) throw new Error('the proxy has not started');
  const between = proxy;
  const close = async (): Promise<void> => {
    await scene.bench.close();
    await between.close();
    await scene.cloud.close();
  };
  return { ...scene, proxy: between, close };
}

/** Makes a call as an assistant does that agrees to every plan. */
export async function agreed(scene: Scene, tool: string, args: Record<string, unknown>): Promise<Outcome> {
  const first = await scene.ok(tool, args);
  const { confirm } = first.data;
  return typeof confirm === 'string' ? scene.ok(tool, { ...args, confirm }) : first;
}

/** Path and contents of everything; folders end in a slash. */
export function treeOf({ cloud }: Scene): Map<string, string> {
  const home = cloud.home();
  return new Map(
    [...home.walk()]
      .map(({ path, type }): [string, string] =>
        type === 'file' ? [path, home.get(path)?.toString('latin1') ?? ''] : [`${path}/`, ''],
      )
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}
