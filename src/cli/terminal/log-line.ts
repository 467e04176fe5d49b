import type { Config } from '../../config/config.ts';
import { createLog } from '../../log.ts';
import type { Log } from '../../log.ts';
import { escapeLine } from '../../text/foreign-text.ts';
import { dim, red, yellow } from './paint.ts';
import { printError } from './print.ts';

/** The log of a command that runs until it is stopped: for a person on a terminal, and else for programs. */
export function openLog({ logLevel, logFormat }: Config): Log {
  const isText = logFormat === 'text' || (logFormat === 'auto' && process.stderr.isTTY);
  return createLog(logLevel, isText ? (line) => printError(logLine(line)) : undefined);
}

/** The fields that every line of the log has, by the names that pino gives them. */
interface LogLine extends Readonly<Record<string, unknown>> {
  readonly level: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly msg?: string;
  readonly err?: { readonly message?: string };
}

/** The levels of pino: a warning is 40, an error 50. */
const WARN = 40;
const ERROR = 50;

/**
 * A line of the log for a person: the time of day, what happened, and its fields.
 *
 * @param json one line as pino writes it
 */
export function logLine(json: string): string {
  const { level, time, msg = '', err, ...fields } = JSON.parse(json) as LogLine;
  const clock = new Date(time).toTimeString().slice(0, 8);
  const text = escapeLine(
    [msg === 'access' ? accessText(fields) : generalText(msg, fields), causeText(err)].join(''),
  );
  const word = level >= ERROR ? `${red('error:')} ` : level >= WARN ? `${yellow('warning:')} ` : '';
  return `${dim(clock)} ${word}${text}`;
}

/** `POST /mcp 200, 15 ms` */
function accessText({ method, path, status, ms }: Readonly<Record<string, unknown>>): string {
  return `${String(method)} ${String(path)} ${String(status)}, ${String(ms)} ms`;
}

function generalText(message: string, fields: Readonly<Record<string, unknown>>): string {
  const rest = Object.entries(fields).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return [message, ...rest].join(' ');
}

function causeText(error: LogLine['err']): string {
  return error?.message === undefined ? '' : `: ${error.message}`;
}
