/** The embedded Nextcloud: shipped with the product, used by `demo` and by the tests. */
export { startEmbeddedNextcloud } from './cloud.ts';
export type { EmbeddedNextcloud } from './cloud.ts';
export { EmbeddedFolder } from './demo-folder.ts';
export type { EmbeddedEntry, EmbeddedFileOptions } from './demo-folder.ts';
export type { EmbeddedOptions, EmbeddedUser, EmbeddedVersion } from './options.ts';
export type { RequestRecord } from './http/record.ts';
export { contentBytes, joined, zeros } from './store/content.ts';
export type { StoredContent as VirtualContent } from './store/content.ts';
export { lines } from './seed/lines.ts';
export { seed } from './seed/seed.ts';
