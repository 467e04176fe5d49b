import { isAppError } from '../errors.ts';
import type { AppError } from '../errors.ts';
import { documentation, version } from '../version.ts';
import { isCommandName, unknownCommand, UsageError } from './command-line/command-table.ts';
import { runners } from './runners.ts';
import { failureWords } from './terminal/remedies.ts';
import { escapeLines } from '../text/foreign-text.ts';
import { print, printError } from './terminal/print.ts';

/** Runs the command that is named. Exit code 2 means a wrong setting or argument, 1 any other failure. */
export async function run(argv: readonly string[]): Promise<void> {
  const [first = 'serve', ...rest] = argv;
  try {
    if (argv.length === 0) return await (await import('./commands/serve.ts')).bareStart();
    if (['--version', '-v'].includes(first)) return print(version);
    const isHelpFlag = (argument: string): boolean => ['--help', '-h'].includes(argument);
    const command = isHelpFlag(first) ? 'help' : first;
    if (isCommandName(command)) {
      const asksForHelp = rest.some(isHelpFlag);
      const run = await runners[asksForHelp ? 'help' : command]();
      return await run(asksForHelp ? [command] : rest);
    }
    if (command.startsWith('-')) return await (await runners.serve())(argv);
    throw unknownCommand(first);
  } catch (error) {
    printError(isAppError(error) ? escapeLines(failureText(error)) : error);
    process.exitCode = isAppError(error, 'config', 'invalid_input') ? 2 : 1;
  }
}

/** For a log or a script with where the documentation explains the error. A person at a terminal has `help`. */
function failureText(error: AppError): string {
  const words = failureWords(error);
  if (error instanceof UsageError) return words.replace(/^config: /, '');
  return process.stderr.isTTY ? words : `${words}\nMore: ${documentation}/troubleshooting.md#${error.code}`;
}
