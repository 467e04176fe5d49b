import { installed } from './command.ts';
import type { Connect } from '../client.ts';
import { connect as connectSdk } from './sdk-1-32.ts';

/** A client that knows stdio only, with mcp-remote between it and the server. */
export const connect: Connect = async (target) =>
  connectSdk({
    ...target,
    transport: 'stdio',
    command: process.execPath,
    args: [
      installed('mcp-remote/dist/proxy.js'),
      target.url,
      '--header',
      `Authorization:Bearer ${target.token}`,
    ],
    env: { PATH: process.env['PATH'] ?? '', HOME: target.home },
  });
