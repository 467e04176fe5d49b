import { gzipSync } from 'node:zlib';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Passage, Spoil } from './fault-proxy.ts';
import { chunked, headerOf, whole } from './wire.ts';
import type { RawAnswer } from './wire.ts';

/** Which requests of a call meet the fault: the first of the tool's own verb, the first of all, or every one. */
export type Hits = 'own' | 'first' | 'every';

export interface Fault {
  readonly name: string;
  readonly hits: Hits;
  /** Absent for a proxy that is not there at all. */
  readonly spoil?: Spoil;
  /** The account is closed afterwards, which is right. */
  readonly closes?: true;
  /** The cloud does the work when the client has stopped waiting for it. */
  readonly late?: true;
  /** Keeps the processor busy, so that it is not run beside others, whose time limits would suffer. */
  readonly heavy?: true;
}

type Change = (answer: RawAnswer, passage: Passage) => RawAnswer;

/** The cloud does the work, and its answer is changed. */
const altered =
  (change: Change): Spoil =>
  async (passage) =>
    passage.answer(change(await passage.forward(), passage));

/** The same for XML only; other answers pass. */
const alteredXml = (change: (xml: string) => string): Spoil =>
  altered((answer) =>
    isXml(answer) ? { ...answer, body: Buffer.from(change(answer.body.toString())) } : answer,
  );

const isXml = (answer: RawAnswer): boolean =>
  answer.status === 207 && header(answer, 'content-type').includes('xml');

function header(answer: RawAnswer, name: string): string {
  return answer.headers.find(([key]) => key.toLowerCase() === name)?.[1] ?? '';
}

function withHeader(answer: RawAnswer, name: string, value?: string): RawAnswer {
  const rest = answer.headers.filter(([key]) => key.toLowerCase() !== name.toLowerCase());
  return { ...answer, headers: value === undefined ? rest : [...rest, [name, value]] };
}

/** An answer instead of the cloud's, which never sees the request. */
const instead =
  (status: number, reason: string, headers: [string, string][] = [], body = ''): Spoil =>
  async (passage) =>
    passage.say(status, reason, headers, body);

/** The cloud does the work, and its answer is lost. */
const afterWork =
  (spoil: Spoil): Spoil =>
  async (passage) => {
    await passage.forward();
    await spoil(passage);
  };

/** The client stops waiting, and the cloud does the work two seconds later. */
const workLate =
  (spoil: Spoil): Spoil =>
  async (passage) => {
    await passage.body();
    passage.late = async () => {
      await sleep(2000);
      await passage.forward();
    };
    await spoil(passage);
  };

const HTML: [string, string][] = [['Content-Type', 'text/html; charset=UTF-8']];
const PAGE = '<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in</body></html>';
const XML: [string, string][] = [['Content-Type', 'application/xml; charset=utf-8']];
const again = (seconds: string): [string, string][] => [['Retry-After', seconds]];

const reset: Spoil = async (passage) => {
  await Promise.resolve();
  passage.reset();
};

const resetInHead: Spoil = async (passage) => {
  const bytes = whole(await passage.forward(), passage.head.method);
  passage.write(bytes.subarray(0, 40));
  await sleep(20);
  passage.reset();
};

/** Half of the body, framed by `head` lines made from the answer, and then `finish`. */
const half =
  (lines: (answer: RawAnswer) => string[], finish: (passage: Passage) => Promise<void> | void): Spoil =>
  async (passage) => {
    const answer = await passage.forward();
    passage.writeHead(answer, ...lines(answer));
    passage.write(answer.body.subarray(0, answer.body.length >> 1));
    await sleep(20);
    await finish(passage);
  };

const rightLength = (answer: RawAnswer): string[] => [`Content-Length: ${Math.max(2, answer.body.length)}`];

const halfChunked =
  (last: boolean): Spoil =>
  async (passage) => {
    const answer = await passage.forward();
    if (answer.status === 204) return passage.answer(answer);
    passage.writeHead(answer, 'Transfer-Encoding: chunked');
    passage.write(chunked(answer.body.subarray(0, answer.body.length >> 1), last));
    passage.end();
  };

const wrongLength =
  (by: number, finish: (passage: Passage) => Promise<void> | void): Spoil =>
  async (passage) => {
    const answer = await passage.forward();
    if (answer.body.length < 10) return passage.answer(answer);
    passage.writeHead(answer, `Content-Length: ${answer.body.length + by}`);
    passage.write(answer.body);
    await finish(passage);
  };

const endOf = (passage: Passage): void => passage.end();
const silenceOf = async (passage: Passage): Promise<void> => passage.silence();

const overlong: Spoil = async (passage) => {
  const answer = await passage.forward();
  if (answer.body.length === 0) return passage.answer(answer);
  passage.writeHead(answer, 'Transfer-Encoding: chunked');
  passage.write(chunked(Buffer.concat([answer.body, Buffer.from('<more>than there is</more>')])));
};

const trickle: Spoil = async (passage) => {
  const bytes = whole(await passage.forward(), passage.head.method);
  const step = Math.ceil(bytes.length / 8);
  for (let at = 0; at < bytes.length; at += step) {
    passage.write(bytes.subarray(at, at + step));
    await sleep(60);
  }
};

const endlessTrickle: Spoil = async (passage) => {
  const answer = await passage.forward();
  passage.over = true;
  passage.writeHead(isXml(answer) ? answer : { ...answer, status: 200 }, 'Transfer-Encoding: chunked');
  while (!passage.client.destroyed) {
    passage.write('1\r\n \r\n');
    await sleep(100);
  }
};

const ENTRY =
  '<d:response><d:href>/remote.php/dav/files/demo/Docs/x%20</d:href><d:propstat><d:prop><d:getetag>"0123456789abc"</d:getetag><d:resourcetype/><oc:size>1</oc:size></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>';

const endless: Spoil = async (passage) => {
  const answer = await passage.forward();
  const xml = isXml(answer);
  passage.over = true;
  passage.writeHead(answer, 'Connection: close');
  if (answer.status === 204) return passage.end();
  passage.write(xml ? answer.body.toString().replace(/<\/d:multistatus>\s*$/, '') : answer.body);
  const piece = Buffer.from((xml ? ENTRY : ' '.repeat(200)).repeat(300));
  for (let sent = 0; sent < 130e6 && !passage.client.destroyed; sent += piece.length) {
    passage.write(piece);
    while (passage.client.writableNeedDrain && !passage.client.destroyed) await sleep(1);
  }
  passage.end();
};

const closeDelimited: Spoil = async (passage) => {
  const answer = await passage.forward();
  const head = [
    `HTTP/1.0 ${answer.status} ${answer.reason}`,
    ...answer.headers.map(([name, value]) => `${name}: ${value}`),
    '',
    '',
  ];
  passage.write(Buffer.concat([Buffer.from(head.join('\r\n'), 'latin1'), answer.body]));
  passage.end();
};

const noRange: Spoil = async (passage) => {
  const { head } = passage;
  const lines = head.lines.filter((line) => !/^(if-)?range:/i.test(line));
  await passage.answer(await passage.forward({ ...head, lines }));
};

const contentRange = (change: (start: number, end: number, size: number) => string): Spoil =>
  altered((answer) => {
    const found = /(\d+)-(\d+)\/(\d+)/.exec(header(answer, 'content-range'));
    const [start = 0, end = 0, size = 0] = (found ?? []).slice(1).map(Number);
    return found ? withHeader(answer, 'Content-Range', change(start, end, size)) : answer;
  });

/** Another user's session, as a proxy that mixes up its clients would hand it out. */
const otherSession: Spoil = async (passage) => {
  const basic = Buffer.from('bob:bob-app-password').toString('base64');
  const theirs = await passage.ask('/ocs/v2.php/cloud/user', [
    `Authorization: Basic ${basic}`,
    'OCS-APIRequest: true',
  ]);
  const cookies = theirs.headers.filter(([name]) => name.toLowerCase() === 'set-cookie');
  const answer = await passage.forward();
  await passage.answer({ ...answer, headers: [...answer.headers, ...cookies] });
};

const cookiesLost: Spoil = async (passage) => {
  const lines = passage.head.lines.filter((line) => !/^cookie:/i.test(line));
  await passage.answer(withHeader(await passage.forward({ ...passage.head, lines }), 'Set-Cookie'));
};

const to = (where: (passage: Passage) => string): Spoil => {
  return async (passage) => passage.say(302, 'Found', [['Location', where(passage)], ...HTML], PAGE);
};

const secondHref = (change: (href: string) => string): Spoil =>
  alteredXml((xml) => {
    const [first = ''] = /<d:response>[\s\S]*?<\/d:response>/.exec(xml) ?? [];
    const copy = first.replace(/<d:href>([^<]*)/, (_, href: string) => `<d:href>${change(href)}`);
    return xml.replace(/<\/d:multistatus>\s*$/, `${copy}</d:multistatus>`);
  });

const bomb = `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">${'bcdefghi'
  .split('')
  .map(
    (name, index) =>
      `<!ENTITY ${name} "${`&${String.fromCharCode('b'.charCodeAt(0) + index - 1)};`.repeat(10)}">`,
  )
  .join('')}]>`;

const withProlog = (prolog: string, text: string): Spoil =>
  alteredXml((xml) => prolog + xml.replace(/<\?xml[^>]*\?>/, '').replace(/<d:href>/, `<d:href>${text}`));

const both = (name: string, spoil: Spoil): Fault[] => [
  { name: `${name}, once`, hits: 'own', spoil },
  { name: `${name}, always`, hits: 'every', spoil },
];
const every = (name: string, spoil: Spoil): Fault => ({ name, hits: 'every', spoil });
const own = (name: string, spoil: Spoil): Fault => ({ name, hits: 'own', spoil });
const late = (name: string, spoil: Spoil): Fault => ({ ...own(name, workLate(spoil)), late: true });

/** What networks, proxies and servers do. */
export const faults: readonly Fault[] = [
  { name: 'connection refused', hits: 'every' },
  ...both('reset before the request was read', reset),
  ...both('reset after the server did the work', afterWork(reset)),
  ...both('reset in the middle of the headers', resetInHead),
  ...both(
    'reset in the middle of the body',
    half(rightLength, (passage) => passage.reset()),
  ),
  ...both('request body cut', async (passage) => {
    await passage.forwardCut();
    passage.reset();
  }),
  ...both('stall before the headers', silenceOf),
  own('stall after the server did the work', afterWork(silenceOf)),
  late('stall, and the work is done late', silenceOf),
  late('reset, and the work is done late', reset),
  late('504, and the work is done late', instead(504, 'Gateway Timeout', HTML, PAGE)),
  ...both('stall in the body', half(rightLength, silenceOf)),
  every('slow trickle', trickle),
  every('endless trickle', endlessTrickle),
  ...both('truncated body, right Content-Length', half(rightLength, endOf)),
  ...both('truncated chunked body', halfChunked(false)),
  ...both('shortened chunked body, neatly ended', halfChunked(true)),
  every('over-long body', overlong),
  every('Content-Length too small', wrongLength(-7, endOf)),
  every('Content-Length too large, then closed', wrongLength(7, endOf)),
  every('Content-Length too large, then silent', wrongLength(7, silenceOf)),
  every('200 and the whole body for a Range', noRange),
  every(
    'Content-Range of another part',
    contentRange((start, end, size) => `bytes ${start + 5}-${end + 5}/${size}`),
  ),
  every(
    'Content-Range with another size',
    contentRange((start, end, size) => `bytes ${start}-${end}/${size + 1}`),
  ),
  ...both('429 with Retry-After', instead(429, 'Too Many Requests', again('1'))),
  ...both('429 without Retry-After', instead(429, 'Too Many Requests')),
  every('429 with a Retry-After of an hour', instead(429, 'Too Many Requests', again('3600'))),
  ...both('503 with Retry-After', instead(503, 'Service Unavailable', again('1'))),
  ...both('503 without Retry-After', instead(503, 'Service Unavailable')),
  own('503 after the server did the work', afterWork(instead(503, 'Service Unavailable'))),
  ...both('423', instead(423, 'Locked')),
  ...both('502 before the work', instead(502, 'Bad Gateway', HTML, PAGE)),
  ...both('502 after the server did the work', afterWork(instead(502, 'Bad Gateway', HTML, PAGE))),
  own('504 before the work', instead(504, 'Gateway Timeout', HTML, PAGE)),
  ...both('504 after the server did the work', afterWork(instead(504, 'Gateway Timeout', HTML, PAGE))),
  own('408 before the work', instead(408, 'Request Timeout')),
  every('507', instead(507, 'Insufficient Storage')),
  ...both('500', instead(500, 'Internal Server Error', XML, '<d:error xmlns:d="DAV:"/>')),
  own('500 after the server did the work', afterWork(instead(500, 'Internal Server Error'))),
  ...both('a web page with status 200', instead(200, 'OK', HTML, PAGE)),
  own('a web page with status 200 after the work', afterWork(instead(200, 'OK', HTML, PAGE))),
  every(
    'a web page with the right status',
    altered((answer) => ({ ...answer, headers: HTML, body: Buffer.from(PAGE) })),
  ),
  every(
    'empty body',
    altered((answer) => ({ ...answer, body: Buffer.alloc(0) })),
  ),
  every('XML with a DTD', withProlog('<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]>', '')),
  every('entity bomb', withProlog(bomb, '&i;')),
  every(
    'XML that is not well-formed',
    alteredXml((xml) => xml.replace('</d:response>', '</d:answer>')),
  ),
  every(
    'XML cut off',
    alteredXml((xml) => xml.slice(0, (xml.length * 2) / 3)),
  ),
  every(
    'XML that is not UTF-8',
    altered((answer) => (isXml(answer) ? { ...answer, body: spoilt(answer.body) } : answer)),
  ),
  { ...every('100 MB of answer', endless), heavy: true },
  every(
    'duplicate hrefs',
    secondHref((href) => href),
  ),
  every(
    'href of another user',
    secondHref(() => '/remote.php/dav/files/bob/secret.txt'),
  ),
  every(
    'href of another host',
    secondHref((href) => `https://evil.example${href}x`),
  ),
  every(
    'href that climbs out',
    secondHref((href) => `${href}../../../bob/secret.txt`),
  ),
  every(
    'href of another folder',
    secondHref(() => '/remote.php/dav/files/demo/Private/x.txt'),
  ),
  every('cookies lost', cookiesLost),
  every('session of another user', otherSession),
  { name: '401 in mid-session', hits: 'own', spoil: instead(401, 'Unauthorized'), closes: true },
  every(
    'redirect to another host',
    to(({ head }) => `http://evil.example${head.target}`),
  ),
  every(
    'redirect to itself',
    to(({ head }) => `http://${headerOf(head, 'host') ?? ''}${head.target}`),
  ),
  every('HTTP/1.0, closed instead of a length', closeDelimited),
  ...both('not HTTP', async (passage) => {
    await passage.body();
    passage.write('SSH-2.0-OpenSSH_9.9\r\n');
    passage.end();
  }),
  every(
    'gzip claimed, not gzipped',
    altered((answer) => withHeader(answer, 'Content-Encoding', 'gzip')),
  ),
  every(
    'gzipped without being asked',
    altered((answer) =>
      answer.body.length === 0
        ? answer
        : { ...withHeader(answer, 'Content-Encoding', 'gzip'), body: gzipSync(answer.body) },
    ),
  ),
  every('endless headers', async (passage) => {
    passage.write('HTTP/1.1 200 OK\r\n');
    for (let sent = 0; sent < 200 && !passage.client.destroyed; sent++)
      passage.write(`X-Filler: ${'x'.repeat(1000)}\r\n`);
    await passage.silence();
  }),
  every('closed after each answer without a word', async (passage) => {
    await passage.answer(await passage.forward());
    passage.end();
  }),
];

function spoilt(body: Buffer): Buffer {
  const at = body.indexOf('<d:response>');
  return Buffer.concat([body.subarray(0, at), Buffer.from([0xc3, 0x28, 0xff]), body.subarray(at)]);
}
