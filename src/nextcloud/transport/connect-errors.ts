import { subscribe } from 'node:diagnostics_channel';

/**
 * Errors of connections that were never established, including those of the TLS handshake. Whatever their
 * code, no request was sent. The same code on an established connection leaves open what the server did.
 */
export const connectErrors = new WeakSet<object>();

// Published by undici (docs/docs/api/DiagnosticsChannel.md). The error alone does not tell when it occurred.
subscribe('undici:client:connectError', (message) => {
  if (typeof message === 'object' && message !== null && 'error' in message && message.error instanceof Error)
    connectErrors.add(message.error);
});
