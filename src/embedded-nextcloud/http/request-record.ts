/** A request as the server received it. The command `demo` shows them, and tests inspect them. */
export interface RequestRecord {
  method: string;
  /** The raw request target. */
  path: string;
  status: number;
  user: string | undefined;
  headers: Record<string, string>;
  /** Whether the request had credentials and cookies. Their values are not recorded. */
  authorization: boolean;
  cookie: boolean;
  bytesIn: number;
  bytesOut: number;
}

const recorded = [
  'accept',
  'accept-encoding',
  'content-length',
  'content-type',
  'depth',
  'destination',
  'if',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'oc-checksum',
  'oc-total-length',
  'ocs-apirequest',
  'overwrite',
  'prefer',
  'range',
  'transfer-encoding',
  'user-agent',
  'x-nc-paginate',
  'x-nc-webdav-auto-mkcol',
  'x-oc-ctime',
  'x-oc-mtime',
  'x-request-id',
];

export function recordedHeaders(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  const out: Record<string, string> = {};
  for (const name of recorded) {
    const value = headers[name];
    if (value !== undefined) out[name] = String(value);
  }
  return out;
}
