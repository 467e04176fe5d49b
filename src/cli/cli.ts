import { isAppError } from '../errors.ts';
import type { AppError } from '../errors.ts';
import { documentation, name, version } from '../version.ts';
import { commandOf } from './command-table.ts';
import { printableLines } from './terminal/printable.ts';

/** Picks the command. Exit code 2 is a wrong setting or command, 1 any other failure. */
export async function run(argv: readonly string[]): Promise<void> {
  const [first = 'serve', ...rest] = argv;
  try {
    if (['--version', '-v'].includes(first)) return console.log(version);
    const asked = (word: string): boolean => ['--help', '-h'].includes(word);
    const wanted = asked(first) ? 'help' : first;
    const command = commandOf(wanted);
    if (command && rest.some(asked)) return await (await import('./help.ts')).help([wanted]);
    if (command) return await (await command.load())(rest);
    if (wanted.startsWith('-')) return await (await import('./commands/serve.ts')).serveCommand(argv);
    console.error(`config: There is no command ${JSON.stringify(first)}. ${name} help lists them.`);
    process.exitCode = 2;
  } catch (error) {
    console.error(isAppError(error) ? `${printableLines(error.sentence())}\n${guide(error)}` : error);
    process.exitCode = isAppError(error, 'config', 'invalid_input') ? 2 : 1;
  }
}

/** Where the error is written about. */
function guide({ code }: AppError): string {
  return `More: ${documentation}/troubleshooting.md#${code}`;
}
