import { parse, resolve } from 'node:path';
import type { App } from '../../app/app.ts';
import type { Config } from '../../config/config.ts';
import { AppError, isAppError } from '../../errors.ts';
import type { Call } from '../../files/context/call.ts';
import { unkeptRecorder } from '../../files/history/recorder.ts';
import { concernsAllFiles } from '../../files/transfer/transfer-counter.ts';
import { readCommandLine } from '../command-line/arguments.ts';
import { ProgressBar } from '../terminal/progress-bar.ts';
import { openApp } from './open-app.ts';
import { TransferReport } from './transfer-report.ts';
import type { TransferResult } from './transfer-report.ts';
import { print, printError, printWhole } from '../terminal/print.ts';

/** One source and where it goes. */
export interface Route {
  readonly from: string;
  readonly to: string;
  /** There are several sources, so that the destination is the folder for all of them. */
  readonly several: boolean;
}

interface TransferContext {
  readonly workspace: App['session']['workspace'];
  readonly overwrite: boolean;
  readonly call: Call;
}

interface TransferCommand {
  readonly command: 'put' | 'get';
  /** Throws before anything is transferred if a source cannot be right. */
  readonly check?: (sources: readonly string[]) => Promise<void>;
  readonly run: (route: Route, context: TransferContext) => Promise<TransferResult>;
}

/** Exit codes beside those of every command: some files failed, or the shell's codes for a signal. */
const SOME_FAILED = 3;
const SIGNAL_CODES = { SIGINT: 130, SIGTERM: 143 } as const;
type StopSignal = keyof typeof SIGNAL_CODES;

/**
 * The absolute path of a file or folder of this computer.
 *
 * @throws AppError `invalid_input` for an empty text, which would mean the whole current folder
 */
export function localPlace(text: string): string {
  if (text.trim() !== '') return resolve(text);
  throw new AppError('invalid_input', 'The local path is empty', {
    hint: 'Name a file or folder; "." is the current folder.',
  });
}

/** What `put` and `get` have in common: arguments, progress bar, summary and exit code. */
export async function transferCommand(
  { command, check, run }: TransferCommand,
  argv: readonly string[],
): Promise<void> {
  const { places, flags, settings } = readCommandLine(command, argv);
  const sources = places.slice(0, -1);
  const to = places.at(-1) ?? '';
  const overwrite = flags['overwrite'] !== undefined;
  // The person at the terminal may use every folder of the computer.
  const localFolders = [...new Set([...places, '.'].map((place) => parse(resolve(place)).root))];
  const app = await openApp(settings, (config) => {
    if (command === 'put') assertWritable(config);
    return { localFolders };
  });
  let stopped: StopSignal | undefined;
  const stop = (signal: StopSignal): void => {
    stopped ??= signal;
    void app.session.workspace.close();
  };
  process.once('SIGINT', () => stop('SIGINT'));
  process.once('SIGTERM', () => stop('SIGTERM'));
  const bar = new ProgressBar(process.stderr);
  const context: TransferContext = {
    workspace: app.session.workspace,
    overwrite,
    call: { report: (done, total, message) => bar.show(done, total, message) },
  };
  const several = sources.length > 1;
  const report = new TransferReport(command, several);
  try {
    await check?.(sources);
    for (const from of sources)
      try {
        const changes = unkeptRecorder(command);
        const call = { ...context.call, changes };
        report.add(await run({ from, to, several }, { ...context, call }), changes.recorded.facts);
      } catch (error) {
        // What goes wrong with one source says nothing about the others.
        if (!several || stopped || !isAppError(error) || concernsAllFiles(error)) throw error;
        report.failed(from, error);
      }
    bar.clear();
    if (flags['json'] === undefined) {
      print(report.text());
      for (const line of report.failures()) printError(line);
    } else printWhole(report.json());
    if (report.hasFailures) process.exitCode = SOME_FAILED;
  } catch (error) {
    bar.clear();
    if (!stopped) throw await app.explain(error);
    printError('Stopped. Run the same command again to resume.');
    process.exitCode = SIGNAL_CODES[stopped];
  } finally {
    await app.close();
  }
}

function assertWritable({ readOnly }: Config): void {
  if (readOnly)
    throw new AppError('forbidden', 'The settings are read-only, and put writes. Nothing was stored', {
      hint: 'Remove --read-only or NEXTCLOUD_READ_ONLY.',
    });
}
