import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, 'tls');

/** A self-signed certificate for localhost and 127.0.0.1, valid until 2126; its key guards nothing. */
export const certificateFile = join(folder, 'cert.pem');
export const certificate = {
  cert: readFileSync(certificateFile, 'utf8'),
  key: readFileSync(join(folder, 'key.pem'), 'utf8'),
};
