import { subscribe } from 'node:diagnostics_channel';

/**
 * Errors of connections that never came up, the TLS of them included: whatever they are called, nothing
 * was sent. The same codes on a connection that stands leave open what the server did.
 */
export const unconnected = new WeakSet<object>();

// Published by undici (docs/docs/api/DiagnosticsChannel.md); an error alone does not tell when it struck.
subscribe('undici:client:connectError', (message) => {
  if (typeof message === 'object' && message !== null && 'error' in message && message.error instanceof Error)
    unconnected.add(message.error);
});
