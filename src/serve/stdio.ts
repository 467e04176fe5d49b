import { Readable } from 'node:stream';
import { parseJSONRPCMessage } from '@modelcontextprotocol/server';
import type { JSONRPCMessage } from '@modelcontextprotocol/server';
import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { createApp } from '../app/app.ts';
import type { Config } from '../config/config.ts';
import type { Log } from '../log.ts';
import { createServer } from '../mcp/server.ts';
import { messageLimits } from '../text/json-measure.ts';
import type { JsonLimits } from '../text/json-measure.ts';
import { EXIT_MS, exitWithin } from './exit-deadline.ts';
import { MessageGuard, refusalOfRequest } from './message-guard.ts';
import type { MessageRefusal } from './message-guard.ts';
import { watchParent } from './parent-watch.ts';

/** Milliseconds after which it ends though a line is still being measured. */
const LAST_LINES_MS = 500;

const STDIO_LIMITS: JsonLimits = { ...messageLimits, bytes: 10 * 1024 * 1024 };

/** Serves one assistant over stdin and stdout until it closes stdin, or has ended. */
export async function runStdio(config: Config, log: Log): Promise<void> {
  const app = createApp(config, log, { local: true });
  const { unusable } = app.session;
  if (unusable) log.warn(unusable.message);
  for (const warning of config.warnings) log.warn(warning);
  if (!config.verifySsl) log.warn('NEXTCLOUD_VERIFY_SSL is false: any certificate is accepted');
  const transport = new Wire(log);
  const ended = new Promise<void>((resolve) => {
    // Before the protocol cancels the running calls: a transfer is suspended, so that it can resume, and not cancelled.
    const end = (): void => {
      exitWithin(EXIT_MS, log);
      resolve(app.session.workspace.close());
    };
    // What came before the end is served: the guard may still have some of it.
    transport.onInputEnd = end;
    process.stdin.once('close', () => setTimeout(end, LAST_LINES_MS).unref());
    process.once('SIGINT', end);
    process.once('SIGTERM', end);
    transport.closing = end;
    watchParent(end);
  });
  const handle = serveStdio(() => createServer(app.session, app.tools), {
    transport,
    onerror: (error) => log.debug({ err: error }, 'protocol error'),
  });
  await ended;
  await handle.close();
  await app.close();
}

/**
 * Standard input and output, with the guard in place of the reader of the SDK, which joins the chunks of a long message
 * twice. Says that it closes before the protocol cancels what is running: also when the client closed its end of stdout.
 */
class Wire extends StdioServerTransport {
  readonly #guard: MessageGuard;
  closing: () => void = () => undefined;
  onInputEnd: () => void = () => undefined;

  constructor(log: Log) {
    super(new Readable({ read: () => undefined }), process.stdout);
    this.#guard = new MessageGuard(STDIO_LIMITS, {
      pass: (line) => this.#receive(line),
      refuse: (refusal) => {
        log.warn({ reason: refusal.error.message }, 'message refused');
        this.#refuse(refusal);
      },
    });
  }

  override async start(): Promise<void> {
    await super.start();
    process.stdin.on('error', (error) => this.onerror?.(error));
    this.#guard.once('finish', () => this.onInputEnd());
    process.stdin.pipe(this.#guard);
  }

  override async close(): Promise<void> {
    this.closing();
    await super.close();
    process.stdin.unpipe(this.#guard).pause();
    this.#guard.destroy();
  }

  // As the SDK does it, except that a request which is none by its schema gets an answer: its sender waits for one.
  #receive(line: string): void {
    let value: unknown;
    try {
      value = JSON.parse(line);
      this.onmessage?.(parseJSONRPCMessage(value));
    } catch (error) {
      this.onerror?.(error as Error);
      const refusal = refusalOfRequest(value);
      if (refusal) this.#refuse(refusal);
    }
  }

  #refuse(refusal: MessageRefusal): void {
    // The type of the SDK has no error without an id, which JSON-RPC has.
    this.send(refusal as JSONRPCMessage).catch(() => undefined);
  }
}
