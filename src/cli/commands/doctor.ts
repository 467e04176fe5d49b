import { diagnose } from '../../app/doctor.ts';
import type { Diagnosis } from '../../app/doctor.ts';
import { createLog } from '../../log.ts';
import { readCommandLine } from '../command-line/arguments.ts';
import { resolveSettings } from '../command-line/settings.ts';
import { escapeLine } from '../../text/foreign-text.ts';
import { asTyped } from '../terminal/program.ts';
import { widthOf, wrapped } from '../terminal/wrap.ts';
import { bold, dim, green, red, yellow } from '../terminal/paint.ts';
import { print, printWhole } from '../terminal/print.ts';

/** For all checks together; each has a shorter limit of its own. */
const TIMEOUT_MS = 120_000;

/** `doctor`: the exit code is 0 if everything works, 2 if the settings are wrong, 1 if anything else is. */
export async function doctorCommand(argv: readonly string[]): Promise<void> {
  const { flags, settings } = readCommandLine('doctor', argv);
  const { config, source, putAside } = await resolveSettings(settings);
  const warnings = [...config.warnings, ...(putAside === undefined ? [] : [putAside])];
  const diagnosis = await diagnose(
    { ...config, warnings },
    source,
    createLog('silent'),
    AbortSignal.timeout(TIMEOUT_MS),
  );
  if (flags['json'] !== undefined) printWhole(JSON.stringify(typable(diagnosis), null, 2));
  else print(doctorText(diagnosis, process.stdout.isTTY ? widthOf(process.stdout) : undefined));
  if (!diagnosis.ok) process.exitCode = config.problems.length + config.missing.length > 0 ? 2 : 1;
}

/** With the commands as they can be typed. */
function typable(diagnosis: Diagnosis): Diagnosis {
  const checks = diagnosis.checks.map((check) =>
    check.fix === undefined ? check : { ...check, fix: asTyped(check.fix) },
  );
  return { ...diagnosis, checks };
}

/**
 * The checks for people.
 *
 * @param columns the width of the terminal; lines are not broken where there is none
 */
export function doctorText(diagnosis: Diagnosis, columns = Infinity): string {
  const { ok, program, node, platform, server, features = [], checks } = diagnosis;
  const width = Math.max(...checks.map((check) => check.name.length));
  const advice = checks.filter((check) => check.ok && check.fix !== undefined).length;
  const wrong = checks.filter((check) => !check.ok).length;
  const indent = width + 4;
  const lines = checks.flatMap(({ name, ok: passed, detail, fix }) => {
    const mark = passed ? (fix === undefined ? green('✔') : yellow('!')) : red('✘');
    const [first = '', ...rest] = wrapped(escapeLine(detail), indent, columns);
    return [
      `${mark} ${name.padEnd(width)}  ${first.trimStart()}`,
      ...rest,
      ...(fix === undefined ? [] : arrow(wrapped(asTyped(escapeLine(fix)), indent + 2, columns), indent)),
    ];
  });
  return [
    bold(
      escapeLine(
        `${program}, Node.js ${node}, ${platform}${server ? `, ${server.product ?? ''} ${server.version ?? ''}` : ''}`,
      ),
    ),
    '',
    ...lines,
    ...(features.length === 0
      ? []
      : ['', ...wrapped(`Apps and features found: ${features.join(', ')}`, 0, columns).map(dim)]),
    '',
    ok
      ? green(`Everything works${advice === 0 ? '.' : `, with ${count(advice, 'recommendation')}.`}`)
      : red(`${count(wrong, 'problem')} to fix.`),
  ].join('\n');
}

function arrow([first = '', ...rest]: readonly string[], indent: number): string[] {
  return [`${' '.repeat(indent)}${bold('→')} ${first.trimStart()}`, ...rest];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
