/**
 * Server-side encryption stores a file as a container with this beginning (Nextcloud, apps/encryption/lib/Crypto/
 * Crypt.php). A server that has lost track of that, after a restored database or a new scan, hands the container out.
 */
export const CONTAINER_BEGINNING = Buffer.from('HBEGIN:oc_encryption_module:');

/** @param bytes from the first byte of the file on */
export function isStillEncrypted(bytes: Uint8Array): boolean {
  return CONTAINER_BEGINNING.equals(bytes.subarray(0, CONTAINER_BEGINNING.length));
}
