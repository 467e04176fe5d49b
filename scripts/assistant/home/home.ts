import type { EmbeddedNextcloud } from '../../../src/embedded-nextcloud/index.ts';
import { startEmbeddedNextcloud } from '../../../src/embedded-nextcloud/index.ts';
import { putDocuments } from './documents.ts';
import { colleague, Hand, person, stranger } from './hand.ts';
import { putInvoices } from './invoices.ts';
import { putLogs } from './logs.ts';
import { putMail } from './mail.ts';
import { putNotes } from './notes.ts';
import { putPhotos } from './photos.ts';
import { putTables } from './tables.ts';

/** A Nextcloud with the home that all tasks are in, the same each time. */
export async function openHome(): Promise<{ cloud: EmbeddedNextcloud; hand: Hand }> {
  const cloud = await startEmbeddedNextcloud({ users: [person, colleague, stranger] });
  const hand = new Hand(cloud);
  putInvoices(hand);
  putPhotos(hand);
  putMail(hand);
  putLogs(hand);
  putTables(hand);
  putDocuments(hand);
  await putNotes(hand);
  return { cloud, hand };
}
