import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { networkOf } from './client.ts';
import type { HttpLimits } from './limits.ts';

export interface ConnectionTableOptions {
  readonly limits: Pick<HttpLimits, 'connections' | 'probeConnections'>;
  /** Called when an idle connection is closed for another one. */
  readonly onDropped?: () => void;
}

/** How long a new connection is kept in any case, in milliseconds: its request may be on its way. */
const FRESH_MS = 500;

/** To choose one takes as long as there are connections, so that a thousand of them would stop everything else. */
const DROPPED_AT_ONCE = 20;

/**
 * Limits the number of open connections. Above the limit a connection is surplus, and can only be used for the health
 * endpoints and the metrics, until a request needs more: then an idle one is closed for it, so that idle connections
 * cannot lock other clients out. See {@link ConnectionTable.admit} for whose.
 */
export class ConnectionTable {
  readonly #options: ConnectionTableOptions;
  readonly #open = new Map<Socket, string>();
  /** Connections that have not sent a request yet, the oldest first. */
  readonly #silent = new Set<Socket>();
  /** Connections that wait for the next request, the longest waiting first. */
  readonly #idle = new Set<Socket>();
  readonly #surplus = new Set<Socket>();
  /** Connections whose first request may not have been read yet: many can arrive while the server is busy. */
  readonly #fresh = new Set<Socket>();
  #tidying = false;
  /** Connections that carried a request of a known caller, and their number by client. */
  readonly #admitted = new Set<Socket>();
  readonly #admittedOf = new Map<string, number>();

  constructor(server: Server, options: ConnectionTableOptions) {
    this.#options = options;
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

  /**
   * A request of a known caller came over this connection. For a new connection, those of clients without a known
   * caller are closed first. An attacker with many addresses has few connections from each: so the number for one
   * client alone does not tell who is a stranger.
   */
  admit(socket: Socket): void {
    const client = this.#open.get(socket);
    if (client === undefined || this.#admitted.has(socket)) return;
    this.#admitted.add(socket);
    this.#admittedOf.set(client, (this.#admittedOf.get(client) ?? 0) + 1);
  }

  /**
   * Whether everything can be used on this connection, from now on: an idle one is closed for it where that is necessary.
   * Otherwise it is surplus.
   */
  hasRoom(socket: Socket): boolean {
    if (!this.#surplus.has(socket)) return true;
    if (this.#regular >= this.#options.limits.connections) {
      const regular = (other: Socket): boolean => !this.#surplus.has(other);
      const idle =
        this.#dispensable((other) => regular(other) && !this.#fresh.has(other)) ?? this.#dispensable(regular);
      if (!idle) return false;
      this.#drop(idle);
    }
    this.#surplus.delete(socket);
    return true;
  }

  /** The number of open connections that can be used for everything. */
  get #regular(): number {
    return this.#open.size - this.#surplus.size;
  }

  #add(socket: Socket): void {
    const { connections } = this.#options.limits;
    this.#open.set(socket, networkOf(socket.remoteAddress ?? ''));
    this.#silent.add(socket);
    this.#fresh.add(socket);
    socket.once('close', () => this.#remove(socket));
    if (this.#regular > connections) this.#surplus.add(socket);
    // So many cannot all be kept until they have been read.
    if (this.#surplus.size > connections) this.#dropSurplus(() => true);
    this.#tidySoon();
  }

  #tidySoon(): void {
    if (this.#tidying) return;
    this.#tidying = true;
    // What has arrived is read before the callback of setImmediate, and not before that of a timer.
    setTimeout(() => setImmediate(() => this.#tidy()), FRESH_MS).unref();
  }

  #tidy(): void {
    const { probeConnections } = this.#options.limits;
    for (let dropped = 0; this.#surplus.size > probeConnections; dropped++) {
      if (dropped === DROPPED_AT_ONCE) {
        setImmediate(() => this.#tidy());
        return;
      }
      if (!this.#dropSurplus((socket) => !this.#fresh.has(socket))) break;
    }
    this.#tidying = false;
    this.#fresh.clear();
    if (this.#surplus.size > probeConnections) this.#tidySoon();
  }

  #dropSurplus(eligible: (socket: Socket) => boolean): boolean {
    const found = this.#dispensable((socket) => this.#surplus.has(socket) && eligible(socket));
    if (found) this.#drop(found);
    return found !== undefined;
  }

  // Removes it at once: many connections can arrive before its close event.
  #drop(socket: Socket): void {
    this.#remove(socket);
    socket.destroy();
    this.#options.onDropped?.();
  }

  #remove(socket: Socket): void {
    const client = this.#open.get(socket);
    if (client === undefined) return;
    this.#open.delete(socket);
    for (const set of [this.#silent, this.#idle, this.#surplus, this.#fresh]) set.delete(socket);
    if (!this.#admitted.delete(socket)) return;
    const left = (this.#admittedOf.get(client) ?? 1) - 1;
    if (left > 0) this.#admittedOf.set(client, left);
    else this.#admittedOf.delete(client);
  }

  /**
   * The idle connection that can best be done without: of strangers before that of a client with a known caller, and
   * last one that a known caller used. Of strangers one that never sent a request comes first; of a client with a known
   * caller last, since it may be new, and the request of that caller on its way.
   */
  #dispensable(eligible: (socket: Socket) => boolean): Socket | undefined {
    const ranks: Socket[][] = [[], [], [], [], []];
    const sort = (sockets: Iterable<Socket>, rank: (socket: Socket) => number): void => {
      for (const socket of sockets) if (eligible(socket)) ranks[rank(socket)]?.push(socket);
    };
    sort(this.#silent, (socket) => (this.#isKnown(socket) ? 3 : 0));
    const [first = []] = ranks;
    if (first.length > 0) return this.#oldestOfMost(first);
    sort(this.#idle, (socket) => (this.#admitted.has(socket) ? 4 : this.#isKnown(socket) ? 2 : 1));
    return this.#oldestOfMost(ranks.find((sockets) => sockets.length > 0) ?? []);
  }

  /** Whether the client of the connection has one that a known caller used. */
  #isKnown(socket: Socket): boolean {
    return this.#admittedOf.has(this.#open.get(socket) ?? '');
  }

  /** The oldest of the client with most of them. The younger half is spared: a request may be on its way. */
  #oldestOfMost(sockets: readonly Socket[]): Socket | undefined {
    const counts = new Map<string, number>();
    const clientOf = (socket: Socket): string => this.#open.get(socket) ?? '';
    for (const socket of sockets) counts.set(clientOf(socket), (counts.get(clientOf(socket)) ?? 0) + 1);
    let found: Socket | undefined;
    let most = 0;
    for (const socket of sockets.slice(0, Math.ceil(sockets.length / 2))) {
      const count = counts.get(clientOf(socket)) ?? 0;
      if (count <= most) continue;
      found = socket;
      most = count;
    }
    return found;
  }
}
