/** One request as the cloud saw it; `demo` and the tests count and inspect them. */
export interface RequestRecord {
  method: string;
  /** The raw request target. */
  path: string;
  status: number;
  user: string | undefined;
  headers: Record<string, string>;
  /** Whether credentials and cookies came along; their values are not kept. */
  authorization: boolean;
  cookie: boolean;
  bytesIn: number;
  bytesOut: number;
}

const kept = [
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

export function keptHeaders(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  const out: Record<string, string> = {};
  for (const name of kept) {
    const value = headers[name];
    if (value !== undefined) out[name] = String(value);
  }
  return out;
}
