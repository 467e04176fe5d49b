import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** What may wait in memory for clients that do not read it. */
export interface UnreadLimits {
  /** Bytes for one connection. */
  readonly bytes: number;
  /** Bytes for all connections together. */
  readonly total: number;
  /** Milliseconds in which a connection must take something of what waits for it. */
  readonly ms: number;
}

interface Progress {
  taken: number;
  since: number;
}

const CHECK_MS = 1000;
/** To look at a thousand connections takes half a millisecond: too much for each of a thousand requests a second. */
const PAUSE_MS = 100;

/**
 * Closes connections whose client does not read: responses and events stay in memory until they are sent, and nothing
 * in HTTP limits for how long, or how many.
 */
export class SlowReaders {
  readonly #limits: UnreadLimits;
  readonly #onDropped: () => void;
  readonly #progress = new Map<Socket, Progress>();
  #checked = 0;

  /** @param onDropped called when a connection is closed */
  constructor(limits: UnreadLimits, onDropped: () => void) {
    this.#limits = limits;
    this.#onDropped = onDropped;
  }

  /** Watches the connections of a server until it is closed. */
  watch(server: Server): void {
    server.on('connection', (socket) => {
      this.#progress.set(socket, { taken: 0, since: Date.now() });
      socket.once('close', () => this.#progress.delete(socket));
    });
    // Between two turns of the timer requests can fill the memory.
    server.on('request', () => this.#checkSoon());
    const timer = setInterval(() => this.#check(), Math.min(CHECK_MS, this.#limits.ms)).unref();
    server.once('close', () => clearInterval(timer));
  }

  #checkSoon(): void {
    if (performance.now() - this.#checked < PAUSE_MS) return;
    this.#checked = performance.now();
    this.#check();
  }

  #check(): void {
    const { bytes, total, ms } = this.#limits;
    const now = Date.now();
    let waiting = 0;
    for (const [socket, progress] of this.#progress) {
      const left = socket.writableLength;
      const taken = socket.bytesWritten - left;
      if (left === 0 || taken !== progress.taken) Object.assign(progress, { taken, since: now });
      if (left > bytes || now - progress.since >= ms) this.#drop(socket);
      else waiting += left;
    }
    if (waiting <= total) return;
    const largest = [...this.#progress.keys()].toSorted((a, b) => b.writableLength - a.writableLength);
    for (const socket of largest) {
      if (waiting <= total) break;
      waiting -= socket.writableLength;
      this.#drop(socket);
    }
  }

  #drop(socket: Socket): void {
    this.#progress.delete(socket);
    socket.destroy();
    this.#onDropped();
  }
}
