import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Keeps the number of connections within bounds. When there are too many, the one that has been silent
 * for longest goes: first those that never sent a request, then those that wait for a next one. So
 * connections that only take up room keep nobody out.
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
