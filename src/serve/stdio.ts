import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { createApp } from '../app/app.ts';
import type { Config } from '../config/config.ts';
import type { Log } from '../log.ts';
import { createServer } from '../mcp/server.ts';
import { EXIT_MS, exitWithin } from './exit-deadline.ts';

/** Serves one assistant over stdin and stdout until it closes stdin. */
export async function runStdio(config: Config, log: Log): Promise<void> {
  const app = createApp(config, log, { local: true });
  const { unusable } = app.session;
  if (unusable) log.warn(unusable.message);
  for (const warning of config.warnings) log.warn(warning);
  if (!config.verifySsl) log.warn('NEXTCLOUD_VERIFY_SSL is false: any certificate is accepted');
  const transport = new Wire();
  const ended = new Promise<void>((resolve) => {
    // Before the protocol cancels the running calls: a transfer is suspended, so that it can resume, and not cancelled.
    const end = (): void => {
      exitWithin(EXIT_MS, log);
      resolve(app.session.workspace.close());
    };
    process.stdin.once('close', end);
    process.stdin.once('end', end);
    process.once('SIGINT', end);
    process.once('SIGTERM', end);
    transport.closing = end;
  });
  const handle = serveStdio(() => createServer(app.session, app.tools), {
    transport,
    onerror: (error) => log.debug({ err: error }, 'protocol error'),
  });
  await ended;
  await handle.close();
  await app.close();
}

/** Says that it closes before the protocol cancels what is running: also when the client closed its end of stdout. */
class Wire extends StdioServerTransport {
  closing: () => void = () => undefined;

  override async close(): Promise<void> {
    this.closing();
    await super.close();
  }
}
