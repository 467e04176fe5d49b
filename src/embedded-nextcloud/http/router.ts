import type { HttpExchange } from './http-exchange.ts';
import { sendApachePage, sendPage } from './html-pages.ts';

export type Serve = (exchange: HttpExchange) => Promise<void> | void;

interface Route {
  prefix: string;
  serve: Serve;
}

const LONGEST_PATH = 4096;

/** Leads a request to its endpoint, after what Apache would have refused. */
export class EmbeddedRouter {
  readonly #routes: Route[] = [];

  add(prefix: string, serve: Serve): void {
    this.#routes.push({ prefix, serve });
  }

  async route(exchange: HttpExchange): Promise<void> {
    const { path } = exchange;
    // AllowEncodedSlashes is off (Apache core).
    if (/%2f|%00/i.test(path)) {
      sendApachePage(exchange, 404);
      return;
    }
    if (path.length > LONGEST_PATH) {
      sendApachePage(exchange, 403);
      return;
    }
    for (const { prefix, serve } of this.#routes) {
      if (path === prefix || path.startsWith(`${prefix}/`)) {
        await serve(exchange);
        return;
      }
    }
    // An unknown service is no error to remote.php: never test for "2xx".
    if (/^\/remote\.php\/[^/]/.test(path)) sendPage(exchange, 200, 'Path not found.');
    else if (path === '') sendApachePage(exchange, 404);
    else if (path === '/' || path === '/index.php') {
      const { url } = exchange.instance;
      exchange.reply(302, '', { Location: `${url}/index.php/login` });
    } else sendPage(exchange, 404, 'Page not found');
  }
}
