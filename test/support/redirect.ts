import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A web server that sends every request on to another address, and keeps what it was sent. */
export interface Redirect {
  readonly url: string;
  readonly requests: { readonly method: string; readonly authorization: boolean }[];
  close(): Promise<void>;
}

export async function startRedirect(location: (path: string) => string): Promise<Redirect> {
  const requests: Redirect['requests'] = [];
  const server = createServer((incoming, response) => {
    const { method = '', url = '', headers } = incoming;
    requests.push({ method, authorization: headers.authorization !== undefined });
    incoming.resume();
    incoming.on('end', () => response.writeHead(301, { location: location(url) }).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
