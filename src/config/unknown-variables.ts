import type { Environment } from '../machine.ts';
import { didYouMean, nearest } from '../text/nearest.ts';
import { options } from './options.ts';

/**
 * Variables of other programs with our prefixes: Claude Code, the MCP Inspector, the container image of Nextcloud,
 * and the benchmarks and live tests of this project.
 */
const others =
  /^(MCP_(TIMEOUT|TOOL_TIMEOUT|CONNECTION_\w+|OAUTH_\w+|AUTO_OPEN_\w+|PROXY_\w+|INSPECTOR_\w+|SERVER_\w+|CLIENT_\w+|CLOUD_\w+)|NEXTCLOUD_(BENCH_\w+|LOGIN_PASSWORD|ADMIN_\w+|TRUSTED_DOMAINS|DATA_DIR|UPDATE|VERSION|INIT_HTACCESS|HTTP_\w+|TABLE_PREFIX))$/;

/** Sentences about the variables that have the prefix of a setting and are none, without their values. */
export interface UnknownVariables {
  /** What was meant limits what may be done. Without it more would be allowed than the person believes. */
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

export function unknownVariables(env: Environment): UnknownVariables {
  const known = options.map((option) => option.env);
  const limits = options.filter((option) => option.limits).map((option) => option.env);
  const problems: string[] = [];
  const warnings: string[] = [];
  const unknown = Object.keys(env).filter(
    (name) => /^(NEXTCLOUD|MCP)_/.test(name) && !known.includes(name) && !others.test(name),
  );
  for (const name of unknown.toSorted()) {
    const meant = didYouMean(name, known);
    if (nearest(name, known).some((one) => limits.includes(one)))
      problems.push(`${name} is not a setting. ${meant}Correct or remove it.`);
    else warnings.push(`${name} is not a setting, and has no effect. ${meant}`.trimEnd());
  }
  return { problems, warnings };
}
