import { createApp } from './app.ts';
import type { Config } from '../config/config.ts';
import { Checklist } from '../files/health/checklist.ts';
import type { Check } from '../files/health/checklist.ts';
import { testConnection } from '../files/health/connection.ts';
import type { Connection } from '../files/health/connection.ts';
import type { Log } from '../log.ts';
import { createDispatcher } from '../nextcloud/transport/connections.ts';
import { name, version } from '../version.ts';
import { checkLocalFolder, checkPassword, checkRoute } from './route-checks.ts';

/** The result of all checks, from the settings to the files. Contains no secrets, so that it can be shared. */
export interface Diagnosis extends Partial<Omit<Connection, 'ok' | 'checks'>> {
  readonly ok: boolean;
  readonly program: string;
  readonly node: string;
  readonly platform: string;
  readonly checks: readonly Check[];
}

/** Checks everything from the settings to the files, and stops where the next check would have no meaning. */
export async function diagnose(
  config: Config,
  source: string,
  log: Log,
  signal: AbortSignal,
): Promise<Diagnosis> {
  const list = new Checklist();
  const { account, problems, missing, warnings } = config;
  list.add(...problems.map((detail) => ({ name: 'settings', ok: false, detail })), withoutSettings(missing));
  let connection: Connection | undefined;
  if (account) {
    if (problems.length === 0) list.add({ name: 'settings', ok: true, detail: source });
    const connections = createDispatcher(config);
    const reached = await checkRoute(list, { url: account.url, network: config, connections, signal });
    await connections.close();
    if (reached) {
      const app = createApp({ ...config, problems: [], missing: [] }, log, { local: true });
      connection = await testConnection(app.session.workspace, { signal }, { thorough: true });
      await app.close();
      // Of a password that was refused, its form says nothing.
      const isSignedIn = connection.checks.some((check) => check.name === 'login' && check.ok);
      if (isSignedIn) list.add(checkPassword(account.password.reveal()));
      list.add(...connection.checks);
    }
  }
  list.add(...warnings.map(asRecommendation));
  for (const folder of config.localFolders) list.add(await checkLocalFolder(folder));
  const { ok: _ok, checks: _checks, ...seen } = connection ?? { ok: false, checks: [] };
  return {
    ok: list.ok,
    program: `${name} ${version}`,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    ...seen,
    checks: list.all,
  };
}

/** A warning ends with what to do about it, if that is not plain. */
function asRecommendation(warning: string): Check {
  const [, what = warning, fix = 'Correct or remove it.'] = /^(.*?)\. (\p{Lu}.*)$/su.exec(warning) ?? [];
  return { name: 'settings', ok: true, detail: what.replace(/\.$/, ''), fix };
}

/** One fault, however many settings are missing: a sign-in mends them all. */
function withoutSettings(missing: readonly string[]): Check | undefined {
  if (missing.length === 0) return undefined;
  return {
    name: 'settings',
    ok: false,
    detail: `Not set: ${missing.join(', ')}`,
    fix: `Sign in with ${name} login https://cloud.example.com, or set ${missing.length === 1 ? 'this variable' : 'these variables'}.`,
  };
}
