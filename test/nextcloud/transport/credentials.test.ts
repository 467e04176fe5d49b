import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../src/errors.ts';
import { createLog, Secret } from '../../../src/log.ts';
import { Account } from '../../../src/nextcloud/account.ts';
import { createDispatcher } from '../../../src/nextcloud/transport/connections.ts';
import type { Connections } from '../../../src/nextcloud/transport/connections.ts';
import {
  anonymous,
  BasicCredentials,
  BearerCredentials,
} from '../../../src/nextcloud/transport/credentials.ts';
import type { CredentialProvider } from '../../../src/nextcloud/transport/credentials.ts';

let server: Server;
let url: URL;
let dispatcher: Connections;
/** `Authorization` headers in the order in which they came. */
let seen: (string | undefined)[];
let accepted: string | undefined;

beforeEach(async () => {
  seen = [];
  accepted = undefined;
  server = createServer((request, response) => {
    seen.push(request.headers.authorization);
    response.statusCode = request.headers.authorization === accepted ? 200 : 401;
    response.setHeader('content-type', 'text/plain');
    response.end('body');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  dispatcher = createDispatcher({
    verifySsl: true,
    proxy: {},
    maxConcurrency: 4,
    minIntervalMs: 0,
    timeoutSeconds: 5,
  });
});

afterEach(async () => {
  await dispatcher.close();
  server.closeAllConnections();
  await new Promise((resolve) => {
    server.close(resolve);
  });
});

function accountOf(credentials: CredentialProvider): Account {
  const log = createLog('silent');
  return new Account({
    dispatcher,
    url,
    username: 'alice',
    credentials,
    userAgent: 't',
    minIntervalMs: 0,
    timeoutSeconds: 5,
    log,
  });
}

async function ask(account: Account): Promise<string> {
  return account.exchange({ method: 'GET', path: '/x', expect: [200], wanted: 'text' }, async ({ body }) => {
    let text = '';
    for await (const piece of body) text += String(piece);
    return text;
  });
}

function bearer(value: string, expiresAt?: number): { value: Secret; expiresAt?: number } {
  return { value: new Secret(value), ...(expiresAt === undefined ? {} : { expiresAt }) };
}

describe('anonymous', () => {
  it('sends no authorization', async () => {
    expect(await ask(accountOf(anonymous))).toBe('body');
    expect(seen).toEqual([undefined]);
  });
});

describe('BasicCredentials', () => {
  it('signs each request', async () => {
    accepted = `Basic ${Buffer.from('alice:pässword').toString('base64')}`;
    expect(await ask(accountOf(new BasicCredentials('alice', new Secret('pässword'))))).toBe('body');
  });

  it('is told of a refusal once, and is not sent again', async () => {
    accepted = 'something else';
    const told: AppError[] = [];
    const account = accountOf(
      new BasicCredentials('alice', new Secret('wrong'), (error) => told.push(error)),
    );
    for (let time = 0; time < 3; time++)
      await expect(ask(account)).rejects.toMatchObject({ code: 'unauthorized' });
    expect(seen).toHaveLength(1);
    expect(told).toHaveLength(1);
  });
});

describe('BearerCredentials', () => {
  it('renews a token that is about to end before it is sent', async () => {
    accepted = 'Bearer two';
    const account = accountOf(
      new BearerCredentials(bearer('one', Date.now() + 5000), async () => Promise.resolve(bearer('two'))),
    );
    expect(await ask(account)).toBe('body');
    expect(seen).toEqual(['Bearer two']);
  });

  it('renews once for all requests that are refused together', async () => {
    accepted = 'Bearer two';
    let renewals = 0;
    const credentials = new BearerCredentials(bearer('one'), async () => {
      renewals++;
      await new Promise((resolve) => {
        setTimeout(resolve, 50);
      });
      return bearer('two');
    });
    const account = accountOf(credentials);
    expect(await Promise.all(Array.from({ length: 8 }, async () => ask(account)))).toEqual(
      Array(8).fill('body'),
    );
    expect(renewals).toBe(1);
  });

  it('does not send a third time when the new token is refused too', async () => {
    accepted = 'Bearer never';
    let renewals = 0;
    const account = accountOf(
      new BearerCredentials(bearer('one'), async () => Promise.resolve(bearer(`renewed ${++renewals}`))),
    );
    await expect(ask(account)).rejects.toMatchObject({ code: 'unauthorized' });
    expect(seen).toEqual(['Bearer one', 'Bearer renewed 1']);
    await expect(ask(account)).rejects.toMatchObject({ code: 'unauthorized' });
    expect(seen).toHaveLength(2);
  });

  it('ends with `unauthorized` when the grant has ended, and tries no more', async () => {
    accepted = 'Bearer never';
    const told: AppError[] = [];
    const account = accountOf(
      new BearerCredentials(
        bearer('one'),
        async () => Promise.reject(new AppError('unauthorized', 'The grant has ended')),
        (error) => told.push(error),
      ),
    );
    await expect(ask(account)).rejects.toMatchObject({ code: 'unauthorized' });
    await expect(ask(account)).rejects.toMatchObject({ code: 'unauthorized' });
    expect(seen).toEqual(['Bearer one']);
    expect(told).toHaveLength(1);
  });

  it('keeps the grant when the renewal only failed to reach the server', async () => {
    accepted = 'Bearer two';
    let tries = 0;
    const account = accountOf(
      new BearerCredentials(bearer('one'), async () =>
        ++tries === 1
          ? Promise.reject(new AppError('unavailable', 'The server does not answer', { retryable: true }))
          : Promise.resolve(bearer('two')),
      ),
    );
    await expect(ask(account)).rejects.toMatchObject({ code: 'unavailable' });
    expect(await ask(account)).toBe('body');
  });
});
