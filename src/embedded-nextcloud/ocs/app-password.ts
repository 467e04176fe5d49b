import type { HttpExchange } from '../http/http-exchange.ts';
import type { Authentication } from '../http/authentication.ts';
import type { AppPassword } from '../store/account.ts';
import type { OcsData } from './envelope.ts';
import { OcsError } from './envelope.ts';
import type { OcsRequest, OcsEndpoint } from './endpoint.ts';

/** Creates, revokes and rotates app passwords (core/Controller/AppPasswordController.php). */
export function addAppPasswords(ocs: OcsEndpoint, authentication: Authentication): void {
  ocs.add('GET', /^\/core\/getapppassword$/, ({ exchange }): OcsData => {
    if (currentAppPassword(exchange)) throw new OcsError(403, 'Password confirmation is required');
    return { apppassword: exchange.user.newAppPassword(loginNameFor(exchange)) };
  });
  ocs.add('DELETE', /^\/core\/apppassword$/, ({ exchange }): OcsData => {
    const used = requireAppPassword(exchange);
    const { appPasswords } = exchange.user;
    appPasswords.splice(appPasswords.indexOf(used), 1);
    authentication.endSessions(exchange.user, used.secret);
    return [];
  });
  ocs.add('POST', /^\/core\/apppassword\/rotate$/, ({ exchange }: OcsRequest): OcsData => {
    const used = requireAppPassword(exchange);
    authentication.endSessions(exchange.user, used.secret);
    const fresh = exchange.user.newAppPassword(used.login);
    exchange.user.appPasswords.splice(exchange.user.appPasswords.indexOf(used), 1);
    return { apppassword: fresh };
  });
}

// Before version 30 an app password was created for the user id, not for the login name in use.
function loginNameFor({ instance, user }: HttpExchange): string {
  return instance.major >= 30 ? user.login : user.id;
}

function requireAppPassword(exchange: HttpExchange): AppPassword {
  const used = currentAppPassword(exchange);
  if (!used) throw new OcsError(403, 'no app password in use');
  return used;
}

function currentAppPassword(exchange: HttpExchange): AppPassword | undefined {
  const header = exchange.header('authorization') ?? '';
  const basic = /^Basic\s+(.+)$/i.exec(header)?.[1];
  const secret =
    basic === undefined
      ? header.replace(/^Bearer\s+/i, '')
      : Buffer.from(basic, 'base64').toString().split(':').slice(1).join(':');
  return exchange.user.appPasswords.find((each) => each.secret === secret);
}
