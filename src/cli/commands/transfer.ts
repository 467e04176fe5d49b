import { parse, resolve } from 'node:path';
import { createApp } from '../../app/app.ts';
import type { App } from '../../app/app.ts';
import { AppError } from '../../errors.ts';
import type { Undo } from '../../files/context/undo.ts';
import { createLog } from '../../log.ts';
import { readCommandLine } from '../command-line/arguments.ts';
import { printable } from '../terminal/printable.ts';
import { failureWords } from '../terminal/remedies.ts';
import { undoWords } from '../terminal/undo-words.ts';
import { ProgressBar } from '../terminal/progress-bar.ts';
import { resolveSettings } from '../command-line/settings.ts';

type Workspace = App['session']['workspace'];
type Places = readonly [string, string];

interface TransferContext {
  readonly workspace: Workspace;
  readonly overwrite: boolean;
  readonly call: { readonly report: (done: number, total?: number, message?: string) => void };
}

/** Exit codes beside those of every command: some files of a folder failed, or the shell's codes for a signal. */
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
  command: 'put' | 'get',
  argv: readonly string[],
  run: (places: Places, context: TransferContext) => Promise<object>,
): Promise<void> {
  const { places, flags, settings } = readCommandLine(command, argv);
  const [from = '', to = ''] = places;
  const overwrite = flags['overwrite'] !== undefined;
  const { config } = await resolveSettings(settings);
  for (const warning of config.warnings) console.error(`Warning: ${warning}`);
  if (command === 'put' && config.readOnly)
    throw new AppError('forbidden', 'The settings are read-only, and put writes. Nothing was stored', {
      hint: 'Remove --read-only or NEXTCLOUD_READ_ONLY.',
    });
  // The person at the terminal may use every folder of the computer.
  const roots = [...new Set([...places, '.'].map((place) => parse(resolve(place)).root))];
  const level = settings.logLevel !== undefined ? config.logLevel : 'fatal';
  const app = createApp({ ...config, localFolders: roots }, createLog(level), { local: true, patient: true });
  if (app.session.unusable) throw app.session.unusable;
  let stopped: StopSignal | undefined;
  const stop = (signal: StopSignal): void => {
    stopped ??= signal;
    void app.session.workspace.close();
  };
  process.once('SIGINT', () => stop('SIGINT'));
  process.once('SIGTERM', () => stop('SIGTERM'));
  const bar = new ProgressBar(process.stderr);
  try {
    const result = await run([from, to], {
      workspace: app.session.workspace,
      overwrite,
      call: { report: (done, total, message) => bar.show(done, total, message) },
    });
    bar.clear();
    report(result);
  } catch (error) {
    bar.clear();
    if (!stopped) throw error;
    console.error('Stopped. Run the same command again to resume.');
    process.exitCode = SIGNAL_CODES[stopped];
  } finally {
    await app.close();
  }
}

function report(result: object): void {
  const { failed, failures, undo, verified, ...rest } = result as {
    failed?: { path: string; error: AppError }[];
    failures?: number;
    undo?: Undo;
    verified?: boolean;
    same?: unknown;
  };
  // Nothing was transferred, and so nothing was verified.
  const proof = verified === undefined || rest.same === true ? {} : { verified: proofOf(verified) };
  const shown: Record<string, unknown> = {
    ...rest,
    ...proof,
    ...(undo === undefined ? {} : { undo: undoWords(undo) }),
  };
  for (const [name, value] of Object.entries(shown))
    console.log(`${name}: ${[value].flat().map(String).map(printable).join('\n  ')}`);
  for (const { path, error } of failed ?? []) console.error(printable(`${path}: ${failureWords(error)}`));
  if (failures) {
    console.error(`${failures} failed`);
    process.exitCode = SOME_FAILED;
  }
}

function proofOf(verified: boolean): string {
  return verified
    ? 'the checksum matches that of the Nextcloud'
    : 'by size only, because the Nextcloud has no checksum of this file';
}
