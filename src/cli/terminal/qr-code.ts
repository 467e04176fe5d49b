import { encodeQR } from 'qr';

/** Two rows of squares in one of text, dark on light whatever the colours of the terminal are. */
export async function qrCode(text: string): Promise<string> {
  return encodeQR(text, 'ascii', { ecc: 'low', border: 2 }).trimEnd();
}
