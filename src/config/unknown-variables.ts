import type { Environment } from '../machine.ts';
import { didYouMean } from '../text/nearest.ts';
import { options } from './options.ts';

/**
 * Variables of other programs with our prefixes: Claude Code, the MCP Inspector, the container image of Nextcloud,
 * and the benchmarks and live tests of this project.
 */
const others =
  /^(MCP_(TIMEOUT|TOOL_TIMEOUT|CONNECTION_\w+|OAUTH_\w+|AUTO_OPEN_\w+|PROXY_\w+|INSPECTOR_\w+|SERVER_\w+|CLIENT_\w+|CLOUD_\w+)|NEXTCLOUD_(BENCH_\w+|LOGIN_PASSWORD|ADMIN_\w+|TRUSTED_DOMAINS|DATA_DIR|UPDATE|VERSION|INIT_HTACCESS|HTTP_\w+|TABLE_PREFIX))$/;

/** A sentence for each variable that has the prefix of a setting and is none, without its value. */
export function unknownVariables(env: Environment): readonly string[] {
  const known: readonly string[] = options.map((option) => option.env);
  return Object.keys(env)
    .filter((name) => /^(NEXTCLOUD|MCP)_/.test(name) && !known.includes(name) && !others.test(name))
    .toSorted()
    .map((name) => `${name} is not a setting, and has no effect. ${didYouMean(name, known)}`.trimEnd());
}
