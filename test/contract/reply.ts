import assert from 'node:assert/strict';
import { child, parseMultistatus, parseXml } from './xml.ts';
import type { Hit } from './xml.ts';

const classes: Readonly<Record<string, string>> = {
  S: 'Sabre\\DAV\\Exception',
  N: 'OCA\\DAV\\Connector\\Sabre\\Exception',
};

/** An answer with its whole body, and what a case may claim of it. */
export class Reply {
  readonly request: string;
  readonly status: number;
  readonly body: Buffer;
  readonly cookies: readonly string[];
  readonly #headers: ReadonlyMap<string, string>;

  constructor(
    request: string,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
    body: Buffer,
  ) {
    this.request = request;
    this.status = status;
    this.body = body;
    const cookies = headers['set-cookie'] ?? [];
    this.cookies = typeof cookies === 'string' ? [cookies] : cookies;
    this.#headers = new Map(
      Object.entries(headers).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, String(value)] as const],
      ),
    );
  }

  header(name: string): string | undefined {
    return this.#headers.get(name.toLowerCase());
  }

  get text(): string {
    return this.body.toString('utf8');
  }

  /** Checks the status, and hands the answer on. */
  is(...statuses: number[]): this {
    assert.ok(
      statuses.includes(this.status),
      `${this.request}: ${this.status} instead of ${statuses.join(' or ')}: ${this.text.slice(0, 300)}`,
    );
    return this;
  }

  /**
   * A refusal as Sabre writes it.
   *
   * @param exception with `S\` and `N\` for the two usual families
   */
  refused(status: number, exception: string, message?: string | RegExp): this {
    this.is(status);
    const error = parseXml(this.text);
    assert.equal(error.name, 'd:error', `${this.request}: ${this.text.slice(0, 300)}`);
    const [family = '', ...rest] = exception.split('\\');
    const wanted = classes[family] === undefined ? exception : `${classes[family]}\\${rest.join('\\')}`;
    assert.equal(child(error, 's:exception')?.text, wanted, this.request);
    const said = child(error, 's:message')?.text ?? '';
    if (typeof message === 'string') assert.equal(said, message, this.request);
    else if (message) assert.match(said, message, this.request);
    return this;
  }

  /** The entries of a 207. */
  hits(): Hit[] {
    this.is(207);
    assert.match(this.header('content-type') ?? '', /^application\/xml/, this.request);
    return parseMultistatus(this.text);
  }

  json(): unknown {
    assert.match(this.header('content-type') ?? '', /^application\/json/, this.request);
    return JSON.parse(this.text) as unknown;
  }
}
