import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Limits the number of open connections. Above the limit it closes the connection that has been idle for longest:
 * first connections that never sent a request, then those that wait for the next request. So idle connections
 * cannot lock other clients out.
 */
export function boundConnections(server: Server, most: number): void {
  const silent = new Set<Socket>();
  const idle = new Set<Socket>();
  const open = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    silent.add(socket);
    socket.once('close', () => {
      for (const set of [open, silent, idle]) set.delete(socket);
    });
    if (open.size <= most) return;
    const [oldest = socket] = silent.size > 1 ? silent : idle;
    oldest.destroy();
  });
  server.on('request', ({ socket }, response) => {
    silent.delete(socket);
    idle.delete(socket);
    response.once('close', () => {
      if (!socket.destroyed) idle.add(socket);
    });
  });
}
