import type { HttpExchange } from '../http/http-exchange.ts';
import type { Authentication } from '../http/authentication.ts';
import type { AppPassword } from '../store/account.ts';
import type { OcsData } from './envelope.ts';
import { OcsError } from './envelope.ts';
import type { OcsCall, OcsEndpoint } from './endpoint.ts';

/** Making, revoking and changing app passwords (core/Controller/AppPasswordController.php). */
export function addAppPasswords(ocs: OcsEndpoint, authentication: Authentication): void {
  ocs.add('GET', /^\/core\/getapppassword$/, ({ exchange }): OcsData => {
    if (inUse(exchange)) throw new OcsError(403, 'Password confirmation is required');
    return { apppassword: exchange.user.newAppPassword(nameFor(exchange)) };
  });
  ocs.add('DELETE', /^\/core\/apppassword$/, ({ exchange }): OcsData => {
    const used = required(exchange);
    const { appPasswords } = exchange.user;
    appPasswords.splice(appPasswords.indexOf(used), 1);
    authentication.endSessions(exchange.user, used.secret);
    return [];
  });
  ocs.add('POST', /^\/core\/apppassword\/rotate$/, ({ exchange }: OcsCall): OcsData => {
    const used = required(exchange);
    authentication.endSessions(exchange.user, used.secret);
    const fresh = exchange.user.newAppPassword(used.login);
    exchange.user.appPasswords.splice(exchange.user.appPasswords.indexOf(used), 1);
    return { apppassword: fresh };
  });
}

// Before 30 an app password belonged to the user id, whatever name its owner had signed in with.
function nameFor({ instance, user }: HttpExchange): string {
  return instance.major >= 30 ? user.login : user.id;
}

function required(exchange: HttpExchange): AppPassword {
  const used = inUse(exchange);
  if (!used) throw new OcsError(403, 'no app password in use');
  return used;
}

function inUse(exchange: HttpExchange): AppPassword | undefined {
  const header = exchange.header('authorization') ?? '';
  const basic = /^Basic\s+(.+)$/i.exec(header)?.[1];
  const secret =
    basic === undefined
      ? header.replace(/^Bearer\s+/i, '')
      : Buffer.from(basic, 'base64').toString().split(':').slice(1).join(':');
  return exchange.user.appPasswords.find((each) => each.secret === secret);
}
