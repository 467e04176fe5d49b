/** The embedded Nextcloud. It is part of the package, used by the command `demo` and by the tests. */
export { startEmbeddedNextcloud } from './server.ts';
export type { EmbeddedNextcloud } from './server.ts';
export { EmbeddedFolder } from './store/embedded-folder.ts';
export type { EmbeddedEntry, EmbeddedFileOptions, EmbeddedMarks } from './store/embedded-folder.ts';
export type { EmbeddedOptions, EmbeddedUser, EmbeddedVersion } from './store/options.ts';
export type { RequestRecord } from './http/request-record.ts';
export { contentBytes, joined, zeros } from './store/content.ts';
export type { StoredContent as VirtualContent } from './store/content.ts';
export { lines } from './seed/lines.ts';
export { seed } from './seed/seed.ts';
