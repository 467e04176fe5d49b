import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connect } from '../client.ts';
import { freePort, installed } from './command.ts';
import { connect as connectSdk } from './sdk-1-32.ts';

/** A client that knows HTTP only, with supergateway between it and the server. */
export const connect: Connect = async (target) => {
  const port = await freePort();
  const stdio = [target.command, ...target.args].map((word) => `'${word}'`).join(' ');
  const args = [
    '--stdio',
    stdio,
    '--outputTransport',
    'streamableHttp',
    '--stateful',
    '--port',
    String(port),
  ];
  const gateway = spawn(
    process.execPath,
    [installed('supergateway/dist/index.js'), ...args, '--healthEndpoint', '/up'],
    {
      env: { ...target.env },
      stdio: 'ignore',
    },
  );
  const url = `http://127.0.0.1:${port}`;
  while (!(await fetch(`${url}/up`).catch(() => undefined))?.ok) {
    if (gateway.exitCode !== null) throw new Error(`supergateway ended with ${gateway.exitCode}`);
    await sleep(50);
  }
  const connected = await connectSdk({ ...target, transport: 'http', url: `${url}/mcp`, token: 'none' });
  return {
    ...connected,
    close: async () => {
      await connected.close();
      gateway.kill();
    },
  };
};
