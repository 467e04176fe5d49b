import { encodeQR } from 'qr';

/** A QR code with two rows of modules in each line of text, dark on light in terminals of every color scheme. */
export async function qrCode(text: string): Promise<string> {
  return encodeQR(text, 'ascii', { ecc: 'low', border: 2 }).trimEnd();
}
