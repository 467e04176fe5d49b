import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { networkOf } from './client.ts';
import type { HttpLimits } from './limits.ts';

/**
 * Limits the number of open connections. Above the limit it closes an idle one: first connections that never sent a
 * request, then those that wait for the next request, each time the oldest of the client with most connections. So
 * idle connections cannot lock other clients out. While all connections are in use it accepts some more for the
 * health endpoints and the metrics.
 */
export class ConnectionTable {
  readonly #limits: Pick<HttpLimits, 'connections' | 'probeConnections'>;
  readonly #open = new Map<Socket, string>();
  readonly #perClient = new Map<string, number>();
  readonly #silent = new Set<Socket>();
  readonly #idle = new Set<Socket>();
  readonly #surplus = new Set<Socket>();

  constructor(server: Server, limits: Pick<HttpLimits, 'connections' | 'probeConnections'>) {
    this.#limits = limits;
    server.on('connection', (socket) => this.#add(socket));
    server.on('request', ({ socket }, response) => {
      this.#silent.delete(socket);
      this.#idle.delete(socket);
      response.once('close', () => {
        if (this.#open.has(socket)) this.#idle.add(socket);
      });
    });
  }

  get size(): number {
    return this.#open.size;
  }

  /** Whether the connection is above the limit, and can only be used for the health endpoints and the metrics. */
  isSurplus(socket: Socket): boolean {
    if (this.#regular < this.#limits.connections) this.#surplus.delete(socket);
    return this.#surplus.has(socket);
  }

  /** The number of open connections that can be used for everything. */
  get #regular(): number {
    return this.#open.size - this.#surplus.size;
  }

  #add(socket: Socket): void {
    const client = networkOf(socket.remoteAddress ?? '');
    this.#open.set(socket, client);
    this.#silent.add(socket);
    this.#perClient.set(client, (this.#perClient.get(client) ?? 0) + 1);
    socket.once('close', () => this.#remove(socket));
    if (this.#regular <= this.#limits.connections) return;
    const idle = this.#mostIdle((other) => other !== socket && !this.#surplus.has(other));
    if (idle) {
      this.#drop(idle);
      return;
    }
    this.#surplus.add(socket);
    if (this.#surplus.size > this.#limits.probeConnections)
      this.#drop(this.#mostIdle((other) => other !== socket && this.#surplus.has(other)) ?? socket);
  }

  // Removes it at once: many connections can arrive before its close event.
  #drop(socket: Socket): void {
    this.#remove(socket);
    socket.destroy();
  }

  #remove(socket: Socket): void {
    const client = this.#open.get(socket);
    if (client === undefined) return;
    this.#open.delete(socket);
    for (const set of [this.#silent, this.#idle, this.#surplus]) set.delete(socket);
    const left = (this.#perClient.get(client) ?? 1) - 1;
    if (left > 0) this.#perClient.set(client, left);
    else this.#perClient.delete(client);
  }

  /** The oldest idle connection of the client with most connections. */
  #mostIdle(eligible: (socket: Socket) => boolean): Socket | undefined {
    for (const set of [this.#silent, this.#idle]) {
      let found: Socket | undefined;
      let most = 0;
      for (const socket of set) {
        const count = this.#perClient.get(this.#open.get(socket) ?? '') ?? 0;
        if (count <= most || !eligible(socket)) continue;
        found = socket;
        most = count;
      }
      if (found) return found;
    }
    return undefined;
  }
}
