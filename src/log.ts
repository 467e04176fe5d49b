import { AsyncLocalStorage } from 'node:async_hooks';
import { pino } from 'pino';
import type { Logger } from 'pino';

export type Log = Logger;

/**
 * The id of the HTTP request that is being served. It stands in every log line that belongs to it, and
 * goes to the Nextcloud, so that the logs of both can be read side by side.
 */
export const requestScope = new AsyncLocalStorage<string>();

/**
 * A value that must not be printed: it shows as `[secret]` in strings, JSON and inspection, and is
 * had only by asking for it.
 */
export class Secret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  reveal(): string {
    return this.#value;
  }
  toString(): string {
    return '[secret]';
  }
  toJSON(): string {
    return '[secret]';
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]';
  }
}

/**
 * pino on stderr: stdout belongs to the protocol. Written synchronously, so that a crash loses no line.
 *
 * @param write takes each line, in JSON and without its line end, instead of stderr
 */
export function createLog(level: string, write?: (line: string) => void): Log {
  return pino(
    {
      level,
      base: null,
      mixin: () => {
        const request = requestScope.getStore();
        return request === undefined ? {} : { request };
      },
      redact: {
        paths: [
          'headers',
          '*.headers',
          'password',
          '*.password',
          'authorization',
          '*.authorization',
          'cookie',
          '*.cookie',
        ],
        censor: '[secret]',
      },
    },
    write
      ? { write: (line: string): void => write(line.trimEnd()) }
      : pino.destination({ fd: 2, sync: true }),
  );
}
