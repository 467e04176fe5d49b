import { Readable } from 'node:stream';
import { Dispatcher } from 'undici';

export interface Recorded {
  readonly method: string;
  readonly origin: string;
  readonly path: string;
  readonly destination: string | undefined;
  readonly body: string;
}

/**
 * Stands where the network is: keeps every request and answers as a Nextcloud that has whatever is asked
 * for, so that a call goes on as far as it can.
 */
export class Recorder extends Dispatcher {
  requests: Recorded[] = [];

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    void this.#answer(options, handler);
    return true;
  }

  async #answer(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): Promise<void> {
    const headers = options.headers as Record<string, string>;
    const { method, path } = options;
    const body =
      options.body instanceof Readable
        ? await text(options.body)
        : typeof options.body === 'string'
          ? options.body
          : '';
    const { destination } = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
    );
    this.requests.push({ method, origin: String(options.origin), path, destination, body });
    const [status, type, content] = answerTo(method, path, body, headers['range']);
    const controller = {
      aborted: false,
      paused: false,
      reason: null,
      rawHeaders: [],
      rawTrailers: [],
      abort: () => undefined,
      pause: () => undefined,
      resume: () => undefined,
    } as unknown as Dispatcher.DispatchController;
    handler.onRequestStart?.(controller, {});
    handler.onResponseStart?.(
      controller,
      status,
      {
        'content-type': type,
        'content-length': String(content.length),
        'x-user-id': 'demo',
        'oc-etag': '"0123456789abc"',
        'oc-fileid': '00000007ocabc',
        ...(status === 206 ? { 'content-range': `bytes ${rangeStart(headers['range'])}-11/12` } : {}),
      },
      'OK',
    );
    if (content.length > 0) handler.onResponseData?.(controller, content);
    handler.onResponseEnd?.(controller, {});
  }
}

async function text(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function rangeStart(range: string | undefined): number {
  return Number(/=(\d+)/.exec(range ?? '')?.[1] ?? 0);
}

const files = { undelete: true, versioning: true };
const capable = JSON.stringify({ ocs: { meta: { statuscode: 200 }, data: { capabilities: { files } } } });

function answerTo(
  method: string,
  path: string,
  body: string,
  range: string | undefined,
): [status: number, type: string, body: Buffer] {
  const xml = 'application/xml; charset=utf-8';
  switch (method) {
    case 'PROPFIND':
      // Half of all names are folders, told by their length.
      return [207, xml, multistatus([[path, path.length % 2 === 0 || path.endsWith('/')]])];
    case 'SEARCH':
    case 'REPORT':
      return [
        207,
        xml,
        multistatus(
          /fileid/.test(body) ? [['/nextcloud/remote.php/dav/files/demo/Work/hit.txt', false]] : [],
        ),
      ];
    case 'GET': {
      if (path.includes('/ocs/')) return [200, 'application/json; charset=utf-8', Buffer.from(capable)];
      const start = rangeStart(range);
      const content = Buffer.from('hello world\n');
      return range === undefined
        ? [200, 'text/plain', content]
        : [206, 'text/plain', content.subarray(start)];
    }
    case 'PUT':
    case 'MKCOL':
    case 'MOVE':
    case 'COPY':
      return [201, 'text/html', Buffer.alloc(0)];
    default:
      return [204, 'text/html', Buffer.alloc(0)];
  }
}

function multistatus(entries: readonly (readonly [href: string, folder: boolean])[]): Buffer {
  const responses = entries.map(
    ([href, folder]) =>
      `<d:response><d:href>${href.replaceAll('&', '&amp;').replaceAll("'", '&#39;')}</d:href><d:propstat><d:prop><d:getetag>"0123456789abc"</d:getetag><d:resourcetype>${folder ? '<d:collection/>' : ''}</d:resourcetype><oc:size>12</oc:size><oc:fileid>7</oc:fileid></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>`,
  );
  return Buffer.from(
    `<?xml version="1.0"?><d:multistatus xmlns:d="DAV:" xmlns:oc="http://owncloud.org/ns" xmlns:nc="http://nextcloud.org/ns">${responses.join('')}</d:multistatus>`,
  );
}
