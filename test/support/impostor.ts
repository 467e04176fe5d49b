import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

/** A server that is not a Nextcloud, or not as it should be. */
export interface Impostor {
  readonly url: string;
  /** Method and path of each request, oldest first. */
  readonly requests: string[];
  close(): Promise<void>;
}

export async function startImpostor(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Impostor> {
  const requests: string[] = [];
  const listen: RequestListener = (request, response) => {
    requests.push(`${request.method ?? ''} ${request.url ?? ''}`);
    request.resume();
    answer(request, response);
  };
  const server = createServer(listen);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('the impostor has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    close: async () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Answers everything with one page. */
export function page(
  status: number,
  type: string,
  body: string,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': type });
    response.end(body);
  };
}
