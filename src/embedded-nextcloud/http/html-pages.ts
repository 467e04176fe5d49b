import type { HttpExchange } from './http-exchange.ts';
import { escapeMarkup } from './escape.ts';

/** An HTML page of Nextcloud, e.g. for an unknown address. */
export function sendPage(exchange: HttpExchange, status: number, text: string): void {
  exchange.reply(
    status,
    '<!DOCTYPE html>\n<html class="ng-csp" data-placeholder-focus="false" lang="en" data-locale="en" translate="no" >\n' +
      `\t<head>\n\t\t<meta charset="utf-8">\n\t\t<title>Nextcloud</title>\n\t</head>\n` +
      `\t<body id="body-login">\n\t\t<h2>${escapeMarkup(text)}</h2>\n\t</body>\n</html>\n`,
    { 'Content-Type': 'text/html; charset=UTF-8' },
  );
}

/** The form of the login flow. The person chooses an account without signing in. */
export function sendGrant(exchange: HttpExchange, users: readonly string[]): void {
  const choices = users.map((user) => `<option>${escapeMarkup(user)}</option>`).join('');
  exchange.reply(
    200,
    '<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8"><title>Nextcloud</title></head>\n' +
      '<body style="font: 18px sans-serif; margin: 15vh auto; width: 24em; text-align: center">\n' +
      '<h2>Connect to your account</h2>\n<form method="post">' +
      `<p><select name="user">${choices}</select></p><p><button type="submit">Grant access</button></p>` +
      '</form>\n</body>\n</html>\n',
    { 'Content-Type': 'text/html; charset=UTF-8' },
  );
}

/** An error page of Apache, for requests that do not reach Nextcloud. */
export function sendApachePage(exchange: HttpExchange, status: 403 | 404): void {
  const title = status === 404 ? 'Not Found' : 'Forbidden';
  const text =
    status === 404
      ? 'The requested URL was not found on this server.'
      : "You don't have permission to access this resource.";
  exchange.reply(
    status,
    '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN" "http://www.w3.org/TR/html4/strict.dtd">\n<html><head>\n' +
      `<title>${status} ${title}</title>\n</head><body>\n<h1>${title}</h1>\n<p>${text}</p>\n</body></html>\n`,
    { 'Content-Type': 'text/html; charset=iso-8859-1' },
  );
}
