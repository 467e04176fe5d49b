import type { HttpExchange } from './http-exchange.ts';
import { sendApachePage, sendPage } from './html-pages.ts';

export type Serve = (exchange: HttpExchange) => Promise<void> | void;

interface Route {
  prefix: string;
  serve: Serve;
}

const MAX_PATH_LENGTH = 4096;

/** Routes a request to its endpoint, after the checks that Apache makes. */
export class EmbeddedRouter {
  readonly #routes: Route[] = [];

  add(prefix: string, serve: Serve): void {
    this.#routes.push({ prefix, serve });
  }

  async route(exchange: HttpExchange): Promise<void> {
    const { path } = exchange;
    // Apache's AllowEncodedSlashes is off by default.
    if (/%2f|%00/i.test(path)) {
      sendApachePage(exchange, 404);
      return;
    }
    if (path.length > MAX_PATH_LENGTH) {
      sendApachePage(exchange, 403);
      return;
    }
    for (const { prefix, serve } of this.#routes) {
      if (path === prefix || path.startsWith(`${prefix}/`)) {
        await serve(exchange);
        return;
      }
    }
    // remote.php answers 200 for an unknown service, so clients cannot rely on a 2xx status.
    if (/^\/remote\.php\/[^/]/.test(path)) sendPage(exchange, 200, 'Path not found.');
    else if (path === '') sendApachePage(exchange, 404);
    else if (path === '/' || path === '/index.php') {
      const { url } = exchange.instance;
      exchange.reply(302, '', { Location: `${url}/index.php/login` });
    } else sendPage(exchange, 404, 'Page not found');
  }
}
